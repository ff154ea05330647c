import { codecs } from '#libs/contracts/codecs.ts'
import type { Sealed } from '#libs/contracts/sealed.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Log } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { positionToken } from '#libs/journal/outcome.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { type AsOf, type StateAtOptions, stateAt } from '#libs/journal/snapshots/state-at.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'
import { channelDecider } from '../decider.ts'
import { modesShown } from '../edge-view.ts'
import type { Moment, PastChannel } from '../past.ts'
import type { Channel } from '../state.ts'
import { pastCasework, pastMarks, pastMember } from './casework.ts'

export type ReplaySource = { readonly log: Log; readonly meta: Meta; readonly objects: ObjectStore }

/** A channel as it was, as it may be kept: what a person wrote is sealed still. */
export type FoundChannel = Omit<PastChannel, 'topic'> & {
  readonly topic: { readonly subject: string; readonly eventId: string; readonly sealed: string } | null
}

export type Replayed = { readonly kind: 'found'; readonly found: FoundChannel } | { readonly kind: 'none' | 'far' }

const rules = { decider: channelDecider, codecs: codecs.channel }

/**
 * A channel as it was, replayed from the nearest snapshot; `far` where more than `mostRecords` would have to be read.
 * Throws `http.as_of_out_of_reach` for a moment that has not come, or that the journal has lost.
 */
export const replayChannel = async (
  { log, meta, objects }: ReplaySource,
  channelId: string,
  moment: Moment,
  options: Pick<StateAtOptions<Channel, never, never>, 'mostRecords' | 'onProgress' | 'signal'>,
): Promise<Replayed> => {
  const partition = partitionOf(channelId, meta.partitions.channel)
  const asOf = asOfMoment(moment, partition)
  const at = { log, objects, logId: meta.logId, rules, partition, key: channelId, asOf }
  const answer = await stateAt({ ...at, ...options })
  if (answer.kind === 'far') return { kind: 'far' }
  if (answer.kind !== 'state') throw new HttpProblem('http.as_of_out_of_reach', { detail: { kind: answer.kind } })
  const { state, n } = answer
  const { ownerId, topic, slowModeSeconds, roles, timeouts, modes, closed, seq, moderationSeq } = state
  if (ownerId === undefined) return { kind: 'none' }
  return {
    kind: 'found',
    found: {
      at: answer.at,
      position: positionToken({ family: 'channel', partition, n }),
      ownerId,
      topic: topic ? { ...topic, sealed: topic.sealed.toString('base64') } : null,
      slowModeSeconds,
      ...(moment.member === undefined
        ? {
            roles: [...roles].map(([accountId, role]) => ({ accountId, role })),
            timeouts: [...timeouts.until].map(([accountId, until]) => ({ accountId, until })),
            marks: pastMarks(state),
            member: null,
          }
        : { roles: [], timeouts: [], marks: [], member: pastMember(state, moment.member) }),
      closed,
      modes: modesShown(modes),
      casework: pastCasework(state),
      seq,
      moderationSeq,
    },
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

/** With the topic in clear; one of somebody who was erased since is nobody's to show. */
export const openFound = async (
  { topic, ...found }: FoundChannel,
  keys: Pick<PersonalKeys, 'prefetch' | 'open'>,
): Promise<PastChannel> => {
  if (!topic) return { ...found, topic }
  await keys.prefetch([topic.subject])
  const sealed = Buffer.from(topic.sealed, 'base64') as Sealed
  return { ...found, topic: keys.open(topic.subject, topic.eventId, 'topic', sealed) || null }
}
