import type { Mark } from '../state/marks.ts'
import type { Mode } from '../state/modes.ts'

/** What a batch changes in the row of one channel; null leaves a column as it is. */
export type ChannelPatch = {
  readonly channel_id: string
  readonly topic_given: boolean
  readonly topic: string | null
  readonly topic_actor: string | null
  readonly slow_mode_seconds: number | null
  readonly settings_n: number | null
  readonly roles_n: number | null
  readonly pin_given: boolean
  readonly pin_id: string | null
  readonly pin_seq: number | null
  readonly closed: boolean | null
  readonly history_given: boolean
  readonly history_days: number | null
  readonly owner_id: string | null
  readonly slug: string | null
  readonly seq: number | null
  readonly moderation_seq: number | null
}

type MemberKey = { readonly channel_id: string; readonly member_id: string }

export type RoleRow = MemberKey & { readonly role: string | null; readonly n: number }

export type TimeoutRow = MemberKey & { readonly until: number | null; readonly n: number }

/** Without a value: off. */
export type ModeRow = {
  readonly channel_id: string
  readonly mode: Mode
  readonly value: number | null
  readonly actor: string
  readonly since: number
  readonly n: number
}

export type TextRow = {
  readonly channel_id: string
  readonly kind: string
  readonly text: string | null
  readonly actor: string
  readonly version: number
  readonly n: number
}

export type AcceptedRow = MemberKey & { readonly version: number; readonly n: number }

/** Without a date: no more. */
export type FollowerRow = MemberKey & { readonly since: number | null; readonly n: number }

export type MarkRow = MemberKey & {
  readonly mark: Mark
  readonly ended: boolean
  readonly until: number | null
  readonly value: number | null
  readonly actor: string | null
  readonly reason: string | null
  /** Of a ban: the channel whose list it came from. */
  readonly origin: string | null
  readonly since: number
  readonly n: number
}

/** With how many addresses a member is banned. */
export type AddressesRow = MemberKey & { readonly addresses: number }

export type ModerationRow = {
  readonly channel_id: string
  readonly moderation_seq: number
  readonly at: number
  readonly command_id: string
  readonly actor: string
  readonly action: string
  readonly member: string | null
  readonly message_id: string | null
  readonly reason: string | null
  readonly duration_ms: number | null
  readonly role: string | null
  readonly mode: string | null
  readonly value: number | null
  readonly mark: string | null
  readonly messages: readonly string[] | null
  readonly undoes: string | null
  /** Of a message that is held. */
  readonly author_name: string | null
  readonly text: string | null
  readonly entities: string | null
  readonly attachments: readonly string[] | null
  readonly cause: string | null
  readonly rule: string | null
  readonly case_id: string | null
  readonly label: string | null
  readonly related: readonly string[] | null
  readonly origin: string | null
}

/** Without a number: it waits no more. */
export type HeldRow = {
  readonly channel_id: string
  readonly message_id: string
  readonly moderation_seq: number | null
  readonly author: string
  readonly at: number
  readonly n: number
}

export type CreatedRow = {
  readonly channel_id: string
  readonly owner_id: string
  readonly slug: string | null
  readonly created_at: number
  readonly n: number
  readonly seq: number
}

/** What a batch of events comes to: for each row the last word on it. */
export type ChannelChanges = {
  readonly created: readonly CreatedRow[]
  readonly patches: readonly ChannelPatch[]
  /** Without a role: taken away. */
  readonly roles: readonly RoleRow[]
  /** Without a time: over. */
  readonly timeouts: readonly TimeoutRow[]
  readonly modes: readonly ModeRow[]
  readonly texts: readonly TextRow[]
  readonly accepted: readonly AcceptedRow[]
  readonly followers: readonly FollowerRow[]
  readonly marks: readonly MarkRow[]
  readonly addresses: readonly AddressesRow[]
  readonly held: readonly HeldRow[]
  readonly moderation: readonly ModerationRow[]
}
