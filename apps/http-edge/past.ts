import type { ChannelEdge, Moment, PastChannel } from '#libs/channel/http/edge.ts'
import { type Channel, evolve, initial } from '#libs/channel/state.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Log } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import { type OutcomeRecord, positionToken } from '#libs/journal/outcome.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { openJournalReader } from '#libs/journal/reader/journal-reader.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'

export type PastOptions = {
  readonly log: Log
  readonly meta: Meta
  readonly keys: Pick<PersonalKeys, 'prefetch' | 'open'>
  /** Replays at once; an audit that finds more under way is told to come again. */
  readonly concurrency?: number
  readonly timeoutMs?: number
}

type Replayed = { readonly channel: Channel; readonly record: OutcomeRecord | undefined }

/** A channel as it was, by replay of its partition up to the moment. Throws `platform.busy`, `platform.timeout`. */
export const createPast = (options: PastOptions): ChannelEdge['past'] => {
  const { keys, concurrency = 2 } = options
  let running = 0
  return async (channelId, moment) => {
    if (running >= concurrency) throw new HttpProblem('platform.busy')
    running++
    try {
      const { channel, record } = await replay(options, channelId, moment)
      if (channel.ownerId === undefined || !record) return undefined
      return await shown(channel, channel.ownerId, record, keys)
    } finally {
      running--
    }
  }
}

const replay = async (
  { log, meta, timeoutMs = 10_000 }: PastOptions,
  channelId: string,
  moment: Moment,
): Promise<Replayed> => {
  const partition = partitionOf(channelId, meta.partitions.channel)
  const isIn = withinMoment(moment, partition)
  const done = new AbortController()
  const late = AbortSignal.timeout(timeoutMs)
  let channel = initial(channelId)
  let last: OutcomeRecord | undefined
  const reader = await openJournalReader({
    log,
    logId: meta.logId,
    families: ['channel'],
    onOutcomes: (_family, _partition, outcomes) => {
      for (const record of outcomes) {
        if (done.signal.aborted) return
        if (!isIn(record)) return done.abort()
        if (record.key !== channelId || record.outcome.kind !== 'accepted') continue
        channel = apply(channel, record)
        last = record
      }
    },
    onPositionInvalid: () => done.abort(),
    onError: () => done.abort(),
  })
  try {
    reader.read('channel', partition, 'beginning')
    await reader.caughtUp(AbortSignal.any([done.signal, late])).catch(() => {})
    if (late.aborted) throw new HttpProblem('platform.timeout', { message: 'There is too much to be replayed.' })
    return { channel, record: last }
  } finally {
    await reader.close()
  }
}

const withinMoment = (moment: Moment, partition: number): ((record: OutcomeRecord) => boolean) => {
  if ('at' in moment) return ({ at }) => at <= moment.at
  const [, given, n] = moment.position.split('.')
  if (Number(given) !== partition) {
    throw new HttpProblem('http.invalid_request', {
      violations: [{ at: 'query/as-of', message: 'is a position of another channel' }],
    })
  }
  return (record) => record.n <= Number(n)
}

const apply = (channel: Channel, { outcome, at, n, commandId }: OutcomeRecord): Channel =>
  outcome.kind === 'accepted'
    ? outcome.events.reduce(
        (state, encoded) => evolve(state, codecs.channel.decodeEvent(encoded), { at, n, commandId }),
        channel,
      )
    : channel

const shown = async (
  channel: Channel,
  ownerId: string,
  record: OutcomeRecord,
  keys: PastOptions['keys'],
): Promise<PastChannel> => {
  const { topic, slowModeSeconds, roles, timeouts, seq, moderationSeq } = channel
  if (topic) await keys.prefetch([topic.subject])
  return {
    at: record.at,
    position: positionToken(record),
    ownerId,
    // A topic of somebody who was erased since is nobody's to show.
    topic: (topic && keys.open(topic.subject, topic.eventId, 'topic', topic.sealed)) || null,
    slowModeSeconds,
    roles: [...roles].map(([accountId, role]) => ({ accountId, role })),
    timeouts: [...timeouts.until].map(([accountId, until]) => ({ accountId, until })),
    seq,
    moderationSeq,
  }
}
