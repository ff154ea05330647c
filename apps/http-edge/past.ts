import { channelDecider } from '#libs/channel/decider.ts'
import type { ChannelEdge, Moment } from '#libs/channel/http/edge.ts'
import type { Channel } from '#libs/channel/state.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Log } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import { type ObjectStore, ObjectStoreError } from '#libs/journal/objects.ts'
import { positionToken } from '#libs/journal/outcome.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { type AsOf, stateAt } from '#libs/journal/snapshots/state-at.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'

export type PastOptions = {
  readonly log: Log
  readonly meta: Meta
  readonly objects: ObjectStore
  readonly keys: Pick<PersonalKeys, 'prefetch' | 'open'>
  /** Replays at once; an audit that finds more under way is told to come again. */
  readonly concurrency?: number
  readonly timeoutMs?: number
}

const rules = { decider: channelDecider, codecs: codecs.channel }

/**
 * A channel as it was, replayed from the nearest snapshot. Throws `platform.busy`, `platform.unavailable` where the object
 * store is away, and `http.as_of_out_of_reach` for a moment that is too far from a snapshot or has not come.
 */
export const createPast = (options: PastOptions): ChannelEdge['past'] => {
  const { log, meta, objects, keys, concurrency = 2, timeoutMs = 10_000 } = options
  let running = 0
  return async (channelId, moment) => {
    const partition = partitionOf(channelId, meta.partitions.channel)
    const asOf = asOfMoment(moment, partition)
    if (running >= concurrency) throw new HttpProblem('platform.busy')
    running++
    try {
      const found = await stateAt({
        log,
        objects,
        logId: meta.logId,
        rules,
        partition,
        key: channelId,
        asOf,
        signal: AbortSignal.timeout(timeoutMs),
      })
      if (found.kind !== 'state') throw new HttpProblem('http.as_of_out_of_reach', { detail: { kind: found.kind } })
      const { state, at, n } = found
      if (state.ownerId === undefined) return undefined
      const position = positionToken({ family: 'channel', partition, n })
      return { at, position, ownerId: state.ownerId, topic: await topicOf(state, keys), ...shown(state) }
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) throw error
      throw new HttpProblem('platform.unavailable', { message: 'The object store is away.', cause: error })
    } finally {
      running--
    }
  }
}

const asOfMoment = (moment: Moment, partition: number): AsOf => {
  if ('at' in moment) return { time: moment.at }
  const [, given, n] = moment.position.split('.')
  if (Number(given) === partition) return { n: Number(n) }
  throw new HttpProblem('http.invalid_request', {
    violations: [{ at: 'query/as-of', message: 'is a position of another channel' }],
  })
}

/** A topic of somebody who was erased since is nobody's to show. */
const topicOf = async ({ topic }: Channel, keys: PastOptions['keys']): Promise<string | null> => {
  if (!topic) return null
  await keys.prefetch([topic.subject])
  return keys.open(topic.subject, topic.eventId, 'topic', topic.sealed) || null
}

const shown = ({ slowModeSeconds, roles, timeouts, seq, moderationSeq }: Channel) => ({
  slowModeSeconds,
  roles: [...roles].map(([accountId, role]) => ({ accountId, role })),
  timeouts: [...timeouts.until].map(([accountId, until]) => ({ accountId, until })),
  seq,
  moderationSeq,
})
