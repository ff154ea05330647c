import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Clear } from '#libs/contracts/sealed.ts'

export type { ChannelEvent }

/** An event of a channel with its personal fields in clear: what a decision makes. */
export type ChannelDraft = Clear<ChannelEvent>

/** The event of that type. */
export type ChannelEventOf<Type extends ChannelEvent['type']> = Extract<ChannelEvent, { type: Type }>

/** The draft of that type. */
export type ChannelDraftOf<Type extends ChannelEvent['type']> = Extract<ChannelDraft, { type: Type }>
