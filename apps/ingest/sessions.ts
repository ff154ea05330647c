import type { BroadcastEvent } from '#libs/broadcast/events.ts'
import type { Health } from '#libs/broadcast/health.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Entrant } from './admission/entrant.ts'
import { keyRevoked, refusalWords } from './admission/refusals.ts'
import type { Measured } from './health-meter.ts'
import type { MediaLimits } from './limits.ts'
import type { LiveStream } from './live-stream.ts'
import type { Intake, PublishEnd, Refused } from './rtmp/publisher.ts'
import type { Sender } from './sender.ts'
import { watchFeed } from './watched-feed.ts'

/** An encoder that publishes a channel's broadcast. */
export type Session = Omit<Entrant, 'keyId'> & { readonly broadcastId: string }

export type SessionsOptions = Pick<Sender, 'send' | 'tell' | 'insist'> & {
  readonly leaseMs: number
  readonly limits: MediaLimits
  readonly onHealth: (channelId: string, of: Pick<Health, 'broadcastId' | 'isTest'>, measured: Measured) => void
  readonly tellWrong: (channelId: string, wrong: Refused) => void
  readonly logger: Pick<Logger, 'info'>
}

/** Encoders that publish here, one of each channel; for each the journal has a lease, renewed while it does. */
export type Sessions = {
  readonly begin: (opening: Session, live: LiveStream) => Intake
  readonly idOf: (channelId: string) => string | undefined
  /** What the journal says of a channel's broadcasts, in its order. */
  readonly observe: (channelId: string, event: BroadcastEvent) => void
  /** Whoever is suspended broadcasts no more. */
  readonly cutOwner: (ownerId: string) => void
  readonly count: () => number
}

/** A lease is renewed so many times before it would be over. */
const RENEWALS = 3

const replaced = 'another encoder took over'

/** Why an encoder goes whose broadcast the journal says is over; undefined where it has gone by itself, or is lost. */
const overWords: Readonly<Record<string, string | undefined>> = {
  replaced,
  stopped: 'a moderator stopped the broadcast',
  key_revoked: keyRevoked,
}

const isLost = (why: PublishEnd): why is 'closed' | 'silent' | 'refused' =>
  why === 'closed' || why === 'silent' || why === 'refused'

export const createSessions = (options: SessionsOptions): Sessions => {
  const { send, tell, insist, leaseMs, limits, onHealth, tellWrong, logger } = options
  const sessions = new Map<string, Session>()

  const begin: Sessions['begin'] = (opening, live) => {
    const { channelId, broadcastId, sessionId } = opening
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
      if (why === 'unpublished' || isLost(why)) insist(channelId, { type: 'EndSession', sessionId, cause: why })
    }
    logger.info({ channelId, broadcastId }, 'an encoder publishes')
    return { ...feed, end }
  }

  return {
    begin,
    idOf: (channelId) => sessions.get(channelId)?.sessionId,
    observe: (channelId, event) => {
      const session = sessions.get(channelId)
      if (!session || !('broadcastId' in event) || session.broadcastId !== event.broadcastId) return
      // Who has taken over goes by another session; its encoder may not be known here yet, or be at another ingest app.
      if (event.type === 'BroadcastResumed' && session.sessionId !== event.sessionId) session.cut(replaced)
      const words = event.type === 'BroadcastEnded' ? overWords[event.reason] : undefined
      if (words !== undefined) session.cut(words)
    },
    cutOwner: (owner) => {
      for (const { channelId, sessionId, ownerId, cut } of sessions.values()) {
        if (ownerId !== owner) continue
        insist(channelId, { type: 'EndSession', sessionId, cause: 'refused' })
        cut(refusalWords('owner.suspended'))
      }
    },
    count: () => sessions.size,
  }
}
