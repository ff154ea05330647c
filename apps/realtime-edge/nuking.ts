import { may } from '#libs/access/permissions.ts'
import type { Role } from '#libs/access/roles.ts'
import type { Sightings } from '#libs/addresses/sightings.ts'
import { type LookUps, lookedUp } from '#libs/channel/acts/looked-up.ts'
import type { ChannelCommand } from '#libs/channel/commands.ts'
import { outbound } from '#libs/channel/edge.ts'
import { findNuked, type NukeEdge, nukeMessages } from '#libs/channel/nukes/nuke.ts'
import { COMMAND_LIFETIME_MS, type Submitted, submit } from '#libs/http/command.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { RateLimiter } from '#libs/http/rate-limit.ts'
import { createTurns } from '#libs/http/turns.ts'
import { type CommandGateway, GatewayBusy } from '#libs/journal/gateway.ts'
import type { ClientFrame } from '#libs/protocols/native/client-frames.ts'
import { mostNamed } from '#libs/protocols/native/nukes.ts'
import type { ServerFrame, ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { errorFrame, submittedFrame } from './answers.ts'
import { type EdgeErrorCode, edgeErrors } from './errors.ts'
import { limits } from './limits.ts'
import { createOrigins } from './origins.ts'
import type { Identity } from './recipient.ts'
import { createRefusals } from './refusals.ts'

export type NukingOptions = {
  readonly gateway: Pick<CommandGateway, 'submit' | 'oldestPendingMs'>
  readonly limiter: RateLimiter
  /** What read models know of messages, and of requests that came before. */
  readonly nukes: Omit<NukeEdge, 'search'> & Pick<Parameters<typeof findNuked>[0], 'reads'>
  readonly lookUps: LookUps | undefined
  readonly roleOf: (channel: string, identity: Identity) => Role | Promise<Role>
  /** The token of what this edge has read last of the journal that a channel is in; null before the first record. */
  readonly positionOf: (channel: string) => string | null
  readonly sightings: Pick<Sightings, 'keysOf'>
  readonly diskFull: () => boolean
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

/** Who nukes, and how they are told what came of it. */
export type Nuker = {
  readonly identity: Identity | undefined
  readonly address: string
  readonly send: (frame: ServerFrame) => void
}

export type NukeFrame = ClientFrame & { type: 'nuke' }

/** A search looks at thousands of messages, on the thread that everybody is served by: one at a time, and so many wait. */
const mostWaiting = 8

const isEdgeError = (code: string): code is EdgeErrorCode => Object.hasOwn(edgeErrors, code)

/** Takes nukes: looked for in all that this edge may have shown, sent on their way, and answered. */
export const createNuking = (options: NukingOptions) => {
  const { gateway, nukes, lookUps, roleOf, positionOf, diskFull, onError, now } = options
  const refusals = createRefusals(options)
  const originOf = createOrigins(options.sightings)
  const inTurn = createTurns(1, mostWaiting, () => new HttpProblem('platform.busy'))
  const search: NukeEdge['search'] = (channel, nuke) =>
    inTurn(() => findNuked({ reads: nukes.reads, now }, channel, nuke))
  const edge: NukeEdge = { ...nukes, search }

  const refusalOf = (identity: Identity, { id }: NukeFrame): ServerFrameOf<'error'> | undefined =>
    refusals.unpermitted(identity, 'channel:moderate', id) ??
    refusals.overloaded(`post ${identity.accountId}`, limits.posts, id)

  const sendOf =
    (identity: Identity, address: string, { channel, traceparent }: NukeFrame) =>
    async (command: ChannelCommand, id: string): Promise<Submitted> => {
      const known = lookUps && (await lookedUp(lookUps, channel, command, identity.accountId, onError))
      const origin = originOf(address)
      return submit(
        { gateway, diskFull },
        outbound(command, {
          id,
          channel,
          author: identity.accountId,
          authorName: identity.name,
          platformRole: identity.platformRole,
          facts: { ...known, ...(origin !== undefined && { address: origin }) },
          expiresAt: now() + COMMAND_LIFETIME_MS,
          traceparent,
        }),
      )
    }

  /** Nobody but a moderator has anything looked for: a channel would refuse them too. */
  const moderatorsOnly = async (identity: Identity, { channel }: NukeFrame): Promise<void> => {
    const role = await roleOf(channel, identity)
    if (role === 'none') throw new HttpProblem('channel.unknown')
    if (!may(role, 'nuke')) throw new HttpProblem('channel.forbidden', { detail: { action: 'nuke' } })
  }

  const answer = async (identity: Identity, address: string, frame: NukeFrame): Promise<ServerFrame> => {
    const { id, channel, nuke } = frame
    // What the sender has seen was read here: nothing of it is missed for a read model that is behind.
    const seen = positionOf(channel)
    await moderatorsOnly(identity, frame)
    if (seen !== null) await nukes.waitForPosition('messages', seen)
    if (!nuke.dryRun) {
      const asked = { commandId: id, caller: identity }
      return submittedFrame(id, await nukeMessages(edge, asked, channel, nuke, sendOf(identity, address, frame)))
    }
    const found = await search(channel, nuke)
    const named = found.slice(0, mostNamed)
    const messages = named.map(({ messageId, seq, authorId, text }) => ({ id: messageId, seq, author: authorId, text }))
    return { type: 'nuke-found', id, channel, count: found.length, messages }
  }

  const failure = (id: string, error: unknown): ServerFrame => {
    if (error instanceof GatewayBusy) return errorFrame('platform.busy', { id, retryAfterMs: 1000 })
    if (error instanceof HttpProblem) {
      const { code, detail } = error
      if (isEdgeError(code)) return errorFrame(code, { id, retryAfterMs: 1000 })
      return { type: 'outcome', id, status: 'rejected', code, detail }
    }
    onError(error)
    return errorFrame('platform.unavailable', { id, retryAfterMs: 1000 })
  }

  return (nuker: Nuker, frame: NukeFrame): void => {
    const { identity, address } = nuker
    const refusal = identity ? refusalOf(identity, frame) : errorFrame('live.unauthenticated', { id: frame.id })
    if (refusal) nuker.send(refusal)
    else if (identity)
      void answer(identity, address, frame)
        .catch((error: unknown) => failure(frame.id, error))
        .then((frame) => nuker.send(frame))
  }
}
