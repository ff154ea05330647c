import { type Role, roles } from './roles.ts'

const all: readonly Role[] = roles
const accounts = all.filter((role) => role !== 'none')
const moderators = ['platform_admin', 'broadcaster', 'lead_moderator', 'moderator'] as const
const leads = ['platform_admin', 'broadcaster', 'lead_moderator'] as const

/** Who may do what in a channel. On whom, goes by rank besides: see `outranks`. */
const permissions = {
  read: all,
  post: accounts,
  /** Posting pictures with a message, where the channel takes them. */
  attach: accounts,
  /** Posting what stands out from other messages. */
  announce: moderators,
  manage_emotes: leads,
  /** Setting for how long the history is kept. */
  set_retention: ['platform_admin', 'broadcaster'],
  /** Taking the whole history away as a file. */
  export_history: ['platform_admin', 'broadcaster'],
  /** Posting without waiting for slow mode. */
  post_unslowed: moderators,
  /** Posting whatever the modes of the room ask of members. */
  post_in_any_mode: [...moderators, 'vip', 'bot'],
  post_when_read_only: moderators,
  /** Posting from where somebody came who is banned with their addresses. */
  post_from_banned_addresses: [...moderators, 'vip', 'bot'],
  /** Posting though a channel's moderators have silenced one: who looks after the platform does so in every channel. */
  post_though_silenced: ['platform_admin'],
  follow: accounts,
  grant_subscriptions: ['platform_admin', 'broadcaster'],
  /** Seeing the moderators' lane. */
  read_moderation: moderators,
  change_settings: moderators,
  delete_own_messages: accounts,
  /** Deleting what others wrote. */
  delete_messages: moderators,
  pin_messages: moderators,
  transfer_channel: ['platform_admin', 'broadcaster'],
  close_channel: ['platform_admin', 'broadcaster'],
  run_polls: moderators,
  vote: accounts,
  clear_channel: moderators,
  nuke: moderators,
  ban: moderators,
  /** Setting and taking away marks, writing notes. */
  mark_members: moderators,
  protect_members: leads,
  /** Letting held messages through, or not. */
  review_messages: moderators,
  set_policy: leads,
  /** Telling the moderators of a message, or a person. */
  report: accounts,
  handle_reports: moderators,
  /** Asking the moderators to look again at what was done to oneself. */
  appeal: accounts,
  answer_appeals: moderators,
  set_quorum: leads,
  /** Taking back a ban that somebody else has proposed. */
  reject_bans: leads,
  /** Letting other channels follow the bans of this one, and following theirs. */
  share_bans: leads,
  import_bans: leads,
  /** Naming channels that belong together. */
  set_group: ['platform_admin', 'broadcaster'],
  time_out: moderators,
  lift_timeouts: moderators,
  assign_roles: leads,
  /** A stream key lets anybody who has it speak for the channel. */
  manage_stream_keys: ['platform_admin', 'broadcaster'],
  stop_broadcasts: moderators,
  /** How long broadcasts are kept, what is said of recordings, and deleting them. */
  manage_recordings: ['platform_admin', 'broadcaster'],
  set_quotas: ['platform_admin'],
  make_clips: accounts,
  change_broadcast_info: moderators,
  /** Seeing how an encoder does. */
  see_broadcast_health: moderators,
  /** Watching what is for subscribers, or for those with a role alone. */
  watch_private_broadcasts: [...moderators, 'vip', 'bot'],
} as const satisfies Readonly<Record<string, readonly Role[]>>

export type Action = keyof typeof permissions

export const actions = Object.keys(permissions) as readonly Action[]

const allowed: ReadonlyMap<Action, ReadonlySet<Role>> = new Map(
  actions.map((action) => [action, new Set<Role>(permissions[action])]),
)

/** Whether somebody of this role may do that in a channel: the one place that knows. */
export const may = (role: Role, action: Action): boolean => allowed.get(action)?.has(role) ?? false
