/** Contexts whose commands and events have schemas. */
export const contexts = ['identity', 'channel'] as const
