import { permits, type Scope } from '#libs/access/scopes.ts'
import type { Rate, RateLimiter } from '#libs/http/rate-limit.ts'
import type { CommandGateway } from '#libs/journal/gateway.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { errorFrame } from './answers.ts'
import { limits } from './limits.ts'
import type { Identity } from './recipient.ts'

export type RefusalsOptions = {
  readonly gateway: Pick<CommandGateway, 'oldestPendingMs'>
  readonly limiter: RateLimiter
  readonly diskFull: () => boolean
}

type Refusal = ServerFrameOf<'error'> | undefined

/** What is refused alike of every frame that asks for something to be done, before anything is looked up for it. */
export const createRefusals = ({ gateway, limiter, diskFull }: RefusalsOptions) => ({
  /** A token that is not good for it. */
  unpermitted: ({ scopes }: Identity, wanted: Scope, id: string): Refusal =>
    permits(scopes, [wanted]) ? undefined : errorFrame('live.insufficient_scope', { id, message: wanted }),
  /** One too many by this key, or more than the platform can take now. */
  overloaded: (key: string, rate: Rate, id: string): Refusal => {
    const retryAfterMs = limiter.take(key, rate)
    if (retryAfterMs > 0) return errorFrame('live.rate_limited', { id, retryAfterMs })
    if (diskFull()) return errorFrame('platform.disk_full', { id })
    if (gateway.oldestPendingMs() > limits.shedAfterMs) return errorFrame('platform.busy', { id, retryAfterMs: 1000 })
    return undefined
  },
})
