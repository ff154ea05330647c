import type { Role } from '#libs/access/roles.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { BroadcastInfoChanged, StreamKeyIssued } from '#libs/contracts/generated/broadcast.ts'
import { COMMAND_LIFETIME_MS, type CommandDoor, type Submitted, submit } from '#libs/http/command.ts'
import type { Once } from '#libs/http/once.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Caller } from '#libs/http/route.ts'
import type { Vault } from '#libs/vault/vault.ts'
import type { BroadcastCommand } from '../commands.ts'
import type { Health } from '../health.ts'
import type { PlaybackTokens } from '../playback-tokens.ts'
import type { Refusal } from '../refusal.ts'

/** What a channel says of its broadcasts, and whom they are for. */
export type BroadcastInfo = {
  readonly title: string | null
  readonly category: string | null
  readonly tags: readonly string[]
  readonly language: string | null
  readonly visibility: NonNullable<BroadcastInfoChanged['visibility']>
  readonly audience: NonNullable<BroadcastInfoChanged['audience']>
}

export type BroadcastView = BroadcastInfo & {
  readonly broadcastId: string
  readonly channelId: string
  readonly state: 'live' | 'interrupted' | 'ended'
  readonly startedAt: number
  readonly endedAt: number | null
  readonly endedReason: string | null
  /** What is warned of now, with what was measured. */
  readonly warnings: Readonly<Record<string, number>>
}

/** What may be done by a stream key. */
export type KeyPurpose = StreamKeyIssued['purpose']

/** A stream key without its secret. */
export type ListedKey = {
  readonly keyId: string
  readonly issuedBy: string
  readonly issuedAt: number
  readonly expiresAt: number | null
  readonly usedAt: number | null
  readonly label: string | null
  readonly purpose: KeyPurpose
}

/** Where the media of a broadcast are, within the platform. */
export type Source = Pick<BroadcastView, 'broadcastId' | 'audience'> & { readonly origin: string }

export type ListAsked = {
  readonly live: boolean
  readonly channelId?: string | undefined
  readonly language?: string | undefined
  /** The id of a broadcast: only those before it. */
  readonly before?: string | undefined
  readonly limit: number
}

/** What the routes read: rows of the read model, undefined where there is none. */
export type BroadcastReads = {
  /** The one that has not ended. */
  readonly open: (channelId: string) => Promise<BroadcastView | undefined>
  /** Those that are public, the latest first. */
  readonly list: (asked: ListAsked) => Promise<readonly BroadcastView[]>
  readonly info: (channelId: string) => Promise<BroadcastInfo>
  readonly streamKeys: (channelId: string) => Promise<readonly ListedKey[]>
  readonly source: (channelId: string) => Promise<Source | undefined>
}

/** What is known for a moment only: what encoders and players have said last. */
export type Telemetry = {
  readonly viewers: (channelId: string) => number
  readonly health: (channelId: string) => Health | undefined
  /** Why its encoder was refused last, until one has been doing well for a while. */
  readonly refusal: (channelId: string) => Refusal | undefined
  /** Takes in that somebody watches. Throws `platform.busy` where too many say so at once. */
  readonly watching: (channelId: string, viewer: string) => void
}

/** What the routes of broadcasts stand on. */
export type BroadcastEdge = CommandDoor & {
  readonly once: Once
  readonly streamKeys: Pick<Vault['streamKeys'], 'issue' | 'renew' | 'settle' | 'discard' | 'remove'>
  readonly reads: BroadcastReads
  readonly telemetry: Telemetry
  readonly tokens: PlaybackTokens
  /** What somebody is in a channel, as its read model has it; undefined where there is no such channel. */
  readonly roleIn: (channelId: string, caller: Caller) => Promise<Role | undefined>
  /** The name of a channel in addresses; null where it has none. */
  readonly slugOf: (channelId: string) => Promise<string | null>
  readonly isSubscribed: (channelId: string, accountId: string) => Promise<boolean>
  /** Where encoders publish: rtmp://host:port/live; rtmps besides, where it is taken in. */
  readonly rtmpUrl: string
  readonly rtmpsUrl: string | undefined
  readonly now: () => number
}

type Sent = { readonly caller: Caller; readonly commandId: string; readonly traceparent: string | undefined }

/** What the caller is in the channel; throws `channel.unknown`. */
export const roleOr404 = async (edge: BroadcastEdge, channelId: string, caller: Caller): Promise<Role> => {
  const role = await edge.roleIn(channelId, caller)
  if (!role) throw new HttpProblem('channel.unknown')
  return role
}

/** Sends a command to a channel's broadcasts, with the caller's role. Throws its rejection as a problem. */
export const sendToBroadcasts = async (
  edge: BroadcastEdge,
  channelId: string,
  command: BroadcastCommand,
  { caller, commandId, traceparent }: Sent,
  facts: Readonly<Record<string, string>> = {},
): Promise<Submitted> => {
  const role = await roleOr404(edge, channelId, caller)
  const { type, version, bytes } = codecs.broadcast.encodeCommand(command)
  return submit(edge, {
    family: 'broadcast',
    key: channelId,
    id: commandId,
    principal: caller.accountId,
    type,
    version,
    payload: bytes,
    facts: { ...facts, role },
    expiresAt: edge.now() + COMMAND_LIFETIME_MS,
    ...(traceparent !== undefined && { traceparent }),
  })
}
