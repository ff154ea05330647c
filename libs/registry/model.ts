/** Another schema whose types a schema uses: version `version` of `subject`, there called `name`. */
export type Reference = { readonly name: string; readonly subject: string; readonly version: number }

/** A schema by itself: what an id stands for. */
export type Content = {
  readonly id: number
  /** Hex of the SHA-256 of text and references. */
  readonly fingerprint: string
  /** Canonical. */
  readonly text: string
  readonly references: readonly Reference[]
}

/** A schema as a version of a subject. */
export type Version = Content & {
  readonly subject: string
  readonly version: number
  /** Softly: not found any more, unless it is asked for; its id still is. */
  readonly deleted: boolean
}

/** IMPORT takes ids and versions as they are given, for a registry that is moved here. */
export const modes = ['READWRITE', 'READONLY', 'IMPORT'] as const

export type Mode = (typeof modes)[number]

export const HIGHEST_ID = 2 ** 31 - 1
