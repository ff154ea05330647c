/** Why data of a writer cannot be read, by the names that Java's SchemaCompatibility made known. */
export type IncompatibilityType =
  | 'NAME_MISMATCH'
  | 'FIXED_SIZE_MISMATCH'
  | 'MISSING_ENUM_SYMBOLS'
  | 'READER_FIELD_MISSING_DEFAULT_VALUE'
  | 'TYPE_MISMATCH'
  | 'MISSING_UNION_BRANCH'

/** One place at which a reader's schema cannot read what a writer's schema wrote. */
export type Incompatibility = {
  readonly type: IncompatibilityType
  /** JSON pointer into the reader's schema, through named types as if each stood where it is used: `/fields/1/type/0`. */
  readonly path: string
  /** In words: what the reader wants, and what the writer has. */
  readonly message: string
  /** What it is about, by itself: a field's name, symbols, a type. */
  readonly subject: string
}
