import { addressKeys } from '#libs/addresses/keys.ts'
import type { BroadcastCommand, BroadcastCommandOf } from '#libs/broadcast/commands.ts'
import { outbound } from '#libs/broadcast/edge.ts'
import type { BroadcastEvent } from '#libs/broadcast/events.ts'
import type { Health } from '#libs/broadcast/health.ts'
import type { Refusal } from '#libs/broadcast/refusal.ts'
import type { CommandGateway } from '#libs/journal/gateway.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { answerOf, type RepeatedSummary } from '#libs/journal/outcome.ts'
import { parseAudioTag, parseVideoTag } from '#libs/media/flv/tags.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Hashes, Vault } from '#libs/vault/vault.ts'
import { createEntrance } from './entrance.ts'
import type { Measured } from './health-meter.ts'
import type { Ladders } from './ladder/ladders.ts'
import type { MediaLimits } from './limits.ts'
import { createLiveStream, type LiveStream, type StreamFeed } from './live-stream.ts'
import { createRecordings, type RecordingsOptions } from './recording/recordings.ts'
import { refusalWords, refuse } from './refusals.ts'
import type { Admission, Admit, PublishEnd, Refused } from './rtmp/publisher.ts'
import { watchFeed } from './watched-feed.ts'

export type BroadcastsOptions = {
  readonly streamKeys: Pick<Vault['streamKeys'], 'find'>
  readonly hashes: Pick<Hashes, 'compare'>
  readonly gateway: Pick<CommandGateway, 'submit'>
  /** The address of this app's media, within the platform. */
  readonly origin: string
  readonly leaseMs: number
  readonly graceMs: number
  /** How much of each broadcast stays in memory. */
  readonly windowSeconds: number
  /** How recordings are kept where nothing else is set for a channel. */
  readonly keeping: Pick<BroadcastCommandOf<'StartBroadcast'>, 'quotaBytes' | 'retentionDays' | 'clipRetentionDays'>
  readonly objects: RecordingsOptions['objects']
  /** Encoders of smaller renditions; undefined where there is no ffmpeg. */
  readonly ladders: Ladders | undefined
  readonly limits: MediaLimits
  /** Whose the channel is, or why they may not broadcast, as a code; rejects while that is not known. */
  readonly ownerOf: (channelId: string) => Promise<{ readonly ownerId: string } | { readonly barred: string }>
  readonly onHealth: (channelId: string, of: Pick<Health, 'broadcastId' | 'isTest'>, measured: Measured) => void
  /** An encoder that has a key of the channel is not let in, or let go over what it sent. */
  readonly onRefused: (channelId: string, refusal: Omit<Refusal, 'at'>) => void
  /** Whether a second encoder takes over from one that publishes. */
  readonly takesOver: boolean
  readonly logger: Logger
  readonly now?: () => number
}

/** What is live here. */
export type Broadcasts = {
  readonly admit: Admit
  readonly stream: (channelId: string) => LiveStream | undefined
  /** What the journal says of a channel's broadcasts, in its order. */
  readonly observe: (channelId: string, event: BroadcastEvent) => void
  /** Broadcasts that have an encoder here. */
  readonly count: () => number
  /** Whoever is suspended broadcasts no more. */
  readonly cutOwner: (ownerId: string) => void
  /** Once every encoder has been cut: waits until the journal knows. */
  readonly close: () => Promise<void>
}

type Session = {
  readonly broadcastId: string
  readonly sessionId: string
  readonly ownerId: string
  readonly isRecorded: boolean
  readonly cut: (reason: string) => void
}

/** Somebody who was let in by a key. */
type Entrant = Pick<Session, 'sessionId' | 'ownerId' | 'cut'> & { readonly keyId: string }

/** A lease is renewed so many times before it would be over. */
const RENEWALS = 3
/** Long enough to see whether a connection holds. */
const LONGEST_TEST_MS = 15 * 60_000
/** Players that are behind fetch the rest, and find the end in the playlist. */
const KEPT_AFTER_MS = 60_000
/** What waits for the object store when this process ends. */
const CLOSE_MS = 5_000

