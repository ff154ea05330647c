import type { Sql } from 'postgres'
import type { CanaryForms } from './forms.ts'

export type FoundRows = {
  readonly kind: 'rows'
  /** With its schema. */
  readonly table: string
  readonly column: string
  readonly rows: number
}

type Column = { readonly schema: string; readonly table: string; readonly column: string; readonly type: string }

/** Every column of every table and materialised view but those of Postgres itself. */
const columnsOf = (sql: Sql): Promise<readonly Column[]> => sql<Column[]>`
  select n.nspname as schema, c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and a.attnum > 0 and not a.attisdropped
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  order by 1, 2, a.attnum`

/** Searches a database, column by column: `bytea` by its bytes, all else by the text that Postgres shows of it. */
export const searchTables = async (sql: Sql, forms: CanaryForms): Promise<readonly FoundRows[]> => {
  const found: FoundRows[] = []
  const hex = forms.bytes.map((form) => form.toString('hex'))
  for (const { schema, table, column, type } of await columnsOf(sql)) {
    const rows =
      type === 'bytea'
        ? await sql<{ count: number }[]>`
            select count(*)::int as count from ${sql(schema)}.${sql(table)}
            where exists (select from unnest(${hex}::text[]) form
              where position(decode(form, 'hex') in ${sql(column)}) > 0)`
        : await sql<{ count: number }[]>`
            select count(*)::int as count from ${sql(schema)}.${sql(table)}
            where exists (select from unnest(${forms.texts as string[]}::text[]) form
              where strpos(${sql(column)}::text, form) > 0)`
    const count = rows[0]?.count ?? 0
    if (count > 0) found.push({ kind: 'rows', table: `${schema}.${table}`, column, rows: count })
  }
  return found
}
