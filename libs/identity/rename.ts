import { HttpProblem } from '#libs/http/problem.ts'
import type { AccountView } from './account-view.ts'
import { tellingTaken, withNames } from './claim.ts'
import { handleKeptMs } from './handles/decide.ts'
import { handleKey, type IdentityEdge, nameKey, sendToIdentity } from './http/edge.ts'
import { untilOpen } from './opened.ts'

/** As long as any command. */
const CHANGE_MS = 10_000

type Rename = {
  readonly account: AccountView
  readonly handle: string
  readonly caller: { readonly accountId: string }
  readonly commandId: string
  readonly traceparent: string | undefined
}

const changedLately = ({ now }: Pick<IdentityEdge, 'now'>, changedAt: number | null): HttpProblem | undefined => {
  const remainingMs = (changedAt ?? 0) + handleKeptMs - now()
  return remainingMs > 0 ? new HttpProblem('identity.handle_changed_lately', { detail: { remainingMs } }) : undefined
}

/** Why an account did not take the handle, as far as the read model tells once it is given back. */
const notChanged = async (edge: IdentityEdge, accountId: string, position: string): Promise<HttpProblem> => {
  await edge.settle([position])
  const account = await edge.reads.account(accountId)
  return changedLately(edge, account?.handleChangedAt ?? null) ?? new HttpProblem('identity.handle_released')
}

/**
 * Takes a handle for an account, and waits until the account goes by it. Throws the rejection; where the account would not
 * have it `identity.handle_changed_lately`, if it took another at the same time, and else `identity.handle_released`.
 * @returns where it stands, or undefined while nothing is known yet
 */
export const rename = async (
  edge: IdentityEdge,
  request: Rename,
): Promise<{ readonly position: string } | undefined> => {
  const { account, handle } = request
  const before = async () => {
    // The account decides it again; here it is told before a name is taken and given back.
    const lately = changedLately(edge, account.handleChangedAt)
    if (lately) throw lately
    return { previousKey: account.handle === null ? null : handleKey(edge.vault, account.handle) }
  }
  return edge.once(request, ['changeHandle', handle], before, ({ previousKey }) => take(edge, request, previousKey))
}

const take = async (
  edge: IdentityEdge,
  { account: { accountId: holderId }, handle, commandId, traceparent }: Rename,
  previousKey: string | null,
): Promise<{ readonly position: string } | undefined> => {
  const key = handleKey(edge.vault, handle)
  const name = nameKey(edge.vault, handle)
  const given = new AbortController()
  const timer = setTimeout(() => given.abort(), CHANGE_MS)
  try {
    // Asked before the command is sent, since the answer may come before the command's own outcome is seen here.
    const changing = edge.opening(`${holderId} ${key}`, given.signal)
    const command = { type: 'TakeHandle', holderId, handle, previousKey, nameKey: name } as const
    const taking = withNames(edge, { holderId, principal: holderId, names: [{ key: name, handleKey: key }] }, () =>
      sendToIdentity(edge, command, { key, principal: holderId, commandId, traceparent }),
    )
    const submitted = await tellingTaken(edge, key, taking)
    if (submitted.kind === 'pending') return undefined
    const { position, isRepeat } = submitted
    const isOpen = async () => (await edge.reads.account(holderId))?.handleKey === key
    const found = { kind: 'opened', position } as const
    const changed = await untilOpen(changing, { isRepeat, isOpen, found, signal: given.signal })
    if (!changed) return undefined
    if (changed.kind === 'released') throw await notChanged(edge, holderId, changed.position)
    await edge.settle([position, changed.position])
    return { position: changed.position }
  } finally {
    clearTimeout(timer)
    given.abort()
  }
}
