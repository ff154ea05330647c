import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Mailer } from './mailer.ts'
import { message } from './message.ts'

export type OutboxOptions = {
  readonly folder: string
  readonly from: string
  /** Told of each file, never of what stands in it. */
  readonly onWritten: (file: string) => void
  readonly now?: () => number
}

/** Personal text in clear is kept for a day at most. */
const KEPT_MS = 24 * 60 * 60_000

const removeOld = async (folder: string, before: number): Promise<void> => {
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.eml')) continue
    const file = join(folder, name)
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: before }))
    if (mtimeMs < before) await rm(file, { force: true })
  }
}

/**
 * Mail into files (`.eml`), for a platform without a mail server: only who runs it can read them. Each mail also takes
 * away those that are older than a day.
 */
export const outboxMailer = ({ folder, from, onWritten, now = Date.now }: OutboxOptions): Mailer => {
  const load = async () => (await import('nodemailer')).createTransport({ streamTransport: true, buffer: true })
  // Loaded with the first mail: it takes 6 MiB.
  let composer: ReturnType<typeof load> | undefined
  return {
    send: async (mail) => {
      composer ??= load()
      const { message: bytes } = await (await composer).sendMail(message(from, mail))
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await removeOld(folder, now() - KEPT_MS)
      const file = join(folder, `${now()}-${mail.accountId}-${randomUUID()}.eml`)
      await writeFile(file, bytes as Buffer, { mode: 0o600, flag: 'wx' })
      onWritten(file)
    },
    forget: async (accountId) => {
      const names = await readdir(folder).catch(() => [])
      const own = names.filter((name) => name.split('-')[1] === accountId)
      await Promise.all(own.map((name) => rm(join(folder, name), { force: true })))
    },
    close: async () => (await composer)?.close(),
  }
}
