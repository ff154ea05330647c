import type { Sql } from 'postgres'
import type { Projection } from './projection.ts'

export type CountsOptions = { readonly poisonous?: () => boolean; readonly version?: number; readonly factor?: number }

/** Counts records by key, so that one that is applied twice, or never, shows; their order shows in `history`. */
export const counts = ({ poisonous = () => true, version = 1, factor = 1 }: CountsOptions = {}): Projection => ({
  name: 'counts',
  version,
  families: ['channel'],
  tables: 'create table counts (key text primary key, total integer not null, history text not null)',
  hashed: [{ table: 'counts', key: ['key'] }],
  views: ['counts'],
  apply: async (sql, _family, outcomes) => {
    for (const { key, n, commandId } of outcomes) {
      if (commandId === 'poison' && poisonous()) throw new TypeError(`secret of ${key}`)
      await sql`
        insert into counts values (${key}, ${factor}, ${`${n}`})
        on conflict (key) do update
          set total = counts.total + ${factor}, history = counts.history || ' ' || excluded.history`
    }
  },
})

export const records = (key: string, count: number) => Array.from({ length: count }, () => ({ key }))

/** What queries see. */
export const totals = async (sql: Sql): Promise<Record<string, number>> => {
  const rows = await sql<{ key: string; total: number }[]>`select key, total from readmodel.counts`
  return Object.fromEntries(rows.map(({ key, total }) => [key, total]))
}
