import type { TransactionSql } from 'postgres'
import type { IdentityEvent } from '#libs/contracts/generated/identity.ts'
import type { Happened } from '#libs/readmodel/events.ts'

export const suspensionTypes = ['AccountSuspended', 'AccountRestored'] as const

/** A suspension without an end: beyond every time that a record may have. */
export const FOR_GOOD = Number.MAX_SAFE_INTEGER

/** The last word on each account's suspension. */
export const applySuspensions = async (
  sql: TransactionSql,
  happened: readonly Happened<IdentityEvent>[],
): Promise<void> => {
  const last = new Map<string, { readonly account_id: string; readonly until: number | null; readonly n: number }>()
  for (const { record, event } of happened) {
    if (event.type !== 'AccountSuspended' && event.type !== 'AccountRestored') continue
    const { accountId: account_id } = event
    const until = event.type === 'AccountSuspended' ? (event.until ?? FOR_GOOD) : null
    last.set(account_id, { account_id, until, n: record.n })
  }
  if (last.size === 0) return
  await sql`
    update accounts set suspended_until = suspended.until, n = suspended.n
    from jsonb_to_recordset(${sql.json([...last.values()])}) as suspended (account_id bigint, until bigint, n bigint)
    where accounts.account_id = suspended.account_id`
}
