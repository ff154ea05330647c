/** What a token that its owner made may be used for; a session's own token may be used for all. */
export const scopes = ['account:read', 'chat:read', 'chat:write', 'channel:moderate', 'channel:manage'] as const

export type Scope = (typeof scopes)[number]

export const maxScopes: number = scopes.length
