/** How a column's value is written: ids as text, times in ISO 8601, numbers as such, `as it is` for text and JSON. */
export type Form = 'id' | 'time' | 'number' | 'as it is'

export type Column = { readonly column: string; readonly form: Form }

export const id = (column: string): Column => ({ column, form: 'id' })
export const time = (column: string): Column => ({ column, form: 'time' })
export const number = (column: string): Column => ({ column, form: 'number' })
export const plain = (column: string): Column => ({ column, form: 'as it is' })

/**
 * What becomes of it when the person is erased: its rows go, or what they wrote in them can be read no more, or it stays,
 * with why.
 */
export type AtErasure = 'gone' | 'unreadable' | { readonly stays: string }

/**
 * What a read model's table has about a person, as one file of their archive. Every column stands in `columns`, or in
 * `leftOut` with why not.
 */
export type PersonalTable = {
  /** The file's name without its ending. */
  readonly file: string
  /** What the file holds, to the person. */
  readonly what: string
  readonly atErasure: AtErasure
  /** A view in the schema `readmodel`. */
  readonly table: string
  /** The primary key, in whose order rows are written, and by which a page goes on where the last one ended. */
  readonly key: readonly [string, ...string[]]
  /** Where a row says that it is about the person: an account, or a channel that is theirs. Either is enough. */
  readonly account?: string
  readonly channel?: string
  /** SQL besides, over columns of the table. */
  readonly where?: string
  /** By the names that the person reads. */
  readonly columns: Readonly<Record<string, Column>>
  readonly leftOut: Readonly<Record<string, string>>
}

/** Tables of which nothing is in an archive, each with why. */
export type NotExported = Readonly<Record<string, string>>

/** What a context has about people. */
export type PersonalData = { readonly tables: readonly PersonalTable[]; readonly notExported: NotExported }

/** Whose data is asked for. */
export type Person = { readonly accountId: string; readonly channelIds: readonly string[] }
