import type { Sql } from 'postgres'
import { createPasskeys, type Passkeys } from './passkeys.ts'
import { createRecoveryCodes, type RecoveryCodes } from './recovery-codes.ts'
import { createTotpSecrets, type TotpSecrets } from './totp-secrets.ts'
import type { Wrapping } from './wrapping.ts'

/** What accounts are logged in to by, beside passwords. */
export type Factors = {
  readonly totp: TotpSecrets
  readonly recoveryCodes: RecoveryCodes
  readonly passkeys: Passkeys
}

/** Makes `Vault.factors`. */
export const createFactors = (sql: Sql, wrapping: Wrapping): Factors => ({
  totp: createTotpSecrets(sql, wrapping),
  recoveryCodes: createRecoveryCodes(sql),
  passkeys: createPasskeys(sql),
})

/** Takes all factors of an account but its password away. */
export const dropFactors = async ({ totp, recoveryCodes, passkeys }: Factors, accountId: string): Promise<void> => {
  await totp.remove(accountId)
  await recoveryCodes.remove(accountId)
  await passkeys.removeAll(accountId)
}

/** Takes one factor away, by its id in the journal, and with codes by time the recovery codes. */
export const dropFactor = (
  { totp, passkeys }: Pick<Factors, 'totp' | 'passkeys'>,
  accountId: string,
  { factor, factorId }: { readonly factor: 'totp' | 'passkey'; readonly factorId: string },
): Promise<void> => (factor === 'passkey' ? passkeys.remove(accountId, factorId) : totp.removeOne(accountId, factorId))
