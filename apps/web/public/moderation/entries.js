import { create } from '../dom.js'
import { duration } from '../reasons.js'

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' })

export const markWords = {
  ban: 'banned',
  subscription: 'subscriber',
  mute: 'muted',
  slow: 'slowed',
  shadow: 'seen by nobody else',
  suspicious: 'suspicious',
  low_trust: 'waits with every message',
  protected: 'protected',
  warning: 'warned',
  link_permit: 'permitted to post links',
}

/** What was done, by its kind: whom it was done to follows. What is not here goes by the kind itself. */
const deeds = {
  delete_message: () => 'deleted a message of',
  time_out_member: ({ rule }) => (rule ? 'by its rule timed out' : 'timed out'),
  lift_timeout: () => 'ended the timeout of',
  ban_member: () => 'banned',
  unban_member: () => 'ended the ban of',
  ban_address: ({ value }) => `banned ${value} addresses of`,
  lift_address_ban: () => 'lets others write from where they came who is banned:',
  assign_role: ({ role }) => (role ? `made ${role.replace('_', ' ')}:` : 'took the role away from'),
  set_mode: ({ mode, value }) => `${value === null ? 'switched off' : 'set'} ${mode.replaceAll('_', ' ')}`,
  mark_member: ({ mark }) => `set as ${markWords[mark]}:`,
  unmark_member: ({ mark }) => `set as no more ${markWords[mark]}:`,
  acknowledge_warning: () => 'read the warning:',
  add_note: () => 'noted of',
  delete_messages: () => 'deleted all messages of',
  clear_channel: () => 'cleared the chat',
  hold_message: () => 'has to wait with a message',
  approve_message: () => 'let through a message of',
  deny_message: () => 'did not let through a message of',
  nuke: ({ messages }) => `deleted ${messages?.length || 'many'} messages at once`,
  undo_nuke: () => 'took a nuke back',
  shadow_verdict: ({ rule }) => `would have stopped, by the rule ${rule} on trial, a message of`,
  link_alts: () => 'says that another account is theirs, too:',
  unlink_alts: () => 'says that another account is not theirs:',
  add_emote: ({ label }) => `added the emote ${label}`,
  change_emote: ({ label }) => `changed the emote ${label}`,
  remove_emote: ({ label }) => `removed the emote ${label}`,
  set_policy: () => 'changed the filters',
  publish_ban_list: () => 'shares the bans of this channel',
  withdraw_ban_list: () => 'shares the bans of this channel no more',
  subscribe_ban_list: ({ label }) =>
    label === 'subscriber' ? 'gives the bans of this channel to another one' : 'follows the bans of another channel',
  unsubscribe_ban_list: ({ label }) =>
    label === 'subscriber'
      ? 'gives the bans to another channel no more'
      : 'follows the bans of another channel no more',
  receive_ban_list: ({ value }) => `received ${value} bans of another channel`,
  review_ban_list: ({ value }) => `left ${value} bans of another channel be`,
  set_group: ({ value }) => `named ${value} other channels as the group`,
  open_report: () => 'reported',
  open_appeal: ({ label }) => `appeals against a ${label ?? 'sanction'}:`,
}

const deedOf = (entry) => deeds[entry.action]?.(entry) ?? entry.action.replaceAll('_', ' ')

const idle = new Set(['acknowledge_warning', 'open_appeal', 'hold_message'])

/**
 * An entry of the log of the moderators: who, what, whom, for how long, why and when, and buttons for what was said. `onShow(id)`
 * shows a message among those around it. `names.text(id)` says who an account is.
 */
export const drawEntry = (entry, { names, onShow, button }) => {
  const { actorId, memberId, messageId, messages, reason, durationMs, rule, at, origin, authorName, text } = entry
  const who = actorId === '0' ? (rule ? `The policy (${rule})` : 'whiply') : names.text(actorId)
  const isOwn = idle.has(entry.action) || memberId === null || memberId === actorId
  const what = [
    create('strong', {}, who),
    ` ${deedOf(entry)} `,
    ...(isOwn ? [] : [create('strong', {}, names.text(memberId))]),
    ...(durationMs === null ? [] : [` for ${duration(durationMs)}`]),
    ...(reason === null ? [] : [`: ${reason}`]),
    ...(entry.action === 'hold_message' && text !== null ? [`: ${authorName ?? '…'}: ${text}`] : []),
  ]
  const about = [...new Set([messageId, ...(messages ?? [])])].filter(Boolean).slice(0, 3)
  return [
    create('p', {}, ...what),
    create(
      'p',
      { class: 'explains' },
      create('time', { datetime: at }, moment.format(new Date(at))),
      ...(origin ? [` · from channel ${origin}`] : []),
    ),
    ...(entry.action === 'hold_message' ? [] : about.map((id) => button('What was said', () => onShow(id)))),
  ]
}
