import type { BroadcastCommandOf } from '#libs/broadcast/commands.ts'
import type { BroadcastEvent } from '#libs/broadcast/events.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { type AdmissionOptions, createAdmission } from './admission/admission.ts'
import { refusalWords } from './admission/refusals.ts'
import type { LiveStream } from './live-stream.ts'
import { createRecordings, type RecordingsOptions } from './recording/recordings.ts'
import type { Admit } from './rtmp/publisher.ts'
import { createSender, type SenderOptions } from './sender.ts'
import { createSessions } from './sessions.ts'
import { createStreams, type StreamsOptions } from './streams.ts'

export type BroadcastsOptions = Pick<SenderOptions, 'gateway'> &
  Pick<StreamsOptions, 'ladders' | 'windowSeconds'> &
  Pick<AdmissionOptions, 'streamKeys' | 'hashes' | 'limits' | 'ownerOf' | 'onHealth' | 'onRefused' | 'takesOver'> & {
    /** The address of this app's media, within the platform. */
    readonly origin: string
    readonly leaseMs: number
    readonly graceMs: number
    /** How recordings are kept where nothing else is set for a channel. */
    readonly keeping: Pick<BroadcastCommandOf<'StartBroadcast'>, 'quotaBytes' | 'retentionDays' | 'clipRetentionDays'>
    readonly objects: RecordingsOptions['objects']
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

/** What waits for the object store when this process ends. */
const CLOSE_MS = 5_000

const notSent = { kind: 'rejected', code: 'platform.unavailable' } as const

/**
 * Lets encoders in by their stream keys, has the journal decide, begins a broadcast once there is something of it to show,
 * and answers for each with a lease that is renewed while it publishes.
 */
export const createBroadcasts = (options: BroadcastsOptions): Broadcasts => {
  const { gateway, origin, leaseMs, graceMs, keeping, takesOver, objects, logger, now = Date.now } = options
  const sender = createSender({ gateway, logger, now })
  const { send, tell, insist } = sender
  const recordings = createRecordings({ objects, send, logger })
  const streams = createStreams({
    ...options,
    now,
    onNoRenditions: (channelId, value) => {
      const sessionId = sessions.idOf(channelId)
      if (sessionId) tell(channelId, { type: 'SetWarning', sessionId, warning: 'no_renditions', value })
    },
  })

  /** Another encoder may have been faster since this one was let in, or this one been cut. */
  const begin: AdmissionOptions['begin'] = async ({ channelId, keyId, sessionId, ownerId, cut }, over) => {
    const start = { broadcastId: uuidv7(), sessionId, keyId, origin, leaseMs, graceMs, takesOver, ...keeping }
    const answer = await send(channelId, { type: 'StartBroadcast', ...start }).catch(() => notSent)
    if (answer?.kind === 'rejected') return { rejected: answer.code }
    const broadcastId = answer?.summary.broadcastId
    if (typeof broadcastId !== 'string') {
      // It may be decided yet, and nobody would be there.
      insist(channelId, { type: 'EndSession', sessionId, cause: 'refused' })
      return { rejected: notSent.code }
    }
    if (over.aborted) {
      insist(channelId, { type: 'EndSession', sessionId, cause: 'refused' })
      return { refused: refusalWords('owner.suspended') }
    }
    const isRecorded = answer?.summary.recorded === true
    const live = streams.open(channelId, broadcastId, () =>
      isRecorded ? recordings.record(channelId, broadcastId).add : undefined,
    )
    const intake = sessions.begin({ channelId, broadcastId, sessionId, ownerId, cut }, live)
    streams.wantLadder(channelId, live)
    return { intake }
  }

  const admission = createAdmission({ ...options, send, begin, now })
  const sessions = createSessions({ ...options, send, tell, insist, tellWrong: admission.tellWrong })

  return {
    admit: admission.admit,
    stream: streams.find,
    count: sessions.count,
    cutOwner: (ownerId) => {
      admission.cutOwner(ownerId)
      sessions.cutOwner(ownerId)
    },
    observe: (channelId, event) => {
      admission.observe(channelId, event)
      // The end of the stream has its last segment stored before the recording is finished.
      if (event.type === 'BroadcastEnded') streams.finish(channelId, event.broadcastId)
      recordings.observe(channelId, event)
      sessions.observe(channelId, event)
    },
    close: async () => {
      streams.endAll()
      await recordings.close(CLOSE_MS)
      await sender.settled()
    },
  }
}
