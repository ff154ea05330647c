import type { BroadcastEvent } from '#libs/contracts/generated/broadcast.ts'
import type { Clear } from '#libs/contracts/sealed.ts'

export type { BroadcastEvent }

/** An event of a channel's broadcasts with its personal fields in clear: what a decision makes. */
export type BroadcastDraft = Clear<BroadcastEvent>

/** The event of that type. */
export type BroadcastEventOf<Type extends BroadcastEvent['type']> = Extract<BroadcastEvent, { type: Type }>

/** The draft of that type. */
export type BroadcastDraftOf<Type extends BroadcastEvent['type']> = Extract<BroadcastDraft, { type: Type }>
