import type { Role } from '#libs/access/roles.ts'
import type { Scope } from '#libs/access/scopes.ts'
import type { Sightings } from '#libs/addresses/sightings.ts'
import { actCommand } from '#libs/channel/acts/commands.ts'
import { type LookUps, lookedUp } from '#libs/channel/acts/looked-up.ts'
import { scopeOfAct } from '#libs/channel/acts/scopes.ts'
import { addressesAsked, addressFacts } from '#libs/channel/address-bans/stamps.ts'
import type { AttachmentsFact } from '#libs/channel/attachments/uploads.ts'
import type { ChannelCommand } from '#libs/channel/commands.ts'
import { type MemberFacts, outbound, writtenCommand } from '#libs/channel/edge.ts'
import { globalsFact, type KnownGlobals } from '#libs/channel/emotes/globals.ts'
import type { ClassifyWhereAsked } from '#libs/channel/policy/asks.ts'
import { COMMAND_LIFETIME_MS } from '#libs/http/command.ts'
import type { RateLimiter } from '#libs/http/rate-limit.ts'
import { type CommandGateway, GatewayBusy } from '#libs/journal/gateway.ts'
import type { ClientFrame } from '#libs/protocols/native/client-frames.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import { beginStage } from '#libs/telemetry/trace.ts'
import { errorFrame, outcomeFrame } from './answers.ts'
import { createClassifying } from './classifying.ts'
import { limits } from './limits.ts'
import type { Knowing } from './member-facts.ts'
import { createOrigins } from './origins.ts'
import type { Identity } from './recipient.ts'
import { createRefusals } from './refusals.ts'

export type PostingOptions = {
  readonly gateway: CommandGateway
  readonly limiter: RateLimiter
  readonly facts: Pick<Knowing, 'of'>
  /** What read models know of what an act names. */
  readonly lookUps: LookUps | undefined
  /** What somebody is in a channel, for what is looked up on behalf of its moderators alone. */
  readonly roleOf: (channel: string, identity: Identity) => Role | Promise<Role>
  readonly globalEmotes: Pick<KnownGlobals, 'current'>
  readonly attachments: AttachmentsFact
  /** From where accounts came, for bans of addresses. */
  readonly sightings: Pick<Sightings, 'keysOf' | 'of'>
  /** An outside model, where one is set. */
  readonly classify: ClassifyWhereAsked | undefined
  /** Whether posts are refused for lack of room on the disk. */
  readonly diskFull: () => boolean
  /** Somebody writes, and so is there. */
  readonly onPost: (accountId: string) => void
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

/** Who posts, and how they are told what came of it: each protocol in its own words. */
export type Poster = {
  readonly identity: Identity | undefined
  /** From where they come: an IPv4 address, or the /64 of an IPv6 one. */
  readonly address: string
  readonly send: (frame: ServerFrameOf<'error'> | ServerFrameOf<'outcome'>) => void
}

type PostFrame = ClientFrame & { type: 'post' }
type ActFrame = ClientFrame & { type: 'act' }
export type CommandFrame = PostFrame | ActFrame

const fits = (text: string): boolean => text.isWellFormed() && [...text].length <= limits.textCodePoints

const scopeOf = (frame: CommandFrame): Scope => (frame.type === 'post' ? 'chat:write' : scopeOfAct(frame.act))

/** Following is decided by whether one follows already. */
const asksForFacts = (frame: CommandFrame): boolean =>
  frame.type === 'act' && (frame.act.kind === 'follow' || frame.act.kind === 'unfollow')

const commandOf = (frame: CommandFrame): ChannelCommand =>
  frame.type === 'post' ? writtenCommand(frame) : actCommand(frame.act)

/** Takes posts and acts: refused at the door, or sent on their way and answered with what the journal says came of them. */
export const createPosting = (options: PostingOptions) => {
  const { gateway, facts, lookUps, roleOf, globalEmotes, attachments, sightings, classify, onPost, onError, now } =
    options
  const refusals = createRefusals(options)
  const classifying = createClassifying(classify)
  const originOf = createOrigins(sightings)

  const refusalOf = (identity: Identity, frame: CommandFrame): ServerFrameOf<'error'> | undefined => {
    const { id } = frame
    const unpermitted = refusals.unpermitted(identity, scopeOf(frame), id)
    if (unpermitted) return unpermitted
    if (frame.type === 'post' && !fits(frame.text)) return errorFrame('live.text_invalid', { id })
    return refusals.overloaded(`post ${identity.accountId}`, limits.posts, id)
  }

  const submit = async (poster: Poster, identity: Identity, frame: CommandFrame, known: MemberFacts): Promise<void> => {
    const { id, channel } = frame
    const stage = beginStage('post', frame.traceparent, { channel, commandId: id })
    const begun = performance.now()
    try {
      const record = await gateway.submit(
        outbound(commandOf(frame), {
          id,
          channel,
          author: identity.accountId,
          authorName: identity.name,
          platformRole: identity.platformRole,
          facts: known,
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

  const withLookedUp = (frame: CommandFrame, actor: string, known: MemberFacts | Promise<MemberFacts>) => {
    const found =
      lookUps && frame.type === 'act' ? lookedUp(lookUps, frame.channel, commandOf(frame), actor, onError) : undefined
    return found ? Promise.all([known, found]).then(([facts, more]) => ({ ...facts, ...more })) : known
  }

  const withEmotes = (frame: CommandFrame, known: MemberFacts): MemberFacts => {
    const found = frame.type === 'post' ? globalsFact(frame.text, globalEmotes.current()) : undefined
    return found === undefined ? known : { ...known, globalEmotes: found }
  }

  const withAttachments = (frame: CommandFrame, accountId: string, known: MemberFacts): MemberFacts => {
    const found =
      frame.type === 'post' ? attachments({ accountId, channelId: frame.channel }, frame.attachments) : undefined
    return found === undefined ? known : { ...known, attachments: found }
  }

  /** While the vault is away nobody is banned by half: who asks for it is told. */
  const withAddresses = (frame: CommandFrame, identity: Identity, known: MemberFacts | Promise<MemberFacts>) => {
    const asked = frame.type === 'act' ? addressesAsked(actCommand(frame.act)) : undefined
    if (!asked) return known
    const looking = async () => addressFacts(sightings, asked, await roleOf(frame.channel, identity), now())
    return Promise.all([known, looking()]).then(([facts, found]) => ({ ...facts, ...found }))
  }

  const send = (poster: Poster, identity: Identity, frame: CommandFrame): void => {
    const member = facts.of(frame.channel, identity.accountId, asksForFacts(frame))
    const known = withAddresses(frame, identity, withLookedUp(frame, identity.accountId, member))
    const address = originOf(poster.address)
    const submitWith = (facts: MemberFacts): void => {
      const found = withAttachments(frame, identity.accountId, withEmotes(frame, facts))
      void submit(poster, identity, frame, address === undefined ? found : { ...found, address })
    }
    const failed = (error: unknown): void => {
      onError(error)
      poster.send(errorFrame('platform.unavailable', { id: frame.id, retryAfterMs: 1000 }))
    }
    if (frame.type === 'post') onPost(identity.accountId)
    if (frame.type === 'post') classifying(identity.accountId, frame, known, submitWith)
    else if (known instanceof Promise) void known.then(submitWith, failed)
    else submitWith(known)
  }

  return (poster: Poster, frame: CommandFrame): void => {
    const { identity } = poster
    const refusal = identity ? refusalOf(identity, frame) : errorFrame('live.unauthenticated', { id: frame.id })
    if (refusal) poster.send(refusal)
    else if (identity) send(poster, identity, frame)
  }
}
