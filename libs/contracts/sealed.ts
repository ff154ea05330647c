declare const sealed: unique symbol

/**
 * A field sealed with a person's own key: one byte for the layout's version, a nonce of 96 random bits, the
 * AES-256-GCM ciphertext, a tag of 128 bits. Subject, event id and field name are its additional data.
 */
export type Sealed = Buffer & { readonly [sealed]: true }

declare const copied: unique symbol

/** A sealed field of an earlier event, carried on as it is: the author's ciphertext, to be opened as of that event. */
export type Copied = Buffer & { readonly [copied]: true }

/** The same event with its sealed fields in clear: what `decide` makes. */
export type Clear<Event> = Event extends unknown
  ? {
      readonly [Field in keyof Event]: Event[Field] extends Sealed
        ? string
        : Event[Field] extends Sealed | null
          ? string | null
          : Event[Field]
    }
  : never

/**
 * The same event opened by a reader: what could not be opened, since its person was erased, is undefined; null stays
 * what the writer left out.
 */
export type Opened<Event> = Event extends unknown
  ? {
      readonly [Field in keyof Event]: Event[Field] extends Sealed | Copied
        ? string | undefined
        : Event[Field] extends Sealed | Copied | null
          ? string | null | undefined
          : Event[Field]
    }
  : never

/** Seals one field; `PersonalKeys.seal` of the vault. */
export type Seal = (subject: string, eventId: string, field: string, text: string) => Sealed

/** Opens one field; `PersonalKeys.open` of the vault. */
export type Open = (subject: string, eventId: string, field: string, sealed: Sealed) => string | undefined
