import type { ChannelCreated, ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { storable } from '#libs/readmodel/events.ts'
import type { Mark } from '../state/marks.ts'
import type { Mode } from '../state/modes.ts'

/** An opened event in the record that it came in. */
export type OpenedEvent = { readonly record: OutcomeRecord; readonly event: Opened<ChannelEvent> }

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
  readonly held: readonly HeldRow[]
  readonly moderation: readonly ModerationRow[]
}

const unchanged = (channel_id: string): ChannelPatch => ({
  channel_id,
  topic_given: false,
  topic: null,
  topic_actor: null,
  slow_mode_seconds: null,
  settings_n: null,
  roles_n: null,
  pin_given: false,
  pin_id: null,
  pin_seq: null,
  closed: null,
  owner_id: null,
  slug: null,
  seq: null,
  moderation_seq: null,
})

const patched = (patch: ChannelPatch, { record, event }: OpenedEvent): ChannelPatch => {
  switch (event.type) {
    case 'ModerationLogged':
    case 'MessageHeld':
      return { ...patch, moderation_seq: event.moderationSeq }
    case 'PinChanged':
      return { ...patch, seq: event.seq, pin_given: true, pin_id: event.messageId, pin_seq: event.messageSeq }
    case 'ChannelClosed':
    case 'ChannelReopened':
      return { ...patch, seq: event.seq, closed: event.type === 'ChannelClosed' }
    case 'RoleAssigned':
      return { ...patch, seq: event.seq, roles_n: record.n }
    case 'ChannelTransferred':
      return { ...patch, seq: event.seq, owner_id: event.ownerId, roles_n: record.n }
    case 'ChannelRenamed':
      return { ...patch, seq: event.seq, slug: event.slug, settings_n: record.n }
    case 'SettingsChanged': {
      const settings = { seq: event.seq, settings_n: record.n }
      const slow_mode_seconds = event.slowModeSeconds ?? patch.slow_mode_seconds
      return event.topic === null
        ? { ...patch, ...settings, slow_mode_seconds }
        : {
            ...patch,
            ...settings,
            slow_mode_seconds,
            topic_given: true,
            topic: storable(event.topic) || null,
            topic_actor: event.actor,
          }
    }
    default:
      return 'seq' in event ? { ...patch, seq: event.seq } : patch
  }
}

const createdRow = (record: OutcomeRecord, event: ChannelCreated): CreatedRow => ({
  channel_id: record.key,
  owner_id: event.ownerId,
  slug: event.slug,
  created_at: record.at,
  n: record.n,
  seq: event.seq,
})

type Logged = Extract<Opened<ChannelEvent>, { readonly type: 'ModerationLogged' }>

const moderationRow = (record: OutcomeRecord, event: Logged): ModerationRow => ({
  channel_id: record.key,
  moderation_seq: event.moderationSeq,
  at: record.at,
  command_id: record.commandId,
  actor: event.actor,
  action: event.action,
  member: event.member,
  message_id: event.messageId,
  reason: storable(event.reason),
  duration_ms: event.durationMs,
  role: event.role,
  mode: event.mode,
  value: event.value,
  mark: event.mark,
  messages: event.messages,
  undoes: event.undoes,
  author_name: null,
  text: null,
  entities: null,
  cause: event.verdict,
  rule: event.rule,
  case_id: event.caseId,
  label: event.label,
  related: event.related,
  origin: event.origin,
})

type Held = Extract<Opened<ChannelEvent>, { readonly type: 'MessageHeld' }>

/** A message that waits stands in the log with what it says. */
const heldRow = (record: OutcomeRecord, event: Held): ModerationRow => ({
  channel_id: record.key,
  moderation_seq: event.moderationSeq,
  at: record.at,
  command_id: record.commandId,
  actor: event.author,
  action: 'hold_message',
  member: event.author,
  message_id: record.commandId,
  reason: null,
  duration_ms: null,
  role: null,
  mode: null,
  value: null,
  mark: null,
  messages: null,
  undoes: null,
  author_name: storable(event.authorName),
  text: storable(event.text),
  entities: storable(event.entities),
  cause: event.cause,
  rule: event.rule,
  case_id: null,
  label: null,
  related: null,
  origin: null,
})

/** What an event says of a mark; undefined where it says nothing. */
const markRow = (
  { key: channel_id, at: since, n }: OutcomeRecord,
  event: Opened<ChannelEvent>,
): MarkRow | undefined => {
  switch (event.type) {
    case 'SubscriptionGranted': {
      const { member, actor, until, tier } = event
      return {
        channel_id,
        member_id: member,
        mark: 'subscription',
        ended: false,
        until,
        value: tier,
        actor,
        reason: null,
        origin: null,
        since,
        n,
      }
    }
    case 'SubscriptionEnded':
      return endedRow(channel_id, event.member, 'subscription', since, n)
    case 'MemberBanned': {
      const { member, until, origin } = event
      const nobody = { value: null, actor: null, reason: null, origin }
      return { channel_id, member_id: member, mark: 'ban', ended: false, until, ...nobody, since, n }
    }
    case 'BanEnded':
      return endedRow(channel_id, event.member, 'ban', since, n)
    case 'MemberMarked': {
      const { member, mark, until, value, actor } = event
      const reason = storable(event.reason)
      return { channel_id, member_id: member, mark, ended: false, until, value, actor, reason, origin: null, since, n }
    }
    case 'MarkEnded':
      return endedRow(channel_id, event.member, event.mark, since, n)
    default:
      return undefined
  }
}

