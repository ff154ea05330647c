/** Contexts whose commands and events have schemas. */
export const contexts = ['identity', 'channel', 'broadcast', 'conversation'] as const
