import { createHash } from 'node:crypto'
import type { Sql } from 'postgres'
import { sweeper } from './sweep.ts'

/** From which devices somebody has logged in lately. */
export type KnownDevices = {
  /**
   * Remembers that a login came with these marks, each a keyed hash of the caller's making. At most 40 of an account are
   * kept, the last ones, for 180 days. @returns which of two: one of the marks was known, or none was
   */
  readonly meet: (accountId: string, marks: readonly string[]) => Promise<'known' | 'new'>
  readonly drop: (accountId: string) => Promise<void>
}

const KEPT = 40
const KEPT_MS = 180 * 24 * 3_600_000

/** How often those that were seen too long ago are looked for. */
const SWEEP_MS = 3_600_000

const hashOf = (mark: string): Buffer => createHash('sha256').update(mark).digest()

/** `now` is for tests. */
export const createKnownDevices = (sql: Sql, now: () => number = Date.now): KnownDevices => {
  const sweep = sweeper(
    now,
    SWEEP_MS,
    (at) => sql`delete from vault.known_devices where seen_at < ${new Date(at - KEPT_MS)}`,
  )

  const keepLast = async (accountId: string): Promise<void> => {
    await sql`
      delete from vault.known_devices where account_id = ${accountId} and device_hash in (
        select device_hash from vault.known_devices where account_id = ${accountId}
        order by seen_at desc, device_hash offset ${KEPT})`
  }

  return {
    meet: async (accountId, marks) => {
      await sweep()
      const hashes = marks.map((mark) => hashOf(mark).toString('hex'))
      // In one order, so that of two at once neither waits for the other.
      const met = await sql<{ known: boolean }[]>`
        insert into vault.known_devices (account_id, device_hash, seen_at)
        select ${accountId}, decode(hash, 'hex'), ${new Date(now())}
        from (select distinct hash from jsonb_array_elements_text(${sql.json(hashes)}) as hash order by hash) as marks
        on conflict (account_id, device_hash) do update set seen_at = excluded.seen_at
        returning xmax <> 0 as known`
      if (met.some(({ known }) => !known)) await keepLast(accountId)
      return met.some(({ known }) => known) ? 'known' : 'new'
    },
    drop: async (accountId) => {
      await sql`delete from vault.known_devices where account_id = ${accountId}`
    },
  }
}
