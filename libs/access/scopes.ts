/** What a token may be used for, with what that lets somebody do. A right that its owner lacks a scope does not give. */
const meanings = {
  'account:read': 'Reads the own account, as only its owner sees it',
  'chat:read': 'Joins channels as the account',
  'chat:write': 'Posts, and does what every member may do: follow, accept rules',
  'whispers:read': 'Reads what was whispered to the account and by it',
  'whispers:write': 'Whispers as the account, marks what it has read, says who may whisper to it',
  'channel:moderate': 'Does what the account may do as a moderator: delete, time out, ban, review',
  'channel:manage': 'Changes channels: settings, roles, policies, stream keys',
  session: 'Everything else that its owner does: passwords, sessions, tokens, administration',
} as const

export type Scope = keyof typeof meanings

/** Those that the token of a login has: all. */
export const scopes = Object.keys(meanings) as readonly Scope[]

/** What a token may be given that its owner makes for a program. */
export const grantableScopes = [
  'account:read',
  'chat:read',
  'chat:write',
  'whispers:read',
  'whispers:write',
  'channel:moderate',
  'channel:manage',
] as const satisfies readonly Scope[]

/** What staff may do as somebody else: nothing that is a matter of the account itself, nor of what is said to it alone. */
export const actingScopes = [
  'account:read',
  'chat:read',
  'chat:write',
  'channel:moderate',
  'channel:manage',
] as const satisfies readonly Scope[]

export type GrantableScope = (typeof grantableScopes)[number]

export const isGrantable = (scope: string): scope is GrantableScope =>
  (grantableScopes as readonly string[]).includes(scope)

/** What a login key of an older bot may be used for: chat, and nothing else. */
export const chatScopes = ['chat:read', 'chat:write'] as const satisfies readonly Scope[]

/** For whoever makes a token: each scope that it may be given, with its meaning. */
export const describeScopes = (): string =>
  grantableScopes.map((scope) => `\`${scope}\`: ${meanings[scope]}`).join('; ')

export const isScope = (text: string): text is Scope => Object.hasOwn(meanings, text)

/** What an operation asks for that names no scope: nobody but the owner in person. */
export const ownerAlone = ['session'] as const satisfies readonly Scope[]

/** Whether a token with these scopes may do what one of those wanted allows: the one place that knows. */
export const permits = (held: readonly Scope[], wanted: readonly Scope[] = ownerAlone): boolean =>
  wanted.some((scope) => held.includes(scope))
