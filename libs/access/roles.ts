/**
 * What somebody is in a channel, highest first. `member` is an account without an assigned role, `none` is who has no
 * account (or is no person: a manager, the system). `platform_admin` is no role of the channel: who administers the
 * platform acts as one everywhere.
 */
export const roles = [
  'platform_admin',
  'broadcaster',
  'lead_moderator',
  'moderator',
  'vip',
  'bot',
  'member',
  'none',
] as const

export type Role = (typeof roles)[number]

/** The roles that can be given to a member and taken away again. */
export const assignableRoles = ['lead_moderator', 'moderator', 'vip', 'bot'] as const satisfies readonly Role[]

export type AssignableRole = (typeof assignableRoles)[number]

export const isAssignable = (role: string): role is AssignableRole =>
  (assignableRoles as readonly string[]).includes(role)

/** Whether `one` stands strictly above `other`; nobody outranks an equal, or themselves. */
export const outranks = (one: Role, other: Role): boolean => roles.indexOf(one) < roles.indexOf(other)
