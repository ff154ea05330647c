import { setTimeout as sleep } from 'node:timers/promises'
import { withBackoff } from '#libs/journal/backoff.ts'
import type { Family } from '#libs/journal/families.ts'
import type { Instant } from '#libs/journal/log.ts'
import { LogError } from '#libs/journal/log-error.ts'
import type { OutcomeRecord, Position } from '#libs/journal/outcome.ts'
import type { CommittedReader, PublishedBatch, Publisher, TransactionalLog } from '#libs/journal/publisher.ts'
import type { JournalReader } from '#libs/journal/reader.ts'
import { isTransient, redacted } from '#libs/readmodel/errors.ts'
import { createLane } from '#libs/readmodel/lane.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { continueStage } from '#libs/telemetry/trace.ts'
import { positionsTopic } from '../topic-settings.ts'
import type { FollowedGrants } from './follow-grants.ts'
import { topicsOf, withGrants } from './grants.ts'
import { createPace } from './pace.ts'
import type { preparer } from './prepare.ts'
import { newestOf } from './read-back.ts'
import { beforeFirst, decodeState, encodeState, RelayPositionMissing, type RelayState, startOf } from './state.ts'
import { type Outgoing, type Reading, turn } from './turn.ts'

const BATCH_OUTCOMES = 500
/** Where nothing is to be published the position is written down after so many outcomes: they would be read again. */
const UNSAVED_OUTCOMES = 5_000
const RETRY_MS = { first: 50, most: 2_000 }
/** Who was ended by another goes on only if it still has the partition after this long, lest both take turns. */
const FENCED_MS = { least: 1_000, spread: 2_000 }
const STEADY_MS = 30_000
/** An engine that does not answer is not waited for at the end: what was left open is aborted at the next takeover. */
const GOODBYE_MS = 1_500

export type PartitionOptions = {
  readonly family: Family
  readonly partition: number
  readonly logId: string
  /** Public topics that the partition is published to. */
  readonly topics: readonly string[]
  readonly transactions: TransactionalLog
  readonly reader: Pick<JournalReader, 'read' | 'stop'>
  readonly prepare: ReturnType<typeof preparer>
  readonly grants: Pick<FollowedGrants, 'current' | 'caughtUp'>
  readonly retentionMs: number
  readonly brokerTime: () => Promise<Instant>
  readonly logger: Logger
}

/** One partition of a journal on its way to public topics, from `relayPartition` until `close`. */
export type RelayedPartition = {
  /** Whether it has been taken over and reads. */
  readonly running: () => boolean
  /** What the reader hands on. Resolves when there is room for more. */
  readonly take: (outcomes: readonly OutcomeRecord[], to: Position) => Promise<void>
  /** Other grants are in effect: what comes next is published with them. */
  readonly regrant: () => void
  /** Ends this attempt; another begins. */
  readonly fail: (error: Error) => void
  /** Publishes what it has, and lets go. */
  readonly close: () => Promise<void>
}

/** A run of outcomes and the position behind it; one without is a reason to write down which grants are in effect. */
type Entry = { readonly outcomes: readonly OutcomeRecord[]; readonly to?: Position }

type Attempt = {
  readonly take: RelayedPartition['take']
  readonly regrant: RelayedPartition['regrant']
  readonly fail: (error: unknown) => void
  readonly idle: () => Promise<void>
}

const within = (ms: number, work: Promise<void> | undefined): Promise<void> =>
  Promise.race([work ?? Promise.resolve(), sleep(ms, undefined, { ref: false })])

/** Runs of at most so many outcomes, each with the position behind it. */
const inRuns = (outcomes: readonly OutcomeRecord[], to: Position): readonly Entry[] => {
  const runs: Entry[] = []
  for (let from = 0; from < outcomes.length; from += BATCH_OUTCOMES) {
    const run = outcomes.slice(from, from + BATCH_OUTCOMES)
    const last = run.at(-1)
    const isLast = from + BATCH_OUTCOMES >= outcomes.length
    runs.push({
      outcomes: run,
      to: isLast || !last ? to : { logId: to.logId, offset: last.offset, claim: last.claim, n: last.n },
    })
  }
  return runs
}

/**
 * Publishes a partition, exactly once for readers of what is committed: the records and the position behind them are one
 * transaction, and only a position read back from there is resumed from. On any error the publisher is thrown away and
 * everything begins anew: opening another aborts what was left open and refuses whoever else wrote, so what is read back
 * then is what stands.
 */
