import type { Submitted } from '#libs/http/command.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { IdentityCommandOf } from './commands.ts'
import { handleKey, type IdentityEdge, nameKey, sendToIdentity } from './http/edge.ts'
import { untilOpen } from './opened.ts'

/** How long a claim may take from the command to the open account: as long as any command. */
const OPENING_MS = 10_000

/** What claims of handles stand on. */
export type HandleClaimEdge = Pick<IdentityEdge, 'gateway' | 'diskFull' | 'now' | 'opening' | 'settle'> & {
  readonly reads: Pick<IdentityEdge['reads'], 'holder'>
  readonly vault: Pick<IdentityEdge['vault'], 'hashes'>
}

/** What claims of accounts stand on: less than the routes do, so that the first start can claim as well. */
export type ClaimEdge = HandleClaimEdge &
  Pick<IdentityEdge, 'passwords'> & {
    readonly reads: Pick<IdentityEdge['reads'], 'account'>
    readonly vault: Pick<IdentityEdge['vault'], 'nextId' | 'credentials' | 'keys'>
  }

type Claim = {
  readonly commandId: string
  readonly traceparent?: string | undefined
  readonly handle: string
  readonly displayName: string
  readonly email: string | null
  readonly platformRole: 'user' | 'admin'
  readonly termsVersion?: string | null
}

export type Claimed =
  | { readonly kind: 'opened'; readonly holderId: string; readonly position: string }
  | { readonly kind: 'pending' }

type NewAccount = Claim & {
  readonly password: string
  readonly mustChange: boolean
  /** The system's claims alone may make an administrator. */
  readonly principal?: string
  readonly shared?: SharedClaim
}

/** What is the same each time that a claim is sent, so that it is the same command. */
export type Registered = { readonly accountId: string; readonly invitedBy: string | null }

/** A claim that may be sent several times, and is for one account. */
export type SharedClaim = {
  /** What it is for, where it was sent before: the caller takes part in that. */
  readonly joined: Registered | undefined
  /** Tells of an account whose secrets are kept. @returns what it is for: this one, or that of who was quicker */
  readonly begin: (accountId: string) => Promise<Registered>
  /** For a caller that failed. @returns whether nobody else takes part, so that its secrets may go */
  readonly leave: () => Promise<boolean>
}

/**
 * Claims a handle for a new account: the secrets into the vault first, then the command, then until the process manager
 * has opened the account. Throws the rejection (`identity.handle_taken`, `identity.handle_released`), and then leaves
 * nothing in the vault that others do not need who take part.
 */
export const claimAccount = async (
  edge: ClaimEdge,
  claim: NewAccount,
): Promise<Claimed & { readonly accountId: string }> => {
  const { shared } = claim
  const { accountId, invitedBy } = shared?.joined ?? (await beginClaim(edge, claim))
  const holder = { holderKind: 'account', holderId: accountId, ownerId: accountId } as const
  try {
    const principal = claim.principal ?? accountId
    const isOpen = async () => (await edge.reads.account(accountId)) !== undefined
    const claimed = await claimHandle(edge, { ...claim, ...holder, invitedBy, principal, isOpen })
    return { ...claimed, accountId }
  } catch (error) {
    // A claim fails only when it was rejected, was given back, or was not sent at all: it never becomes an account.
    if (!shared || (await shared.leave())) await dropSecrets(edge, accountId)
    throw error
  }
}

