import type { Act, ActOf } from '#libs/protocols/native/acts.ts'
import { caseworkCommands } from '../casework/acts.ts'
import type { ChannelCommand } from '../commands.ts'
import { ownershipCommands } from '../ownership/acts.ts'
import { pollCommands } from '../polls/acts.ts'

/** Why an act was done, and what it is about. */
const context = ({
  reason,
  messages,
}: {
  readonly reason?: string | undefined
  readonly messages?: string[] | undefined
}) => ({
  reason: reason ?? null,
  messages: messages ?? null,
})

type Commands = { readonly [Kind in Act['kind']]: (act: ActOf<Kind>) => ChannelCommand }

const commands: Commands = {
  'set-mode': ({ mode, value, reason }) => ({ type: 'SetMode', mode, value, reason: reason ?? null }),
  follow: () => ({ type: 'FollowChannel' }),
  unfollow: () => ({ type: 'UnfollowChannel' }),
  'grant-subscription': ({ member, tier, durationMs, reason }) => ({
    type: 'GrantSubscription',
    member,
    tier,
    durationMs: durationMs ?? null,
    reason: reason ?? null,
  }),
  'revoke-subscription': ({ member, reason }) => ({ type: 'RevokeSubscription', member, reason: reason ?? null }),
  ban: (act) => ({
    type: 'BanMember',
    member: act.member,
    durationMs: act.durationMs ?? null,
    ...context(act),
    addresses: act.addresses ?? null,
  }),
  'lift-address-ban': ({ member, reason }) => ({ type: 'LiftAddressBan', member, reason: reason ?? null }),
  unban: ({ member, reason }) => ({ type: 'UnbanMember', member, reason: reason ?? null }),
  'time-out': (act) => ({ type: 'TimeOutMember', member: act.member, durationMs: act.durationMs, ...context(act) }),
  'lift-timeout': ({ member, reason }) => ({ type: 'LiftTimeout', member, reason: reason ?? null }),
  mark: (act) => ({
    type: 'MarkMember',
    member: act.member,
    mark: act.mark,
    value: act.value ?? null,
    durationMs: act.durationMs ?? null,
    ...context(act),
  }),
  unmark: ({ member, mark, reason }) => ({ type: 'UnmarkMember', member, mark, reason: reason ?? null }),
  'acknowledge-warning': () => ({ type: 'AcknowledgeWarning' }),
  'edit-message': ({ message, text }) => ({ type: 'EditMessage', messageId: message, text }),
  'delete-message': ({ message, reason }) => ({ type: 'DeleteMessage', messageId: message, reason: reason ?? null }),
  'delete-messages': ({ member, reason }) => ({ type: 'DeleteMessages', member, reason: reason ?? null }),
  clear: ({ reason }) => ({ type: 'DeleteMessages', member: null, reason: reason ?? null }),
  'add-note': ({ member, text }) => ({ type: 'AddNote', member, text }),
  review: ({ message, approve, reason }) => ({
    type: 'ReviewMessage',
    messageId: message,
    approve,
    reason: reason ?? null,
  }),
  'undo-nuke': ({ nuke, reason }) => ({ type: 'UndoNuke', nukeId: nuke, reason: reason ?? null }),
  escalate: (act) => ({ type: 'Escalate', member: act.member, ...context(act) }),
  'change-ladder': ({ steps, reason }) => ({ type: 'ChangeLadder', steps, reason: reason ?? null }),
  'assign-role': ({ member, role, reason }) => ({ type: 'AssignRole', member, role, reason: reason ?? null }),
  pin: ({ message, reason }) => ({ type: 'PinMessage', messageId: message, reason: reason ?? null }),
  'set-text': ({ text, value, reason }) => ({ type: 'SetText', kind: text, text: value, reason: reason ?? null }),
  'set-retention': ({ days, reason }) => ({ type: 'SetRetention', days, reason: reason ?? null }),
  'accept-rules': ({ version }) => ({ type: 'AcceptRules', version }),
  ...caseworkCommands,
  ...ownershipCommands,
  ...pollCommands,
  close: ({ reason }) => ({ type: 'CloseChannel', reason: reason ?? null }),
  reopen: ({ reason }) => ({ type: 'ReopenChannel', reason: reason ?? null }),
}

/** The command of an act, whichever door it came through. */
export const actCommand = (act: Act): ChannelCommand => (commands[act.kind] as (act: Act) => ChannelCommand)(act)
