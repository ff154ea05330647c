import type { ChannelCreated, ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { storable } from '#libs/readmodel/events.ts'
import { isSettings } from '../state/settings-version.ts'
import type {
  AcceptedRow,
  AddressesRow,
  ChannelChanges,
  ChannelPatch,
  CreatedRow,
  FollowerRow,
  HeldRow,
  MarkRow,
  ModeRow,
  ModerationRow,
  RoleRow,
  TextRow,
  TimeoutRow,
} from './channel-rows.ts'
import { heldRow, moderationRow } from './log-row.ts'
import { addressesIn, markRow } from './mark-row.ts'

/** An opened event in the record that it came in. */
export type OpenedEvent = { readonly record: OutcomeRecord; readonly event: Opened<ChannelEvent> }

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
  history_given: false,
  history_days: null,
  owner_id: null,
  slug: null,
  seq: null,
  moderation_seq: null,
})

const patched = (patch: ChannelPatch, happened: OpenedEvent): ChannelPatch => {
  const shown = shownPatch(patch, happened)
  return isSettings(happened.event) ? { ...shown, settings_n: happened.record.n } : shown
}

const shownPatch = (patch: ChannelPatch, { record, event }: OpenedEvent): ChannelPatch => {
  switch (event.type) {
    case 'ModerationLogged':
    case 'MessageHeld':
      return { ...patch, moderation_seq: event.moderationSeq }
    case 'PinChanged':
      return { ...patch, seq: event.seq, pin_given: true, pin_id: event.messageId, pin_seq: event.messageSeq }
    case 'ChannelClosed':
    case 'ChannelReopened':
      return { ...patch, seq: event.seq, closed: event.type === 'ChannelClosed' }
    case 'RetentionChanged':
      return { ...patch, seq: event.seq, history_given: true, history_days: event.days }
    case 'RoleAssigned':
      return { ...patch, seq: event.seq, roles_n: record.n }
    case 'ChannelTransferred':
      return { ...patch, seq: event.seq, owner_id: event.ownerId, roles_n: record.n }
    case 'ChannelRenamed':
      return { ...patch, seq: event.seq, slug: event.slug }
    case 'SettingsChanged': {
      const slow_mode_seconds = event.slowModeSeconds ?? patch.slow_mode_seconds
      return event.topic === null
        ? { ...patch, seq: event.seq, slow_mode_seconds }
        : {
            ...patch,
            seq: event.seq,
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
  const addresses = new Map<string, AddressesRow>()
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
        const banned = addressesIn(event)
        if (banned) addresses.set(`${channel_id} ${banned.member_id}`, { channel_id, ...banned })
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
    addresses: values(addresses),
    held: values(held),
    moderation,
  }
}
