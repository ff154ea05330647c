import type { ConversationEvent } from '#libs/contracts/generated/conversation.ts'
import type { Clear, Opened } from '#libs/contracts/sealed.ts'

export type { ConversationEvent }

/** An event of an account's whispers with its personal fields in clear: what a decision makes. */
export type ConversationDraft = Clear<ConversationEvent>

/** An event that a reader has opened, as far as it can be. */
export type OpenedConversationEvent = Opened<ConversationEvent>

/** The event of that type. */
export type ConversationEventOf<Type extends ConversationEvent['type']> = Extract<ConversationEvent, { type: Type }>

/** The draft of that type. */
export type ConversationDraftOf<Type extends ConversationDraft['type']> = Extract<ConversationDraft, { type: Type }>
