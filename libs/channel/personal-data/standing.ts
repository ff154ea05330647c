import { toldMarks } from '#libs/protocols/native/acts.ts'
import { id, number, type PersonalTable, plain, time } from '#libs/readmodel/personal-data/table.ts'
import { moderatorsAlone, ofTheModel, own } from './reasons.ts'

/** Acts of moderators that a member sees the effect of. */
const seenActs = [
  'ban_member',
  'unban_member',
  'time_out_member',
  'lift_timeout',
  'delete_message',
  'delete_messages',
  'approve_message',
  'deny_message',
  'assign_role',
  'grant_subscription',
  'revoke_subscription',
  'acknowledge_warning',
]

const told = toldMarks.map((mark) => `'${mark}'`).join(', ')

/** What a channel holds of a member in a row of its own. */
const ofMember = (
  about: Pick<PersonalTable, 'file' | 'what' | 'table'>,
  columns: PersonalTable['columns'],
): PersonalTable => ({
  ...about,
  atErasure: { stays: 'ids and times alone, which no name leads to any more' },
  key: ['channel_id', 'member_id'],
  account: 'member_id',
  columns: { channel: id('channel_id'), ...columns },
  leftOut: { member_id: own, n: ofTheModel },
})

/** What a person is and does in channels, and what was done to them, as far as members are told. */
export const standingTables: readonly PersonalTable[] = [
  ofMember({ file: 'roles', what: 'Roles in channels', table: 'roles' }, { role: plain('role') }),
  ofMember(
    { file: 'followed-channels', what: 'Channels that the person follows', table: 'followers' },
    { since: time('since') },
  ),
  ofMember(
    { file: 'accepted-rules', what: 'Which version of whose rules the person has accepted', table: 'accepted_rules' },
    { version: number('version') },
  ),
  ofMember(
    { file: 'timeouts', what: 'Timeouts that stand, or stood last', table: 'timeouts' },
    { until: time('until') },
  ),
  {
    file: 'bans-and-subscriptions',
    what: 'Bans and subscriptions that stand',
    atErasure: { stays: 'ids and times alone, which no name leads to any more' },
    table: 'marks',
    key: ['channel_id', 'member_id', 'mark'],
    account: 'member_id',
    where: `mark in ('ban', 'subscription')`,
    columns: {
      channel: id('channel_id'),
      kind: plain('mark'),
      since: time('since'),
      until: time('until'),
      tier: number('value'),
    },
    leftOut: {},
  },
  {
    file: 'warnings',
    what: 'Warnings, mutes, slowed posting and permits for links that stand, with the reason that was told',
    atErasure: { stays: 'the words of moderators; of the person an id alone' },
    table: 'marks',
    key: ['channel_id', 'member_id', 'mark'],
    account: 'member_id',
    where: `mark in (${told})`,
    columns: {
      channel: id('channel_id'),
      kind: plain('mark'),
      since: time('since'),
      until: time('until'),
      value: number('value'),
      reason: plain('reason'),
    },
    leftOut: {
      member_id: own,
      actor: 'moderators are not named to whom they mark',
      addresses: moderatorsAlone,
      origin: moderatorsAlone,
      n: ofTheModel,
    },
  },
  {
    file: 'moderation',
    what: 'What moderators have done to the person or their messages',
    atErasure: { stays: 'the acts of moderators; of the person an id alone' },
    table: 'moderation_log',
    key: ['channel_id', 'moderation_seq'],
    account: 'member',
    where: `(action in (${seenActs.map((act) => `'${act}'`).join(', ')})
      or (action in ('mark_member', 'unmark_member') and mark in (${told})))`,
    columns: {
      channel: id('channel_id'),
      at: time('at'),
      action: plain('action'),
      mark: plain('mark'),
      message: plain('message_id'),
      durationMs: number('duration_ms'),
      role: plain('role'),
    },
    leftOut: {
      moderation_seq: moderatorsAlone,
      actor: 'moderators are not named to whom they act on',
      member: own,
      command_id: 'of the moderator’s command',
      mode: 'of modes of a channel, which are about nobody',
      value: moderatorsAlone,
      messages: moderatorsAlone,
      undoes: moderatorsAlone,
      cause: moderatorsAlone,
      rule: moderatorsAlone,
      case_id: moderatorsAlone,
      related: moderatorsAlone,
      origin: moderatorsAlone,
    },
  },
  {
    file: 'votes',
    what: 'How the person voted in polls',
    atErasure: 'gone',
    table: 'votes',
    key: ['channel_id', 'poll_id', 'member_id'],
    account: 'member_id',
    columns: {
      channel: id('channel_id'),
      poll: plain('poll_id'),
      option: number('option'),
      weight: number('weight'),
    },
    leftOut: { member_id: own },
  },
]
