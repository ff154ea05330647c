import type { Encoded } from '#libs/contracts/codecs.ts'
import { encodeEntry } from '#libs/journal/envelope.ts'
import { type Family, families, journalTopic } from '#libs/journal/families.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Instant } from '#libs/journal/log.ts'
import { memoryLog } from '#libs/journal/memory/log.ts'
import type { Outcome } from '#libs/journal/outcome.ts'
import { openJournalReader } from '#libs/journal/reader/journal-reader.ts'
import type { Place } from './positions.ts'
import type { OpenReader } from './share.ts'

export const logId = 'log-of-tests'

/** What a test says of a record; the rest is made up. */
export type Written = {
  readonly key: string
  readonly events?: readonly Encoded[]
  readonly outcome?: Outcome
  readonly commandId?: string
  readonly principal?: string
  readonly at?: number
  readonly traceparent?: string
  readonly impersonator?: string
}

/** A journal of every family in memory, written as one owner would, read by the real reader. */
export const journalFixture = async (partitions = 2, now: () => Instant = Date.now) => {
  const log = memoryLog({ now })
  const appender = await log.appender()
  const places: Place[] = []
  const last = new Map<string, number>()
  for (const family of families) {
    await log.createTopic(journalTopic(family), { partitions, replication: 1, config: {} })
    for (let partition = 0; partition < partitions; partition++) {
      places.push({ family, partition })
      const claim = { kind: 'claim', nonce: '1', owner: 'tests', stateVersion: 1, logId, partitions } as const
      await appender.append(journalTopic(family), partition, [encodeEntry(claim)])
    }
  }
  const openReader: OpenReader = (options) => openJournalReader({ ...options, log, logId })

  /** Appends one record for each, in one batch. @returns the token of the last. */
  const write = async (family: Family, partition: number, records: readonly Written[]): Promise<string> => {
    let n = last.get(`${family}.${partition}`) ?? 0
    await appender.append(
      journalTopic(family),
      partition,
      records.map((record) => {
        n++
        return encodeEntry({
          kind: 'outcome',
          claim: 0,
          n,
          at: record.at ?? 1_780_000_000_000 + n,
          key: record.key,
          commandOffset: n,
          commandId: record.commandId ?? uuidv7(),
          commandType: 'Test',
          principal: record.principal ?? '1',
          origin: 'tests',
          stateVersion: 1,
          fingerprint: '',
          outcome: record.outcome ?? { kind: 'accepted', events: record.events ?? [], summary: {} },
          ...(record.traceparent !== undefined && { traceparent: record.traceparent }),
          ...(record.impersonator !== undefined && { impersonator: record.impersonator }),
        })
      }),
    )
    last.set(`${family}.${partition}`, n)
    return `${family}.${partition}.${n}`
  }

  return { log, places, openReader, write }
}

export type JournalFixture = Awaited<ReturnType<typeof journalFixture>>
