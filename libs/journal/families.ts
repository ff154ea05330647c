/**
 * A family of aggregates: one command topic and one journal, co-partitioned, keyed by the aggregate.
 * `account` is keyed by an account id or a handle's HMAC, `conversation` by the account whose whispers it holds, the
 * others by the id of a channel.
 * One that is new here gets its topics at the next start of a log that is older.
 */
export const families = ['account', 'channel', 'broadcast', 'conversation'] as const

export type Family = (typeof families)[number]

/** The command topic of a family: kept for one day. */
export const commandTopic = (family: Family): string => `whiply.${family}.commands`

/** The journal of a family: kept without end, never compacted, never written in a transaction. */
export const journalTopic = (family: Family): string => `whiply.${family}.journal`

/** The compacted topic that holds the log id and the numbers of partitions, fixed at first start. */
export const metaTopic = 'whiply.meta'

/** A topic of empty records, kept for minutes, by which an owner in doubt over its clock asks for the broker's time. */
export const clockTopic = 'whiply.clock'

/** The topic of what is of interest for a moment only: how encoders do, and who watches. Kept for ten minutes. */
export const telemetryTopic = 'whiply.telemetry'

/** The topic over which live edges tell one another who is connected, by name: kept for ten minutes. */
export const presenceTopic = 'whiply.presence'
