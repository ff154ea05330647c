import type { After, PersonalPage, Row } from './read.ts'
import type { AtErasure, Person, PersonalTable } from './table.ts'

/** A file of a person's archive: rows, a bounded number at a time. */
export type PersonalFile = {
  /** Without its ending. */
  readonly name: string
  readonly what: string
  readonly atErasure: AtErasure
  readonly pages: (person: Person) => AsyncIterable<readonly Row[]>
}

/** A page of what a table has about a person, behind `after`. */
export type ReadPage = (
  table: PersonalTable,
  person: Person,
  after: After | undefined,
  limit: number,
) => Promise<PersonalPage>

const ROWS = 500

/** The file that a table is. */
export const fileOf = (table: PersonalTable, readPage: ReadPage): PersonalFile => ({
  name: table.file,
  what: table.what,
  atErasure: table.atErasure,
  async *pages(person) {
    let after: After | undefined
    do {
      const page = await readPage(table, person, after, ROWS)
      yield page.rows
      after = page.after
    } while (after)
  },
})
