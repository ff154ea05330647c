import { setTimeout as sleep } from 'node:timers/promises'
import { journalTopic } from '#libs/journal/families.ts'
import type { Log, Offset } from '#libs/journal/log.ts'
import type { CommittedReader, TransactionalLog } from '#libs/journal/publisher.ts'
import type { PublicTopic } from '../public-topic.ts'
import { newestOf } from '../relay/read-back.ts'
import { decodeState, type RelayState } from '../relay/state.ts'
import { positionCodec } from '../streams/position.ts'
import { committedEnd } from '../streams/topic-reader.ts'
import { positionsTopic } from '../topic-settings.ts'

/** By public topic, a position of its stream behind which everything is in the integrator's topic too. */
export type TakenUp = ReadonlyMap<PublicTopic['topic'], string>

type Parts = { readonly log: Pick<Log, 'bounds'>; readonly transactions: Pick<TransactionalLog, 'committed'> }

/** A partition on which nothing happens begins a transaction a second. */
const PATIENCE_MS = 15_000
const ASK_AGAIN_MS = 250

/** None where nothing has ever run. */
const partitionsOf = ({ log }: Parts): Promise<number> =>
  log.bounds(journalTopic('channel')).then(
    (bounds) => bounds.length,
    () => 0,
  )

/** Where every partition stands; undefined for one of which nothing was written yet. */
const statesOf = async (reader: CommittedReader, partitions: number): Promise<readonly (RelayState | undefined)[]> => {
  const states: (RelayState | undefined)[] = []
  for (let partition = 0; partition < partitions; partition++) {
    const newest = await newestOf(reader, positionsTopic, partition, `channel.${partition}`)
    states.push(newest && decodeState(newest.value))
  }
  return states
}

/**
 * Waits until the relay publishes every partition with the grants of this revision, or with later ones. From then on
 * nothing is left out; of what came before, nothing is brought.
 * @returns undefined where the relay has not taken them up within `patienceMs`: none runs, or it waits for an engine
 */
export const untilTakenUp = async (
  parts: Parts,
  revision: Offset,
  topics: readonly PublicTopic['topic'][],
  patienceMs: number = PATIENCE_MS,
): Promise<TakenUp | undefined> => {
  const deadline = performance.now() + patienceMs
  const reader = await parts.transactions.committed()
  try {
    for (;;) {
      const states = await statesOf(reader, await partitionsOf(parts))
      const logId = states[0]?.position.logId
      if (logId !== undefined && states.every((state) => state !== undefined && state.grants >= revision))
        return positionsBehind(parts, logId, topics)
      if (performance.now() > deadline) return undefined
      await sleep(ASK_AGAIN_MS)
    }
  } finally {
    await reader.close()
  }
}

const positionsBehind = async (
  parts: Parts,
  logId: string,
  topics: readonly PublicTopic['topic'][],
): Promise<TakenUp> => {
  const ends = topics.map(async (topic) => {
    const offsets = await committedEnd({ topic, ...parts })
    return [topic, positionCodec(logId, topic, offsets.length).encode(offsets)] as const
  })
  return new Map(await Promise.all(ends))
}
