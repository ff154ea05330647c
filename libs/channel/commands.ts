import type { ChannelCommand } from '#libs/contracts/generated/channel.ts'

export type { ChannelCommand }

/** The command of that type. */
export type ChannelCommandOf<Type extends ChannelCommand['type']> = Extract<ChannelCommand, { type: Type }>
