import type { BroadcastEvent } from '#libs/broadcast/events.ts'
import type { Health } from '#libs/broadcast/health.ts'
import { parseAudioTag, parseVideoTag } from '#libs/media/flv/tags.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Measured } from '../health-meter.ts'
import type { MediaLimits } from '../limits.ts'
import type { StreamFeed } from '../live-stream.ts'
import type { Admission as Admitted, Refused } from '../rtmp/publisher.ts'
import { watchFeed } from '../watched-feed.ts'
import type { Entrant } from './entrant.ts'
import { keyRevoked } from './refusals.ts'

export type TestsOptions = {
  readonly limits: MediaLimits
  readonly onHealth: (channelId: string, of: Pick<Health, 'broadcastId' | 'isTest'>, measured: Measured) => void
  readonly tellWrong: (channelId: string, wrong: Refused) => void
  readonly logger: Pick<Logger, 'info'>
}

/** Encoders that are tried out by keys for tests, one of a channel. */
export type Tests = {
  /** It is held to the limits and measured, and its media goes nowhere. */
  readonly begin: (entrant: Entrant) => Admitted
  /** A test gives way to a broadcast, and ends with its key. */
  readonly observe: (channelId: string, event: BroadcastEvent) => void
  readonly all: () => readonly Entrant[]
}

/** Long enough to see whether a connection holds. */
const LONGEST_MS = 15 * 60_000

/** Takes what is tested: it is told of what is not taken, and kept by nobody. */
const nowhere: StreamFeed = {
  audio: (payload) => void parseAudioTag(payload),
  video: (payload) => void parseVideoTag(payload),
}

export const createTests = ({ limits, onHealth, tellWrong, logger }: TestsOptions): Tests => {
  const tests = new Map<string, Entrant>()

  return {
    begin: (entrant) => {
      const { channelId, sessionId } = entrant
      tests.get(channelId)?.cut('another test has begun')
      const { stop, ...feed } = watchFeed(nowhere, {
        limits,
        onHealth: (measured) => onHealth(channelId, { broadcastId: sessionId, isTest: true }, measured),
      })
      const cut = (reason: string): void => {
        stop()
        entrant.cut(reason)
      }
      const test: Entrant = { ...entrant, cut }
      tests.set(channelId, test)
      const timer = setTimeout(() => cut('the test has lasted long enough'), LONGEST_MS).unref()
      logger.info({ channelId }, 'an encoder is tried out')
      return {
        intake: {
          ...feed,
          end: (_why, wrong) => {
            clearTimeout(timer)
            stop()
            if (wrong) tellWrong(channelId, wrong)
            if (tests.get(channelId) === test) tests.delete(channelId)
          },
        },
      }
    },
    observe: (channelId, event) => {
      const test = tests.get(channelId)
      if (event.type === 'BroadcastStarted') test?.cut('the channel is live')
      if (event.type === 'StreamKeyRevoked' && event.keyId === test?.keyId) test.cut(keyRevoked)
    },
    all: () => [...tests.values()],
  }
}
