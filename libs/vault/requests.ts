import type { Sql } from 'postgres'
import { sweeper } from './sweep.ts'
import type { AccountId } from './vault.ts'
import type { Wrapping } from './wrapping.ts'

export type KeptRequest = {
  /** Who asked; of a request without a login whom it is about. */
  readonly accountId: AccountId
  /** A keyed hash of what was asked for. */
  readonly fingerprint: string
  /** What JSON can say; sealed by the master key. */
  readonly kept: unknown
}

/**
 * What requests for commands found, made or used up the first time that they came, by the ids of their commands: one that is
 * sent again because its answer was lost is the same command at whichever edge, and meets nothing that it has done itself.
 * Known for a day.
 */
export type Requests = {
  readonly find: (commandId: string) => Promise<KeptRequest | undefined>
  /** @returns what is kept: this very object, or that of who was quicker */
  readonly keep: (commandId: string, request: KeptRequest) => Promise<KeptRequest>
  /** For one whose command was not sent: what it finds is found anew when it comes again. */
  readonly forget: (commandId: string) => Promise<void>
  readonly drop: (accountId: AccountId) => Promise<void>
}

/** Far longer than a command may be sent again. */
const KEPT_MS = 24 * 3_600_000

/** How often those that are older are looked for. */
const SWEEP_MS = 60_000

type Row = { readonly account_id: AccountId; readonly fingerprint: string; readonly wrapped_kept: Buffer }

/** What is kept is bound to its command. */
export const requestName = (commandId: string): string => `request ${commandId}`

/** `now` is for tests. */
export const createRequests = (sql: Sql, wrapping: Wrapping, now: () => number = Date.now): Requests => {
  const sweep = sweeper(
    now,
    SWEEP_MS,
    (at) => sql`delete from vault.requests where begun_at < ${new Date(at - KEPT_MS)}`,
  )

  const find: Requests['find'] = async (commandId) => {
    const [row] = await sql<Row[]>`
      select account_id, fingerprint, wrapped_kept from vault.requests where command_id = ${commandId}`
    if (!row) return undefined
    const kept = await wrapping.unwrap(requestName(commandId), row.wrapped_kept)
    return { accountId: row.account_id, fingerprint: row.fingerprint, kept: JSON.parse(kept.toString()) }
  }

  return {
    find,
    keep: async (commandId, request) => {
      await sweep()
      const { accountId, fingerprint, kept } = request
      const wrapped = await wrapping.wrap(requestName(commandId), Buffer.from(JSON.stringify(kept)))
      for (;;) {
        const inserted = await sql`
          insert into vault.requests (command_id, account_id, fingerprint, wrapped_kept, begun_at)
          values (${commandId}, ${accountId}, ${fingerprint}, ${wrapped}, ${new Date(now())})
          on conflict do nothing returning 1`
        if (inserted.length > 0) return request
        // One that was there and is forgotten by now leaves room for this one.
        const other = await find(commandId)
        if (other) return other
      }
    },
    forget: async (commandId) => {
      await sql`delete from vault.requests where command_id = ${commandId}`
    },
    drop: async (accountId) => {
      await sql`delete from vault.requests where account_id = ${accountId}`
    },
  }
}
