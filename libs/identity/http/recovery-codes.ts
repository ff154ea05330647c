import { HttpProblem } from '#libs/http/problem.ts'
import type { RecoveryCodes } from '#libs/vault/recovery-codes.ts'

/** Of the record that says that there are some. Throws `identity.codes_renewed` where later ones have taken their place. */
export const newCodes = async (
  { recoveryCodes }: { readonly recoveryCodes: Pick<RecoveryCodes, 'replace'> },
  accountId: string,
  n: number,
): Promise<string[]> => {
  const codes = await recoveryCodes.replace(accountId, n)
  if (!codes) throw new HttpProblem('identity.codes_renewed')
  return [...codes]
}
