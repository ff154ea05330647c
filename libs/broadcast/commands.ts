import type { BroadcastCommand } from '#libs/contracts/generated/broadcast.ts'

export type { BroadcastCommand }

/** The command of that type. */
export type BroadcastCommandOf<Type extends BroadcastCommand['type']> = Extract<BroadcastCommand, { type: Type }>
