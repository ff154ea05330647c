import type { IdentityEvent } from '#libs/contracts/generated/identity.ts'
import type { Clear, Opened } from '#libs/contracts/sealed.ts'

export type { IdentityEvent }

/** An event of the family `account` with its personal fields in clear: what a decision makes. */
export type IdentityDraft = Clear<IdentityEvent>

/** An event whose personal fields a reader has opened, as far as they can be. */
export type OpenedIdentityEvent = Opened<IdentityEvent>

/** The draft of that type. */
export type IdentityDraftOf<Type extends IdentityDraft['type']> = Extract<IdentityDraft, { type: Type }>
