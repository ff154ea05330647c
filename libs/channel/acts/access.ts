import type { Action } from '#libs/access/permissions.ts'
import type { AccessRule } from '#libs/access/rule.ts'
import type { Act } from '#libs/protocols/native/acts.ts'
import { caseworkRules } from '../casework/acts.ts'
import { ownershipRules } from '../ownership/acts.ts'
import { pollRules } from '../polls/acts.ts'

const by = (channel: Action): AccessRule => ({ channel })

/** Who may do each act: what the channel itself decides by, which knows what somebody is in it. */
export const actRules: { readonly [Kind in Act['kind']]: AccessRule } = {
  ...caseworkRules,
  ...ownershipRules,
  ...pollRules,
  'set-mode': by('change_settings'),
  follow: by('follow'),
  unfollow: by('follow'),
  'grant-subscription': by('grant_subscriptions'),
  'revoke-subscription': by('grant_subscriptions'),
  ban: by('ban'),
  unban: by('ban'),
  'lift-address-ban': by('ban'),
  'time-out': by('time_out'),
  'lift-timeout': by('lift_timeouts'),
  mark: by('mark_members'),
  unmark: by('mark_members'),
  'acknowledge-warning': 'signed in',
  'edit-message': by('post'),
  'delete-message': by('delete_own_messages'),
  'delete-messages': by('delete_messages'),
  clear: by('clear_channel'),
  'add-note': by('mark_members'),
  review: by('review_messages'),
  'undo-nuke': by('nuke'),
  escalate: by('ban'),
  'change-ladder': by('change_settings'),
  'assign-role': by('assign_roles'),
  pin: by('pin_messages'),
  'set-text': by('change_settings'),
  'accept-rules': by('post'),
  'set-retention': by('set_retention'),
  close: by('close_channel'),
  reopen: by('close_channel'),
}
