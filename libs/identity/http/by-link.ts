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
 * the secret up itself by then. Where nothing came of it `undo` takes back what `first` did, and the secret is good again.
 * Throws `identity.link_invalid`.
 */
export const byLink = async <Kept extends { readonly accountId: string }, Result>(
  edge: IdentityEdge,
  { purpose, secret, commandId }: Link,
  first: (token: OneTimeToken & { readonly left: number }) => Promise<Kept>,
  each: (kept: Kept, isAgain: boolean) => Promise<Result>,
  undo: () => Promise<void> = async () => {},
): Promise<Result> => {
  const { oneTime } = edge.vault
  let taken: OneTimeToken | undefined
  const putBack = async () => {
    if (taken) await oneTime.putBack(taken, commandId)
  }
  const take = async () => {
    const token = await oneTime.take(purpose, secret, commandId)
    if (!token) throw new HttpProblem('identity.link_invalid')
    taken = token
    try {
      return await first(token)
    } catch (error) {
      await putBack()
      throw error
    }
  }
  const takeBack = async () => {
    await undo()
    await putBack()
  }
  return edge.once({ commandId }, [purpose, secret], take, each, takeBack)
}
