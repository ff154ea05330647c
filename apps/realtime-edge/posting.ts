import { postCommand } from '#libs/channel/edge.ts'
import { COMMAND_LIFETIME_MS } from '#libs/http/command.ts'
import type { RateLimiter } from '#libs/http/rate-limit.ts'
import { type CommandGateway, GatewayBusy } from '#libs/journal/gateway.ts'
import type { ClientFrame } from '#libs/protocols/native/client-frames.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import { beginStage } from '#libs/telemetry/trace.ts'
import { errorFrame, outcomeFrame } from './answers.ts'
import type { Identity } from './connection.ts'
import { limits } from './limits.ts'

export type PostingOptions = {
  readonly gateway: CommandGateway
  readonly limiter: RateLimiter
  /** Whether posts are refused for lack of room on the disk. */
  readonly diskFull: () => boolean
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

/** Who posts, and how they are told what came of it: each protocol in its own words. */
export type Poster = {
  readonly identity: Identity | undefined
  readonly send: (frame: ServerFrameOf<'error'> | ServerFrameOf<'outcome'>) => void
}

type PostFrame = ClientFrame & { type: 'post' }

const fits = (text: string): boolean => text.isWellFormed() && [...text].length <= limits.textCodePoints

/** Takes posts: refused at the door, or sent on their way and answered with what the journal says came of them. */
export const createPosting = ({ gateway, limiter, diskFull, onError, now }: PostingOptions) => {
  const refusalOf = (identity: Identity, { id, text }: PostFrame): ServerFrameOf<'error'> | undefined => {
    if (!fits(text)) return errorFrame('live.text_invalid', { id })
    const retryAfterMs = limiter.take(`post ${identity.accountId}`, limits.posts)
    if (retryAfterMs > 0) return errorFrame('live.rate_limited', { id, retryAfterMs })
    if (diskFull()) return errorFrame('platform.disk_full', { id })
    if (gateway.oldestPendingMs() > limits.shedAfterMs) return errorFrame('platform.busy', { id, retryAfterMs: 1000 })
    return undefined
  }

  const submit = async (poster: Poster, identity: Identity, frame: PostFrame): Promise<void> => {
    const { id, channel, text, form, color, replyTo } = frame
    const stage = beginStage('post', frame.traceparent, { channel, commandId: id })
    const begun = performance.now()
    try {
      const record = await gateway.submit(
        postCommand({
          id,
          channel,
          text,
          form,
          color,
          replyTo,
          author: identity.accountId,
          authorName: identity.name,
          platformRole: identity.platformRole,
          expiresAt: now() + COMMAND_LIFETIME_MS,
          traceparent: stage.traceparent,
        }),
      )
      poster.send(outcomeFrame(id, record))
      meters().stageSeconds.record((performance.now() - begun) / 1000, { stage: 'edge' })
      stage.end({ outcome: record?.outcome.kind ?? 'pending' })
    } catch (error) {
      const busy = error instanceof GatewayBusy
      if (!busy) onError(error)
      poster.send(errorFrame(busy ? 'platform.busy' : 'platform.unavailable', { id, retryAfterMs: 1000 }))
      stage.end({}, error instanceof Error ? error : undefined)
    }
  }

  return (poster: Poster, frame: PostFrame): void => {
    const { identity } = poster
    const refusal = identity ? refusalOf(identity, frame) : errorFrame('live.unauthenticated', { id: frame.id })
    if (refusal) poster.send(refusal)
    else if (identity) void submit(poster, identity, frame)
  }
}