export const relayPartition = (options: PartitionOptions): RelayedPartition => {
  const { family, partition, logId, topics, transactions, reader, prepare, grants, retentionMs, logger } = options
  const key = `${family}.${partition}`
  const closing = new AbortController()
  let current: Attempt | undefined

  const assertNothingPublished = async (committed: CommittedReader): Promise<void> => {
    for (const topic of [...topics, ...topicsOf(grants.current())])
      if (await newestOf(committed, topic, partition))
        throw new RelayPositionMissing(`${topic}/${partition} holds events, and ${positionsTopic} has no position`)
  }

  const resume = async (): Promise<RelayState> => {
    const committed = await transactions.committed()
    try {
      // Whoever published here before is refused by now: what it knew of grants was written before. All topics are there then.
      await grants.caughtUp(committed)
      const newest = await newestOf(committed, positionsTopic, partition, key)
      if (!newest) await assertNothingPublished(committed)
      return newest ? decodeState(newest.value) : beforeFirst(logId)
    } finally {
      await committed.close()
    }
  }

  /**
   * Before when public topics keep nothing. By the broker's clock, which removes what is older: by one of this machine that
   * is days ahead, what is left out here would be left out for ever.
   */
  const openOldestKept = async (): Promise<() => Instant> => {
    const broker = await options.brokerTime()
    const toldAt = performance.now()
    return () => broker + (performance.now() - toldAt) - retentionMs
  }

  const publish = async (publisher: Publisher, outgoing: readonly Outgoing[], state: RelayState): Promise<void> => {
    const batches: PublishedBatch[] = [...Map.groupBy(outgoing, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
      topic,
      partition,
      records: ofTopic.map(({ record }) => record),
    }))
    const position = { key: Buffer.from(key), value: encodeState(state) }
    const started = performance.now()
    await publisher.send([...batches, { topic: positionsTopic, partition, records: [position] }])
    await publisher.commit()
    meters().stageSeconds.record((performance.now() - started) / 1_000, { stage: 'publish' })
    for (const { topic, records } of batches) meters().published.add(records.length, { topic })
  }

  /** Runs until it fails or is told to end. */
  const attempt = async (publisher: Publisher, failed: PromiseWithResolvers<never>, signal: AbortSignal) => {
    let state = await resume()
    const oldestKept = await openOldestKept()
    let reading: Reading = { reached: startOf(state), blocked: new Set() }
    let unsaved = 0
    let toldOfAge = false

    const handle = async (entries: readonly Entry[]): Promise<void> => {
      const outcomes = entries.flatMap((entry) => entry.outcomes)
      const to = entries.findLast((entry) => entry.to)?.to ?? reading.reached
      const stages = outcomes.map(({ traceparent }) => continueStage('publish', traceparent))
      try {
        const oldest = oldestKept()
        if (!toldOfAge && (outcomes[0]?.at ?? oldest) < oldest) {
          toldOfAge = true
          logger.info({ key, before: new Date(oldest) }, 'what public topics would not keep any more is left out')
        }
        const run = await withBackoff(() => prepare(outcomes, oldest), {
          retryable: isTransient,
          onRetry: (error, delayMs) => logger.warn({ key, error: redacted(error), delayMs }, 'waiting for the vault'),
          signal,
        })
        // From here to what is sent nothing else runs: the records and the revision beside them are of the same grants.
        const granted = grants.current()
        const next = turn(state, reading, run, to)
        const nextState = { ...next.state, grants: granted.revision }
        unsaved += outcomes.length
        const same = next.state.parked.size === 0 && state.parked.size === 0 && granted.revision === state.grants
        if (next.outgoing.length > 0 || !same || unsaved >= UNSAVED_OUTCOMES) {
          await publish(publisher, withGrants(granted, next.outgoing), nextState)
          unsaved = 0
        }
        for (const parked of next.parked) {
          meters().alarms.add(1, { code: 'relay.parked' })
          logger.error({ family, partition, ...parked }, 'an event cannot be published; its channel stands still')
        }
        state = nextState
        reading = next.reading
      } finally {
        for (const stage of stages) stage.end()
      }
    }

    const pace = createPace()
    const lane = createLane<Entry>({
      handle,
      sizeOf: ({ outcomes }) => outcomes.length,
      batchSize: BATCH_OUTCOMES,
      paceMs: pace.ms,
      onError: failed.reject,
      signal,
    })
    signal.throwIfAborted()
    current = {
      take: async (outcomes, to) => {
        pace.took(outcomes.length)
        for (const run of inRuns(outcomes, to)) await lane.push(run)
      },
      regrant: () => void lane.push({ outcomes: [] }),
      fail: failed.reject,
      idle: lane.idle,
    }
    if (grants.current().revision !== state.grants) current.regrant()
    reader.read(family, partition, startOf(state))
    logger.info({ family, partition, ...state.position, parked: state.parked.size }, 'publishes')
    await failed.promise
  }

  const once = async (): Promise<void> => {
    const failed = Promise.withResolvers<never>()
    // Whoever fails first is heard; nobody may be waiting any more.
    failed.promise.catch(() => {})
    const ending = new AbortController()
    const end = () => failed.reject(new LogError('log.closed', 'the partition is let go'))
    closing.signal.addEventListener('abort', end, { once: true })
    const publisher = await transactions.publisher(`whiply.relay.${key}`)
    try {
      if (closing.signal.aborted) return
      await attempt(publisher, failed, ending.signal)
    } finally {
      closing.signal.removeEventListener('abort', end)
      reader.stop(family, partition)
      const left = current
      current = undefined
      ending.abort()
      await left?.idle()
      await publisher.close()
    }
  }

  const run = async (): Promise<void> => {
    for (let delayMs = RETRY_MS.first; !closing.signal.aborted; delayMs = Math.min(delayMs * 2, RETRY_MS.most)) {
      const started = performance.now()
      try {
        await once()
      } catch (error) {
        if (closing.signal.aborted) return
        if (performance.now() - started > STEADY_MS) delayMs = RETRY_MS.first
        const fenced = error instanceof LogError && error.code === 'log.fenced'
        const pauseMs = fenced ? FENCED_MS.least + Math.random() * FENCED_MS.spread : delayMs
        const code = error instanceof RelayPositionMissing ? error.code : 'relay.failed'
        if (!fenced) meters().alarms.add(1, { code })
        logger.warn({ family, partition, error: redacted(error), pauseMs }, 'takes the partition over again')
        await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => {})
      }
    }
  }
  const running = run()

  return {
    running: () => current !== undefined,
    take: async (outcomes, to) => {
      if (outcomes.length > 0) await current?.take(outcomes, to)
    },
    regrant: () => current?.regrant(),
    fail: (error) => current?.fail(error),
    close: async () => {
      reader.stop(family, partition)
      await within(GOODBYE_MS, current?.idle())
      closing.abort()
      await within(GOODBYE_MS, running)
    },
  }
}