/** Takes what is tested: it is told of what is not taken, and kept by nobody. */
const nowhere: StreamFeed = {
  audio: (payload) => void parseAudioTag(payload),
  video: (payload) => void parseVideoTag(payload),
}

const replaced = 'another encoder took over'
const revoked = 'the stream key was revoked'

const isLost = (why: PublishEnd): why is 'closed' | 'silent' | 'refused' =>
  why === 'closed' || why === 'silent' || why === 'refused'

/**
 * Lets encoders in by their stream keys, has the journal decide, begins a broadcast once there is something of it to show,
 * and answers for each with a lease that is renewed while it publishes.
 */
export const createBroadcasts = (options: BroadcastsOptions): Broadcasts => {
  const { streamKeys, hashes, gateway, origin, leaseMs, graceMs, keeping, objects, logger, now = Date.now } = options
  const { takesOver, limits, ownerOf, onHealth, onRefused, ladders, windowSeconds } = options
  const streams = new Map<string, LiveStream>()
  const sessions = new Map<string, Session>()
  const underWay = new Set<Promise<unknown>>()
  /** How tests of encoders are cut, by channel. */
  const tests = new Map<string, Omit<Entrant, 'sessionId'>>()
  /** Those who were let in, and of whom there is nothing to show yet. */
  const entering = new Set<Entrant>()
  const wanted = new WeakMap<LiveStream, () => void>()

  const send = async (channelId: string, command: BroadcastCommand): Promise<RepeatedSummary | undefined> => {
    const sent = gateway.submit(outbound(channelId, command, now()))
    underWay.add(sent)
    try {
      const record = await sent
      return record && answerOf(record.outcome)
    } finally {
      underWay.delete(sent)
    }
  }

  /** What nobody waits for: a lease that was not renewed ends by itself. */
  const tell = (channelId: string, command: BroadcastCommand): void => {
    send(channelId, command).catch((error: Error) =>
      logger.warn({ channelId, command: command.type, error: error.message }, 'a command was not sent'),
    )
  }

  const recordings = createRecordings({ objects, send, logger })

  const streamOf = (channelId: string, { broadcastId, isRecorded }: Session): LiveStream => {
    const known = streams.get(channelId)
    if (known?.broadcastId === broadcastId) return known
    known?.end()
    const recorder = isRecorded ? recordings.record(channelId, broadcastId) : undefined
    const stream = createLiveStream({ broadcastId, nowMs: now, keptSeconds: windowSeconds, sink: recorder?.add })
    streams.set(channelId, stream)
    return stream
  }

  /** Its smaller renditions, as long as there is a slot for them; the broadcaster is told where there is none. */
  const wantLadder = (channelId: string, stream: LiveStream): void => {
    if (!ladders || wanted.has(stream)) return
    const say = (value: number | null): void => {
      const sessionId = sessions.get(channelId)?.sessionId
      if (sessionId) tell(channelId, { type: 'SetWarning', sessionId, warning: 'no_renditions', value })
    }
    const release = ladders.slots.want(channelId, {
      grant: () => {
        stream.setLadder(ladders.open(channelId))
        say(null)
      },
      refuse: () => {
        stream.setLadder(undefined)
        say(ladders.count)
      },
    })
    wanted.set(stream, release)
  }

  const finish = (channelId: string, broadcastId: string): void => {
    const stream = streams.get(channelId)
    if (stream?.broadcastId !== broadcastId) return
    stream.end()
    wanted.get(stream)?.()
    setTimeout(() => {
      if (streams.get(channelId) === stream) streams.delete(channelId)
    }, KEPT_AFTER_MS).unref()
  }

  /** What was sent was no good. */
  const tellWrong = (channelId: string, { code, message: words }: Refused): void => {
    meters().encodersRefused.add(1, { reason: 'media' })
    onRefused(channelId, { code, words })
  }

  const begin = (channelId: string, opening: Session): Admission => {
    const { broadcastId, sessionId } = opening
    const live = streamOf(channelId, opening)
    const stream = live.feed((value) =>
      tell(channelId, { type: 'SetWarning', sessionId, warning: 'keyframe_interval', value }),
    )
    const { stop, ...feed } = watchFeed(stream, {
      limits,
      onHealth: (measured) => onHealth(channelId, { broadcastId, isTest: false }, measured),
    })
    const cut = (reason: string): void => {
      stop()
      opening.cut(reason)
    }
    const session: Session = { ...opening, cut }
    sessions.set(channelId, session)
    wantLadder(channelId, live)
    const renew = async (): Promise<void> => {
      const answer = await send(channelId, { type: 'RenewLease', sessionId, leaseMs })
      if (answer?.kind === 'rejected') cut('the broadcast is over')
    }
    const renewing = setInterval(() => void renew().catch(() => {}), leaseMs / RENEWALS)
    const end = (why: PublishEnd, wrong?: Refused): void => {
      clearInterval(renewing)
      stop()
      if (sessions.get(channelId) === session) sessions.delete(channelId)
      logger.info({ channelId, broadcastId, why }, 'an encoder has gone')
      if (wrong) tellWrong(channelId, wrong)
      if (why === 'unpublished' || isLost(why)) tell(channelId, { type: 'EndSession', sessionId, cause: why })
    }
    logger.info({ channelId, broadcastId }, 'an encoder publishes')
    return { intake: { ...feed, end } }
  }

  /** Somebody tries an encoder out: it is held to the limits and measured, and its media goes nowhere. */
  const beginTest = (channelId: string, { keyId, sessionId, ownerId, cut }: Entrant): Admission => {
    tests.get(channelId)?.cut('another test has begun')
    const { stop, ...feed } = watchFeed(nowhere, {
      limits,
      onHealth: (measured) => onHealth(channelId, { broadcastId: sessionId, isTest: true }, measured),
    })
    const test = {
      keyId,
      ownerId,
      cut: (reason: string): void => {
        stop()
        cut(reason)
      },
    }
    tests.set(channelId, test)
    const timer = setTimeout(() => test.cut('the test has lasted long enough'), LONGEST_TEST_MS).unref()
    const end = (_why: PublishEnd, wrong?: Refused): void => {
      clearTimeout(timer)
      stop()
      if (wrong) tellWrong(channelId, wrong)
      if (tests.get(channelId) === test) tests.delete(channelId)
    }
    logger.info({ channelId }, 'an encoder is tried out')
    return { intake: { ...feed, end } }
  }

  /** Whoever has a key of the channel is its broadcaster, who may look at the page rather than at the encoder. */
  const refuseKnown = (channelId: string, code: string): Admission => {
    onRefused(channelId, { code, words: refusalWords(code) })
    return refuse(code)
  }

  /** There is something to show. Another encoder may have been faster since this one was let in, or this one been cut. */
  const open = async (
    channelId: string,
    { keyId, sessionId, ownerId, cut }: Entrant,
    over: AbortSignal,
  ): Promise<Admission> => {
    const start = { broadcastId: uuidv7(), sessionId, keyId, origin, leaseMs, graceMs, takesOver, ...keeping }
    const answer = await send(channelId, { type: 'StartBroadcast', ...start }).catch(() => undefined)
    if (answer?.kind === 'rejected') return refuseKnown(channelId, answer.code)
    const broadcastId = answer?.summary.broadcastId
    if (typeof broadcastId !== 'string') return refuseKnown(channelId, 'platform.unavailable')
    if (over.aborted) {
      tell(channelId, { type: 'EndSession', sessionId, cause: 'refused' })
      return refuse('owner.suspended')
    }
    return begin(channelId, { broadcastId, sessionId, ownerId, isRecorded: answer?.summary.recorded === true, cut })
  }

  const enter = (channelId: string, admitted: Entrant): Admission => {
    const over = new AbortController()
    // What is cut is still read for a moment.
    const cut = (reason: string): void => {
      if (over.signal.aborted) return
      over.abort()
      entering.delete(entrant)
      admitted.cut(reason)
    }
    const entrant: Entrant = { ...admitted, cut }
    entering.add(entrant)
    return {
      intake: createEntrance({
        limits,
        open: () => open(channelId, entrant, over.signal).finally(() => entering.delete(entrant)),
        over: over.signal,
        cut,
        onGone: (_why, wrong) => {
          entering.delete(entrant)
          if (wrong) tellWrong(channelId, wrong)
        },
      }),
    }
  }

  const admit: Admit = async ({ name, address }, cut) => {
    const [secret = ''] = name.split('?')
    const key = await streamKeys.find(secret).catch(() => null)
    if (key === null) return refuse('platform.unavailable')
    if (!key) return refuse('broadcast.key_unknown')
    const { channelId, keyId } = key
    if (key.expiresAt !== null && key.expiresAt <= now()) return refuseKnown(channelId, 'broadcast.key_expired')
    const owner = await ownerOf(channelId).catch(() => ({ barred: 'platform.unavailable' }))
    if ('barred' in owner) return refuseKnown(channelId, owner.barred)
    const entrant = { keyId, sessionId: uuidv7(), ownerId: owner.ownerId, cut }
    const from = addressKeys(hashes, address)
    const answer = await send(channelId, {
      type: 'AdmitEncoder',
      sessionId: entrant.sessionId,
      keyId,
      ownerId: owner.ownerId,
      takesOver,
      addressHash: from?.address ?? null,
      networkHash: from?.network ?? null,
    }).catch(() => undefined)
    if (answer?.kind === 'rejected') return refuseKnown(channelId, answer.code)
    if (!answer) return refuseKnown(channelId, 'platform.unavailable')
    return answer.summary.isTest === true ? beginTest(channelId, entrant) : enter(channelId, entrant)
  }

  /** Who has taken over goes by another session; here its encoder may not be known yet, or be at another ingest app. */
  const cutReplaced = (channelId: string, event: BroadcastEvent): void => {
    if (event.type !== 'BroadcastResumed') return
    const session = sessions.get(channelId)
    if (session?.broadcastId === event.broadcastId && session.sessionId !== event.sessionId) session.cut(replaced)
  }

  /** A test gives way to a broadcast, and ends with its key. */
  const endTest = (channelId: string, event: BroadcastEvent): void => {
    const test = tests.get(channelId)
    if (event.type === 'BroadcastStarted') test?.cut('the channel is live')
    if (event.type === 'StreamKeyRevoked' && event.keyId === test?.keyId) test.cut(revoked)
  }

  return {
    admit,
    stream: (channelId) => streams.get(channelId),
    count: () => sessions.size,
    cutOwner: (ownerId) => {
      for (const { ownerId: owner, cut } of [...tests.values(), ...entering])
        if (owner === ownerId) cut(refusalWords('owner.suspended'))
      for (const [channelId, session] of sessions) {
        if (session.ownerId !== ownerId) continue
        tell(channelId, { type: 'EndSession', sessionId: session.sessionId, cause: 'refused' })
        session.cut(refusalWords('owner.suspended'))
      }
    },
    observe: (channelId, event) => {
      cutReplaced(channelId, event)
      endTest(channelId, event)
      // The end of the stream has its last segment stored before the recording is finished.
      if (event.type === 'BroadcastEnded') finish(channelId, event.broadcastId)
      recordings.observe(channelId, event)
      if (event.type !== 'BroadcastEnded') return
      const session = sessions.get(channelId)
      const isStopped = event.reason === 'stopped' || event.reason === 'key_revoked'
      if (session?.broadcastId === event.broadcastId && event.reason === 'replaced') session.cut(replaced)
      if (session?.broadcastId === event.broadcastId && isStopped)
        session.cut(event.reason === 'stopped' ? 'a moderator stopped the broadcast' : revoked)
    },
    close: async () => {
      for (const stream of streams.values()) stream.end()
      await recordings.close(CLOSE_MS)
      await Promise.allSettled(underWay)
    },
  }
}
