import type { Fragment, Sql } from 'postgres'
import type { Column, Form, Person, PersonalTable } from './table.ts'

/** Where a page has ended: the key of its last row, as text. */
export type After = readonly string[]

export type Row = Readonly<Record<string, unknown>>

/** Rows in the order of the key; `after` is undefined behind the last. */
export type PersonalPage = { readonly rows: readonly Row[]; readonly after: After | undefined }

const writers: Readonly<Record<Form, (value: unknown) => unknown>> = {
  id: String,
  time: (value) => new Date(Number(value)).toISOString(),
  number: Number,
  'as it is': (value) => value,
}

/** A time beyond what a date can be is one that never comes. */
const MOST_DATE_MS = 8.64e15

const written = ({ form }: Column, value: unknown): unknown => {
  if (value === null || (form === 'time' && Number(value) > MOST_DATE_MS)) return null
  return writers[form](value)
}

const keyName = (index: number): string => `key ${index}`

const aboutPerson = (sql: Sql, { account, channel }: PersonalTable, { accountId, channelIds }: Person) => {
  const theirs = account === undefined ? sql`false` : sql`${sql(account)} = ${accountId}`
  return channel === undefined
    ? theirs
    : sql`(${theirs} or ${sql(channel)} in (select jsonb_array_elements_text(${sql.json([...channelIds])})::bigint))`
}

const listOf = <Item>(sql: Sql, items: readonly Item[], each: (item: Item) => Fragment): Fragment =>
  items.map(each).reduce<Fragment | undefined>((list, one) => (list ? sql`${list}, ${one}` : one), undefined) ?? sql``

const columnsOf = (sql: Sql, columns: readonly string[]) => listOf(sql, columns, (column) => sql`${sql(column)}`)

const behind = (sql: Sql, key: readonly string[], after: After | undefined) =>
  after ? sql`and (${columnsOf(sql, key)}) > (${listOf(sql, after, (value) => sql`${value}`)})` : sql``

/** A page of the rows that are about a person, no more than `limit` of them at once. */
export const readPersonalPage = async (
  sql: Sql,
  table: PersonalTable,
  person: Person,
  after: After | undefined,
  limit: number,
): Promise<PersonalPage> => {
  const { key, columns, where } = table
  const names = Object.entries(columns)
  const wanted = listOf(sql, names, ([name, { column }]) => sql`${sql(column)} as ${sql(name)}`)
  const keys = listOf(sql, [...key.entries()], ([index, column]) => sql`${sql(column)}::text as ${sql(keyName(index))}`)
  const rows = await sql<Record<string, unknown>[]>`
    select ${wanted}, ${keys} from readmodel.${sql(table.table)}
    where ${aboutPerson(sql, table, person)} ${where === undefined ? sql`` : sql`and ${sql.unsafe(where)}`}
      ${behind(sql, key, after)}
    order by ${columnsOf(sql, key)} limit ${limit}`
  const last = rows.length < limit ? undefined : rows.at(-1)
  return {
    rows: rows.map((row) => Object.fromEntries(names.map(([name, column]) => [name, written(column, row[name])]))),
    after: last && key.map((_, index) => String(last[keyName(index)])),
  }
}
