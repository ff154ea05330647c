/** What an account is on the platform as a whole, highest first. */
export const platformRoles = ['owner', 'admin', 'moderator', 'support', 'developer', 'user'] as const

export type PlatformRole = (typeof platformRoles)[number]

export const isPlatformRole = (role: unknown): role is PlatformRole =>
  (platformRoles as readonly unknown[]).includes(role)

/** Those below stand beside one another: none of them acts on another. */
const ranks: Readonly<Record<PlatformRole, number>> = {
  owner: 3,
  admin: 2,
  moderator: 1,
  support: 1,
  developer: 1,
  user: 0,
}

/** Whether `one` stands strictly above `other`; nobody outranks an equal, or themselves. */
export const outranksOnPlatform = (one: PlatformRole, other: PlatformRole): boolean => ranks[one] > ranks[other]

const administrators = ['owner', 'admin'] as const
const staff = ['owner', 'admin', 'moderator', 'support'] as const

/** Who may do what on the platform. On whom, goes by rank besides: see `outranksOnPlatform`. */
const permissions = {
  /** Acting in every channel as who administers it. */
  administer_channels: administrators,
  search_accounts: staff,
  see_sessions: staff,
  force_logout: staff,
  see_audit: ['owner', 'admin', 'moderator'],
  export_audit: administrators,
  suspend_accounts: ['owner', 'admin', 'moderator'],
  reset_factors: ['owner', 'admin', 'support'],
  assign_platform_roles: administrators,
  impersonate: administrators,
  /** Emotes for every channel. */
  manage_emotes: ['owner', 'admin', 'moderator'],
  /** Inviting people where registering takes an invitation. */
  invite: staff,
  ban_addresses: ['owner', 'admin', 'moderator'],
  erase_accounts: administrators,
  /** All about a person, as they would be given it themselves. */
  export_personal_data: administrators,
  manage_integrations: ['owner', 'admin', 'developer'],
} as const satisfies Readonly<Record<string, readonly PlatformRole[]>>

export type PlatformAction = keyof typeof permissions

export const platformActions = Object.keys(permissions) as readonly PlatformAction[]

const allowed: ReadonlyMap<PlatformAction, ReadonlySet<unknown>> = new Map(
  platformActions.map((action) => [action, new Set(permissions[action])]),
)

/** Whether somebody of this role may do that on the platform: the one place that knows. What is no role may nothing. */
export const mayOnPlatform = (role: unknown, action: PlatformAction): boolean => allowed.get(action)?.has(role) ?? false
