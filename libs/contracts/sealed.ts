declare const sealed: unique symbol

/**
 * A field sealed with a person's own key: one byte for the layout's version, a nonce of 96 random bits, the
 * AES-256-GCM ciphertext, a tag of 128 bits. Subject, event id and field name are its additional data.
 */
export type Sealed = Buffer & { readonly [sealed]: true }

/** The same event with its sealed fields in clear: what `decide` makes, and what an opened event is. */
export type Clear<Event> = Event extends unknown
  ? {
      readonly [Field in keyof Event]: Event[Field] extends Sealed
        ? string
        : Event[Field] extends Sealed | null
          ? string | null
          : Event[Field]
    }
  : never
