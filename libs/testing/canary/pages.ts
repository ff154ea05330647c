import type { Sql } from 'postgres'
import type { CanaryForms } from './forms.ts'

/**
 * Searches the files of all tables and indexes as they lie on disk, so old versions of rows too. For a superuser on a
 * server of its own, and not for large databases: each file is read as a whole.
 * @returns names of tables, those of their overflow and of indexes, with schema
 */
export const searchPages = async (sql: Sql, forms: CanaryForms): Promise<readonly string[]> => {
  await sql`checkpoint`
  const hex = forms.bytes.map((form) => form.toString('hex'))
  const rows = await sql<{ name: string }[]>`
    select c.oid::regclass::text as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace,
      pg_read_binary_file(pg_relation_filepath(c.oid)) as pages
    where c.relkind in ('r', 'm', 't', 'i') and n.nspname not in ('pg_catalog', 'information_schema')
      and exists (select from unnest(${hex}::text[]) form where position(decode(form, 'hex') in pages) > 0)
    order by 1`
  return rows.map(({ name }) => name)
}
