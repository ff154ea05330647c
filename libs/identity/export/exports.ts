import { HttpProblem } from '#libs/http/problem.ts'
import type { ReplyStream } from '#libs/http/route.ts'
import type { PersonalFile } from '#libs/readmodel/personal-data/file.ts'
import { writeArchive } from './archive.ts'
import { type Certificate, certificateOf } from './certificate.ts'

/** All that is kept about people, as every context knows its own. */
export type PersonalSource = {
  readonly files: readonly PersonalFile[]
  /** Channels that are somebody's. */
  readonly channelsOf: (accountId: string) => Promise<readonly string[]>
  /** How far each read model has come, by partition. */
  readonly positions: () => Promise<Readonly<Record<string, readonly string[]>>>
  /** What is in no file, and why. */
  readonly notIncluded: Readonly<Record<string, string>>
}

export type Exports = {
  /** Throws `platform.busy` where enough archives are being made here. */
  readonly checkRoom: () => void
  /** The archive of an account. */
  readonly archiveOf: (accountId: string, askedBy: 'the person' | 'staff') => ReplyStream
  /** What an erasure does to all that would be in one. */
  readonly certificate: Certificate
}

/** At once in a process: each has a page in memory, and asks the read models without pause. */
const MOST = 3

export const archiveType = 'application/zip'

export const createExports = (source: PersonalSource, now: () => number = Date.now): Exports => {
  let running = 0

  const about = async (accountId: string, askedBy: string, channelIds: readonly string[]) => ({
    account: accountId,
    channels: channelIds,
    madeAt: new Date(now()).toISOString(),
    askedBy,
    positions: await source.positions(),
    notIncluded: source.notIncluded,
  })

  return {
    certificate: certificateOf(source.files),
    checkRoom: () => {
      if (running >= MOST) throw new HttpProblem('platform.busy')
    },
    archiveOf: (accountId, askedBy) => ({
      contentType: archiveType,
      run: async (response) => {
        // Between the look for room and this others may have come.
        if (running >= MOST) throw new HttpProblem('platform.busy')
        running += 1
        try {
          const channelIds = await source.channelsOf(accountId)
          const told = await about(accountId, askedBy, channelIds)
          await writeArchive(response, source.files, { accountId, channelIds }, told)
        } finally {
          running -= 1
        }
      },
    }),
  }
}
