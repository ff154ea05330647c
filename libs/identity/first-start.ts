import { randomInt } from 'node:crypto'
import { HttpProblem } from '#libs/http/problem.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Vault } from '#libs/vault/vault.ts'
import { type ClaimEdge, claimAccount, claimHandle } from './claim.ts'
import { type AccountReads, handleKey, sendToIdentity } from './http/edge.ts'

/** The handle of who administers the platform from its first start on. */
export const ADMIN = 'admin'

/** The slug of the channel that is there from the first start on. */
export const LOBBY = 'lobby'

/** What the first start stands on. */
export type FirstStartEdge = ClaimEdge & {
  readonly reads: AccountReads
  readonly vault: { readonly sessions: Pick<Vault['sessions'], 'closeAll'> }
}

/** What could not be made in time; the next start goes on with it. */
export class FirstStartUnfinished extends Error {
  readonly code = 'platform.first_start_unfinished'
}

export type NewAdmin = { readonly handle: string; readonly password: string }

const letters = 'abcdefghijkmnpqrstuvwxyz23456789'

/** Four groups of five letters that are not mistaken for one another: 100 bits. */
const oneTimePassword = (): string =>
  Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('')).join(
    '-',
  )

/**
 * Sees to it that there are an administrator and a lobby. Idempotent: what is there stays as it is, and of two processes
 * that start at once the journal says who made it.
 * @returns the administrator's one-time password where the account was made just now; it is kept nowhere else in clear.
 */
export const ensurePlatform = async (edge: FirstStartEdge): Promise<NewAdmin | undefined> => {
  const password = oneTimePassword()
  const created = (await holderOf(edge, ADMIN)) ? undefined : await createAdmin(edge, password)
  const admin = created ?? (await holderOf(edge, ADMIN))
  if (!admin) throw new FirstStartUnfinished('The administrator is not there yet: start again.')
  if (!(await holderOf(edge, LOBBY))) await createLobby(edge, admin)
  return created === undefined ? undefined : { handle: ADMIN, password }
}

/**
 * Gives the administrator a one-time password, to be changed at the next login, and ends their sessions; makes the
 * account where there is none.
 */
export const resetAdmin = async (edge: FirstStartEdge): Promise<NewAdmin> => {
  const made = await ensurePlatform(edge)
  if (made) return made
  const accountId = await holderOf(edge, ADMIN)
  if (accountId === undefined) throw new FirstStartUnfinished('The administrator is not there yet: try again.')
  const password = oneTimePassword()
  const passwordHash = await edge.passwords.hash(password)
  await edge.vault.credentials.put({ accountId, passwordHash, mustChange: true })
  const sessionIds = [...(await edge.vault.sessions.closeAll(accountId))]
  const sent = { key: accountId, principal: 'system', commandId: uuidv7() }
  await sendToIdentity(edge, { type: 'RecordPasswordChange', sessionIds }, sent)
  return { handle: ADMIN, password }
}

/** Nobody goes by that handle. */
export class NoSuchAccount extends Error {
  readonly code = 'identity.account_unknown'
}

/** Makes the account of a handle an owner of the platform, in the platform's own name. @throws NoSuchAccount */
export const giveOwnership = async (edge: FirstStartEdge, handle: string): Promise<void> => {
  const holder = await edge.reads.holder(handleKey(edge.vault, handle))
  if (holder?.kind !== 'account' || holder.retiredUntil !== null)
    throw new NoSuchAccount(`There is no account ${handle}.`)
  const sent = { key: holder.id, principal: 'system', commandId: uuidv7() }
  const submitted = await sendToIdentity(edge, { type: 'AssignPlatformRole', role: 'owner', reason: null }, sent)
  if (submitted.kind === 'pending') throw new FirstStartUnfinished('That was not decided in time: try again.')
}

const holderOf = async (edge: FirstStartEdge, handle: string): Promise<string | undefined> =>
  (await edge.reads.holder(handleKey(edge.vault, handle)))?.id

/** Somebody else was first, or the read model had not yet told of them. */
const isTaken = (error: unknown): boolean =>
  error instanceof HttpProblem && ['identity.handle_taken', 'identity.name_confusable'].includes(error.code)

/** @returns the id of the account, undefined where another process made it. */
const createAdmin = async (edge: FirstStartEdge, password: string): Promise<string | undefined> => {
  try {
    const claimed = await claimAccount(edge, {
      commandId: uuidv7(),
      handle: ADMIN,
      displayName: ADMIN,
      email: null,
      platformRole: 'admin',
      principal: 'system',
      password,
      mustChange: true,
    })
    if (claimed.kind !== 'opened') throw new FirstStartUnfinished('The administrator could not be made in time.')
    return claimed.accountId
  } catch (error) {
    if (isTaken(error)) return undefined
    throw error
  }
}

const createLobby = async (edge: FirstStartEdge, ownerId: string): Promise<void> => {
  try {
    const claimed = await claimHandle(edge, {
      commandId: uuidv7(),
      handle: LOBBY,
      displayName: LOBBY,
      email: null,
      platformRole: 'user',
      holderKind: 'channel',
      holderId: await edge.vault.nextId(),
      ownerId,
      principal: 'system',
      // Of a command that is sent once nothing was told before.
      isOpen: async () => false,
    })
    if (claimed.kind !== 'opened') throw new FirstStartUnfinished('The lobby could not be made in time.')
  } catch (error) {
    if (!isTaken(error)) throw error
  }
}
