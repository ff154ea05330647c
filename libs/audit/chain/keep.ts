import { journalTopic } from '#libs/journal/families.ts'
import type { Log } from '#libs/journal/log.ts'
import { ObjectExists, type ObjectStore } from '#libs/journal/objects.ts'
import { readRange } from '#libs/journal/read-range.ts'
import { noRecords, withRecord } from './digest.ts'
import { digestOf, type Head, headSequences, type Place, readHead, type Sealing, writeHead } from './heads.ts'

export type ChainOptions = {
  readonly log: Log
  readonly logId: string
  readonly objects: ObjectStore
  readonly sealing: Sealing
  readonly now?: () => number
}

/** The head that was written last is not one that the platform signed: nothing is built on it. */
export class HeadInvalid extends Error {
  readonly code = 'audit.head_invalid'
}

/**
 * Writes the next head of a partition, on from the one before. A head is a function of the journal and its number, and
 * none is ever overwritten: of two processes at once one writes, and the other leaves it be.
 * @returns undefined where nothing has been appended since, or another process was first. Throws `HeadInvalid`.
 */
export const keepHead = async (options: ChainOptions, place: Place): Promise<Head | undefined> => {
  const { log, logId, objects, sealing, now = Date.now } = options
  const newest = (await headSequences(objects, logId, place)).at(-1)
  const last = newest === undefined ? undefined : await readHead(objects, sealing, logId, place, newest)
  if (last?.kind === 'invalid') throw new HeadInvalid(`head ${newest} of ${place.family}-${place.partition}`)
  const topic = journalTopic(place.family)
  const end = (await log.bounds(topic))[place.partition]?.end ?? 0
  let digest = last ? digestOf(last.head) : noRecords
  if (end <= digest.offset + 1) return undefined
  await readRange(log, { topic, partition: place.partition, from: digest.offset + 1, end }, (records) => {
    digest = records.reduce(withRecord, digest)
  })
  try {
    return await writeHead(objects, sealing, logId, place, last, digest, now())
  } catch (error) {
    if (error instanceof ObjectExists) return undefined
    throw error
  }
}
