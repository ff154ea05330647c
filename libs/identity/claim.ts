import type { Submitted } from '#libs/http/command.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { handleKey, type IdentityEdge, sendToIdentity } from './http/edge.ts'

/** How long a claim may take from the command to the open account: as long as any command. */
const OPENING_MS = 10_000

/** What claims stand on: less than the routes do, so that the first start can claim as well. */
export type ClaimEdge = Pick<
  IdentityEdge,
  'gateway' | 'diskFull' | 'now' | 'vault' | 'passwords' | 'opening' | 'settle'
>

type Claim = {
  readonly commandId: string
  readonly traceparent?: string | undefined
  readonly handle: string
  readonly displayName: string
  readonly email: string | null
  readonly platformRole: 'user' | 'admin'
}

export type Claimed =
  | { readonly kind: 'opened'; readonly holderId: string; readonly position: string }
  | { readonly kind: 'pending' }

type NewAccount = Claim & {
  readonly password: string
  readonly mustChange: boolean
  /** The system's claims alone may make an administrator. */
  readonly principal?: string
  /** The account's id where this very claim was sent before. */
  readonly registered?: string | undefined
  readonly onAccountId?: (accountId: string) => void
}

/**
 * Claims a handle for a new account: the secrets into the vault first, then the command, then until the process manager
 * has opened the account. Throws the rejection (`identity.handle_taken`, `identity.handle_released`), and then leaves nothing in the vault.
 */
export const claimAccount = async (
  edge: ClaimEdge,
  claim: NewAccount,
): Promise<Claimed & { readonly accountId: string }> => {
  const accountId = claim.registered ?? (await keepSecrets(edge, claim))
  claim.onAccountId?.(accountId)
  const holder = { holderKind: 'account', holderId: accountId, ownerId: accountId } as const
  try {
    const claimed = await claimHandle(edge, { ...claim, ...holder, principal: claim.principal ?? accountId })
    return { ...claimed, accountId }
  } catch (error) {
    // A claim fails only when it was rejected, was given back, or was not sent at all: it never becomes an account.
    if (claim.registered === undefined) await dropSecrets(edge, accountId)
    throw error
  }
}

const keepSecrets = async ({ vault, passwords }: ClaimEdge, { password, mustChange }: NewAccount): Promise<string> => {
  const passwordHash = await passwords.hash(password)
  const accountId = await vault.nextId()
  await vault.keys.create(accountId)
  await vault.credentials.put({ accountId, passwordHash, mustChange })
  return accountId
}

const dropSecrets = async ({ vault }: ClaimEdge, accountId: string): Promise<void> => {
  await vault.credentials.remove(accountId)
  await vault.keys.erase(accountId)
}

/**
 * Claims a handle, and waits for its account or channel to be there. Throws the rejection, or `identity.handle_released`
 * where the process manager had to give the handle back.
 */
export const claimHandle = async (
  edge: ClaimEdge,
  claim: Claim & {
    readonly holderKind: 'account' | 'channel'
    readonly holderId: string
    readonly ownerId: string
    readonly principal: string
  },
): Promise<Claimed> => {
  const { handle, holderKind, holderId, ownerId, displayName, email, platformRole } = claim
  const given = new AbortController()
  const timer = setTimeout(() => given.abort(), OPENING_MS)
  try {
    // Asked before the command is sent, since the answer may come before the command's own outcome is seen here.
    const opening = edge.opening(holderId, given.signal)
    const submitted: Submitted = await sendToIdentity(
      edge,
      { type: 'ClaimHandle', handle, holderKind, holderId, ownerId, displayName, email, platformRole },
      { ...claim, key: handleKey(edge.vault, handle) },
    )
    const opened = submitted.kind === 'pending' ? undefined : await opening
    if (submitted.kind === 'pending' || !opened) return { kind: 'pending' }
    if (opened.kind === 'released') throw new HttpProblem('identity.handle_released')
    await edge.settle([submitted.position, opened.position])
    return { kind: 'opened', holderId, position: opened.position }
  } finally {
    clearTimeout(timer)
    given.abort()
  }
}
