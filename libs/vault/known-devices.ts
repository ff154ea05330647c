import { createHash } from 'node:crypto'
import type { Sql } from 'postgres'

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

const hashOf = (mark: string): Buffer => createHash('sha256').update(mark).digest()

/** `now` is for tests. */
export const createKnownDevices = (sql: Sql, now: () => number = Date.now): KnownDevices => ({
  meet: (accountId, marks) =>
    sql.begin(async (transaction) => {
      const at = new Date(now())
      const hashes = marks.map(hashOf)
      await transaction`delete from vault.known_devices where seen_at < ${new Date(now() - KEPT_MS)}`
      let known = false
      for (const hash of hashes) {
        const [before] = await transaction<{ known: boolean }[]>`
          insert into vault.known_devices (account_id, device_hash, seen_at) values (${accountId}, ${hash}, ${at})
          on conflict (account_id, device_hash) do update set seen_at = excluded.seen_at
          returning xmax <> 0 as known`
        known ||= before?.known ?? false
      }
      await transaction`
        delete from vault.known_devices where account_id = ${accountId} and device_hash in (
          select device_hash from vault.known_devices where account_id = ${accountId}
          order by seen_at desc, device_hash offset ${KEPT})`
      return known ? 'known' : 'new'
    }) as Promise<'known' | 'new'>,
  drop: async (accountId) => {
    await sql`delete from vault.known_devices where account_id = ${accountId}`
  },
})