const beginClaim = async (edge: ClaimEdge, claim: NewAccount): Promise<Registered> => {
  const own = await keepSecrets(edge, claim)
  let begun: Registered | undefined
  try {
    begun = claim.shared ? await claim.shared.begin(own) : { accountId: own, invitedBy: null }
    return begun
  } finally {
    if (begun?.accountId !== own) await dropSecrets(edge, own)
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

/** Key of a name, and of the handle that needs it: null where it is a name shown. */
export type NeededName = { readonly key: string; readonly handleKey: string | null }

/**
 * Keeps names free for an account while it does what needs them, and gives them back where that is not done. Throws
 * `identity.handle_taken` where another is about to have that handle, `identity.name_confusable` where it only looks alike.
 */
export const withNames = async <Result>(
  edge: Pick<HandleClaimEdge, 'gateway' | 'diskFull' | 'now' | 'vault'>,
  {
    holderId,
    principal,
    names,
  }: { readonly holderId: string; readonly principal: string; readonly names: readonly NeededName[] },
  work: () => Promise<Result>,
): Promise<Result> => {
  const reserved: string[] = []
  const send = (command: IdentityCommandOf<'ReserveName' | 'EndNameReservation'>, key: string) =>
    sendToIdentity(edge, command, { key, principal, commandId: uuidv7() })
  try {
    for (const { key, handleKey } of names) {
      const { kind } = await send({ type: 'ReserveName', holderId, handleKey }, key)
      if (kind === 'pending') throw new HttpProblem('platform.unavailable')
      reserved.push(key)
    }
    return await work()
  } catch (error) {
    // What cannot be given back now ends by itself.
    await Promise.allSettled(reserved.map((key) => send({ type: 'EndNameReservation', holderId }, key)))
    throw error
  }
}

/** The names that a handle and a name shown need: one where both look alike. */
export const namesOf = (handle: NeededName, displayNameKey: string | null): readonly NeededName[] =>
  displayNameKey === null || displayNameKey === handle.key
    ? [handle]
    : [handle, { key: displayNameKey, handleKey: null }]

/** Says of a handle whose name is somebody's that it is taken, where it is that very handle. */
export const tellingTaken = async <Result>(
  { reads }: Pick<HandleClaimEdge, 'reads'>,
  key: string,
  claiming: Promise<Result>,
): Promise<Result> => {
  try {
    return await claiming
  } catch (error) {
    const isConfusable = error instanceof HttpProblem && error.code === 'identity.name_confusable'
    if (isConfusable && (await reads.holder(key))) throw new HttpProblem('identity.handle_taken')
    throw error
  }
}

/**
 * Claims a handle, and waits for its account or channel to be there, or for the channel to go by it. Throws the
 * rejection, or `identity.handle_released` where the process manager had to give the handle back.
 */
export const claimHandle = async (
  edge: HandleClaimEdge,
  claim: Claim & {
    readonly holderKind: 'account' | 'channel'
    readonly holderId: string
    readonly ownerId: string
    readonly principal: string
    readonly invitedBy?: string | null
    /** Of a channel that is there and takes this slug in place of another: key of that one. */
    readonly previousKey?: string
    /** Whether the read model has it: of a claim that comes again, what became of it may have been told long ago. */
    readonly isOpen: () => Promise<boolean>
  },
): Promise<Claimed> => {
  const { handle, holderKind, holderId, ownerId, displayName, email, platformRole, principal } = claim
  const { termsVersion = null, invitedBy = null, isOpen } = claim
  const nameOfHandle = nameKey(edge.vault, handle)
  const displayNameKey = holderKind === 'account' ? nameKey(edge.vault, displayName) : null
  const given = new AbortController()
  const timer = setTimeout(() => given.abort(), OPENING_MS)
  try {
    // Asked before the command is sent, since the answer may come before the command's own outcome is seen here.
    const key = handleKey(edge.vault, handle)
    const previousKey = claim.previousKey ?? null
    const opening = edge.opening(previousKey === null ? holderId : `${holderId} ${key}`, given.signal)
    const named = { nameKey: nameOfHandle, displayNameKey, previousKey }
    const held = { handle, holderKind, holderId, ownerId, displayName, email, platformRole }
    const since = { termsVersion, invitedBy, createdAt: null }
    const command = { type: 'ClaimHandle', ...held, ...since, ...named } as const
    const names = namesOf({ key: nameOfHandle, handleKey: key }, displayNameKey)
    const claiming = withNames(edge, { holderId: ownerId, principal, names }, () =>
      sendToIdentity(edge, command, { ...claim, key }),
    )
    const submitted: Submitted = await tellingTaken(edge, key, claiming)
    if (submitted.kind === 'pending') return { kind: 'pending' }
    const { position, isRepeat } = submitted
    const found = { kind: 'opened', position } as const
    const opened = await untilOpen(opening, { isRepeat, isOpen, found, signal: given.signal })
    if (!opened) return { kind: 'pending' }
    if (opened.kind === 'released') throw new HttpProblem('identity.handle_released')
    await edge.settle([position, opened.position])
    return { kind: 'opened', holderId, position: opened.position }
  } finally {
    clearTimeout(timer)
    given.abort()
  }
}
