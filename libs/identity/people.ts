import { shortMemory } from '#libs/readmodel/short-memory.ts'
import type { Vault } from '#libs/vault/vault.ts'
import { type AccountReads, handleKey } from './http/edge.ts'

/** People as channels and whispers know them. */
export const createPeople = (
  reads: Pick<AccountReads, 'account' | 'holder' | 'namesOf'>,
  vault: Pick<Vault, 'hashes'>,
) => {
  const holder = (handle: string) => reads.holder(handleKey(vault, handle))
  return {
    /** The handle of an account; may be a second old. */
    handle: shortMemory(async (accountId) => (await reads.account(accountId))?.handle ?? undefined).get,
    /** When the account was opened, and whether its e-mail address is confirmed. */
    account: async (accountId: string) => {
      const account = await reads.account(accountId)
      return account && { openedAt: account.openedAt, verified: account.emailVerified }
    },
    /** The id of the account or channel that holds a handle. */
    holderOf: async (handle: string) => (await holder(handle))?.id,
    /** The account that goes by a handle now. */
    accountOf: async (handle: string) => {
      const held = await holder(handle)
      return held?.kind === 'account' && held.retiredUntil === null ? held.id : undefined
    },
    /** Names shown; those that are not there are not in the answer. */
    namesOf: async (accountIds: readonly string[]) => {
      const names = await reads.namesOf(accountIds)
      return new Map([...names].map(([id, { displayName, handle }]) => [id, displayName ?? handle]))
    },
  }
}
