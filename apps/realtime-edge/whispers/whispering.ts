import type { ConversationCommand } from '#libs/conversation/commands.ts'
import { outbound, type ReceiverFacts } from '#libs/conversation/edge.ts'
import type { ConversationErrorCode } from '#libs/conversation/errors.ts'
import { COMMAND_LIFETIME_MS } from '#libs/http/command.ts'
import type { RateLimiter } from '#libs/http/rate-limit.ts'
import { type CommandGateway, GatewayBusy } from '#libs/journal/gateway.ts'
import type { ClientFrame } from '#libs/protocols/native/client-frames.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { errorFrame, outcomeFrame } from '../answers.ts'
import { limits } from '../limits.ts'
import type { Poster } from '../posting.ts'
import type { Identity } from '../recipient.ts'
import { createRefusals } from '../refusals.ts'

export type WhisperingOptions = {
  readonly gateway: Pick<CommandGateway, 'submit' | 'oldestPendingMs'>
  readonly limiter: RateLimiter
  /** What the read models say of who is whispered to. */
  readonly receiver: (senderId: string, receiverId: string) => Promise<ReceiverFacts>
  readonly diskFull: () => boolean
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

export type WhisperFrame = ClientFrame & { type: 'whisper' }

/** Where a command goes, and what rides along. */
type Addressed = { readonly inbox: string; readonly command: ConversationCommand; readonly followed: boolean }

/** As the receiver itself would refuse it, were it asked. */
const nobodyThere: ConversationErrorCode = 'conversation.receiver_unknown'

/** Takes whispers: refused at the door, or sent on their way and answered with what the journal says came of them. */
export const createWhispering = (options: WhisperingOptions) => {
  const { gateway, receiver, onError, now } = options
  const refusals = createRefusals(options)
  /** The last whisper of each connection that is being looked up: the next one goes behind it. */
  const latest = new WeakMap<Poster, Promise<void>>()

  const refusalOf = (identity: Identity, { id }: WhisperFrame): ServerFrameOf<'error'> | undefined =>
    refusals.unpermitted(identity, 'whispers:write', id) ??
    refusals.overloaded(`whisper ${identity.accountId}`, limits.whispers, id)

  /** Undefined where nobody is there to whisper to. */
  const addressOf = async ({ accountId }: Identity, { act }: WhisperFrame): Promise<Addressed | undefined> => {
    switch (act.kind) {
      case 'send': {
        const { exists, followed } = await receiver(accountId, act.to)
        return exists ? { inbox: act.to, command: { type: 'SendWhisper', text: act.text }, followed } : undefined
      }
      case 'read':
        return {
          inbox: accountId,
          command: { type: 'MarkWhispersRead', peer: act.with, upTo: act.upTo },
          followed: false,
        }
      case 'settings':
        return { inbox: accountId, command: { type: 'ChangeWhisperSettings', allow: act.allow }, followed: false }
    }
  }

  /** @returns once the command is on its way. */
  const send = async (poster: Poster, identity: Identity, frame: WhisperFrame): Promise<void> => {
    const { id, traceparent } = frame
    const failed = (error: unknown): void => {
      const busy = error instanceof GatewayBusy
      if (!busy) onError(error)
      poster.send(errorFrame(busy ? 'platform.busy' : 'platform.unavailable', { id, retryAfterMs: 1000 }))
    }
    try {
      const address = await addressOf(identity, frame)
      if (!address) {
        poster.send({ type: 'outcome', id, status: 'rejected', code: nobodyThere, detail: {} })
        return
      }
      const { inbox, command, followed } = address
      const { accountId: principal, name: displayName } = identity
      const expiresAt = now() + COMMAND_LIFETIME_MS
      const outcome = gateway.submit(
        outbound(command, { id, inbox, principal, displayName, followed, expiresAt, traceparent }),
      )
      void outcome.then((record) => poster.send(outcomeFrame(id, record)), failed)
    } catch (error) {
      failed(error)
    }
  }

  return (poster: Poster, frame: WhisperFrame): void => {
    const { identity } = poster
    const refusal = identity ? refusalOf(identity, frame) : errorFrame('live.unauthenticated', { id: frame.id })
    if (refusal) poster.send(refusal)
    else if (identity)
      latest.set(
        poster,
        (latest.get(poster) ?? Promise.resolve()).then(() => send(poster, identity, frame)),
      )
  }
}
