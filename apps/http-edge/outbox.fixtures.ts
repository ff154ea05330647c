import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '#libs/testing/until.ts'

/** Mail as it was written into the outbox, the text with its lines put together again (quoted-printable). */
const decoded = (text: string): string =>
  text
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString())

/** Reads mails of a platform without a mail server, in the order in which they were written. */
export const outboxOf = (data: string) => {
  const folder = join(data, 'outbox')
  const all = async (): Promise<readonly string[]> => {
    const names = (await readdir(folder).catch(() => [])).sort()
    return Promise.all(names.map(async (name) => decoded(await readFile(join(folder, name), 'utf8'))))
  }
  const to = async (address: string): Promise<readonly string[]> =>
    (await all()).filter((mail) => new RegExp(`^To: ${address.replaceAll('.', '\\.')}\\r?$`, 'm').test(mail))

  return {
    all,
    /** Waits until there are so many mails to an address. @returns the last of them */
    last: async (address: string, count: number): Promise<string> => {
      await until(async () => (await to(address)).length >= count, { what: `${count} mails to ${address}` })
      return (await to(address)).at(-1) ?? ''
    },
    count: async (address: string): Promise<number> => (await to(address)).length,
  }
}

/** The secret at the end of the link in a mail. */
export const secretIn = (mail: string): string => {
  const secret = /#[a-z-]+=([A-Za-z0-9_-]{43})\s/.exec(mail)?.[1]
  assert.ok(secret, 'the mail has a link')
  return secret
}
