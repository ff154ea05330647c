/**
 * The object store port: immutable objects by name (`a/b/c`), for snapshots, media and exports.
 * `put` is atomic and never overwrites: it rejects with `ObjectExists`.
 */
export type ObjectStore = {
  readonly put: (name: string, bytes: Buffer) => Promise<void>
  /** Undefined where there is no such object. */
  readonly get: (name: string) => Promise<Buffer | undefined>
  /** Names with the prefix, in the order of their code points. */
  readonly list: (prefix: string) => Promise<readonly string[]>
  readonly remove: (name: string) => Promise<void>
}

export class ObjectExists extends Error {
  readonly code = 'object.exists'
}
