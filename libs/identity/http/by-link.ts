import { HttpProblem } from '#libs/http/problem.ts'
import type { OneTimePurpose, OneTimeToken } from '#libs/vault/vault.ts'
import type { IdentityEdge } from './edge.ts'

type Link = {
  readonly purpose: OneTimePurpose
  readonly secret: string
  readonly commandId: string
}

/**
 * Does by the secret of a mail what it is good for: `first` the first time, `each` whenever the request comes, which has used
 * the secret up itself by then. Where it fails the secret is good again. Throws `identity.link_invalid`.
 */
export const byLink = async <Kept extends { readonly accountId: string }, Result>(
  edge: IdentityEdge,
  { purpose, secret, commandId }: Link,
  first: (token: OneTimeToken & { readonly left: number }) => Promise<Kept>,
  each: (kept: Kept, isAgain: boolean) => Promise<Result>,
): Promise<Result> => {
  const { oneTime } = edge.vault
  let taken: OneTimeToken | undefined
  const take = async () => {
    const token = await oneTime.take(purpose, secret)
    if (!token) throw new HttpProblem('identity.link_invalid')
    taken = token
    return first(token)
  }
  try {
    return await edge.once({ commandId }, [purpose, secret], take, each)
  } catch (error) {
    if (taken) await oneTime.putBack(taken)
    throw error
  }
}
