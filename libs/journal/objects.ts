/**
 * The object store port: immutable objects by name (`a/b/c`), for snapshots, media and exports.
 * `put` is atomic and never overwrites: it rejects with `ObjectExists`. Any call of a store that is reached over a network
 * may reject with `ObjectStoreError`.
 */
export type ObjectStore = {
  readonly put: (name: string, bytes: Buffer) => Promise<void>
  /** Undefined where there is no such object. Of a range there is as much as the object has of it. */
  readonly get: (name: string, range?: ByteRange) => Promise<Buffer | undefined>
  /** Names with the prefix, in the order of their code points. */
  readonly list: (prefix: string) => Promise<readonly string[]>
  readonly remove: (name: string) => Promise<void>
}

/** Bytes of an object from the first on, before the second, of which there is at least one. */
export type ByteRange = { readonly from: number; readonly to: number }

export class ObjectExists extends Error {
  readonly code = 'object.exists'
}

/** More bytes than the store takes or hands over in one piece. */
export class ObjectTooLarge extends Error {
  readonly code = 'object.too_large'
}

/**
 * Why a store does nothing for us, whichever object is asked for: what is there stays there, and waiting, or an operator,
 * can mend it.
 *
 * - `object.store_away`: no answer, or one that says to come again, try after try
 * - `object.store_denied`: the credentials are wrong, or not allowed to do this
 * - `object.bucket_missing`: there is no such bucket
 * - `object.store_refused`: any other refusal: another region, a feature that the store lacks
 */
export type ObjectStoreErrorCode =
  | 'object.store_away'
  | 'object.store_denied'
  | 'object.bucket_missing'
  | 'object.store_refused'

export class ObjectStoreError extends Error {
  readonly code: ObjectStoreErrorCode

  constructor(code: ObjectStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
