import type { Sql } from 'postgres'
import type { JournalPlace, Vault } from './vault.ts'

type Row = { readonly partition: number; readonly at_offset: string; readonly claim: string; readonly n: string }

/** Makes `Vault.reconciled`. */
export const createReconciled = (sql: Sql): Vault['reconciled'] => ({
  places: async (logId) => {
    const rows = await sql<Row[]>`
      select partition, at_offset, claim, n from vault.reconciled where log_id = ${logId}`
    return new Map(
      rows.map(({ partition, at_offset, claim, n }): [number, JournalPlace] => [
        partition,
        { offset: Number(at_offset), claim: Number(claim), n: Number(n) },
      ]),
    )
  },
  moveTo: async (logId, places) => {
    for (const [partition, { offset, claim, n }] of places)
      await sql`
        insert into vault.reconciled (partition, log_id, at_offset, claim, n)
        values (${partition}, ${logId}, ${offset}, ${claim}, ${n})
        on conflict (partition) do update
        set log_id = excluded.log_id, at_offset = excluded.at_offset, claim = excluded.claim, n = excluded.n`
  },
})