const endedRow = (channel_id: string, member_id: string, mark: Mark, since: number, n: number): MarkRow => ({
  channel_id,
  member_id,
  mark,
  ended: true,
  until: null,
  value: null,
  actor: null,
  reason: null,
  origin: null,
  since,
  n,
})

/** Folds a batch, whose events are in order for each channel. */
export const channelChanges = (happened: readonly OpenedEvent[]): ChannelChanges => {
  const created: CreatedRow[] = []
  const patches = new Map<string, ChannelPatch>()
  const roles = new Map<string, RoleRow>()
  const timeouts = new Map<string, TimeoutRow>()
  const modes = new Map<string, ModeRow>()
  const texts = new Map<string, TextRow>()
  const accepted = new Map<string, AcceptedRow>()
  const followers = new Map<string, FollowerRow>()
  const marks = new Map<string, MarkRow>()
  const held = new Map<string, HeldRow>()
  const moderation: ModerationRow[] = []
  for (const each of happened) {
    const { record, event } = each
    const { key: channel_id, n } = record
    patches.set(channel_id, patched(patches.get(channel_id) ?? unchanged(channel_id), each))
    switch (event.type) {
      case 'ChannelCreated':
        created.push(createdRow(record, event))
        break
      case 'RoleAssigned':
        roles.set(`${channel_id} ${event.member}`, { channel_id, member_id: event.member, role: event.role, n })
        break
      case 'ChannelTransferred':
        // Who broadcasts has no other role.
        roles.set(`${channel_id} ${event.ownerId}`, { channel_id, member_id: event.ownerId, role: null, n })
        break
      case 'MemberTimedOut':
        timeouts.set(`${channel_id} ${event.member}`, { channel_id, member_id: event.member, until: event.until, n })
        break
      case 'TimeoutEnded':
        timeouts.set(`${channel_id} ${event.member}`, { channel_id, member_id: event.member, until: null, n })
        break
      case 'SettingsChanged': {
        const { slowModeSeconds, actor } = event
        if (slowModeSeconds === null) break
        const row = { channel_id, mode: 'slow', value: slowModeSeconds || null, actor, since: record.at, n } as const
        modes.set(`${channel_id} slow`, row)
        break
      }
      case 'ModeChanged': {
        const { mode, value, actor, since } = event
        modes.set(`${channel_id} ${mode}`, { channel_id, mode, value, actor, since, n })
        break
      }
      case 'TextChanged': {
        const { kind, actor, version } = event
        texts.set(`${channel_id} ${kind}`, { channel_id, kind, text: storable(event.text), actor, version, n })
        break
      }
      case 'RulesAccepted': {
        const { member: member_id, version } = event
        accepted.set(`${channel_id} ${member_id}`, { channel_id, member_id, version, n })
        break
      }
      case 'MemberFollowed':
      case 'MemberUnfollowed': {
        const { type, member } = event
        const since = type === 'MemberFollowed' ? record.at : null
        const key = `${channel_id} ${member}`
        // Of several in one batch the first date counts, unless they had gone between.
        if (followers.get(key)?.since == null || since === null)
          followers.set(key, { channel_id, member_id: member, since, n })
        break
      }
      case 'ModerationLogged':
        moderation.push(moderationRow(record, event))
        break
      case 'MessageHeld': {
        const { author, moderationSeq: moderation_seq } = event
        const message_id = record.commandId
        moderation.push(heldRow(record, event))
        held.set(`${channel_id} ${message_id}`, { channel_id, message_id, moderation_seq, author, at: record.at, n })
        break
      }
      case 'HeldMessageApproved':
      case 'HeldMessageDenied': {
        const { author, messageId: message_id } = event
        const row = { channel_id, message_id, moderation_seq: null, author, at: record.at, n }
        held.set(`${channel_id} ${message_id}`, row)
        break
      }
      default: {
        const mark = markRow(record, event)
        if (mark) marks.set(`${channel_id} ${mark.member_id} ${mark.mark}`, mark)
      }
    }
  }
  const values = <Row>(rows: ReadonlyMap<string, Row>): readonly Row[] => [...rows.values()]
  return {
    created,
    patches: values(patches),
    roles: values(roles),
    timeouts: values(timeouts),
    modes: values(modes),
    texts: values(texts),
    accepted: values(accepted),
    followers: values(followers),
    marks: values(marks),
    held: values(held),
    moderation,
  }
}
