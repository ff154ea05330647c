import { HttpProblem } from '#libs/http/problem.ts'
import type { Credential } from '#libs/vault/vault.ts'
import type { AccountView } from '../account-view.ts'
import { type OwnNames, ownWords } from '../strength/own-words.ts'
import { type IdentityEdge, sendToIdentity } from './edge.ts'

/** Throws `identity.password_weak` where a password would be guessed soon by who knows these names. */
export const checkStrength = async (
  { strength, publicUrl }: Pick<IdentityEdge, 'strength' | 'publicUrl'>,
  password: string,
  names: OwnNames,
): Promise<void> => {
  const weakness = await strength.weakness(password, ownWords(names, publicUrl))
  if (weakness !== undefined) throw new HttpProblem('identity.password_weak', { message: weakness })
}

/** What a change of a password goes on with when it comes again. */
export type Placed = {
  /** Of the password before; null where there was none. */
  readonly formerId: string | null
  /** All that the password before has opened. */
  readonly sessionIds: readonly string[]
}

/** Puts back what was there before `placePassword`. */
export const putBackPassword = async (
  { vault }: Pick<IdentityEdge, 'vault'>,
  accountId: string,
  before: Credential | undefined,
): Promise<void> => (before ? vault.credentials.put(before) : vault.credentials.remove(accountId))

/**
 * Puts a password in the place of the one `before`. Throws `identity.password_weak`, and then the one before holds;
 * undefined where there is another by now.
 *
 * It is there before it is said which sessions end: who logs in by the one before and is not among them sees that it is
 * another by now (`checkStillHolds`).
 */
export const placePassword = async (
  edge: IdentityEdge,
  account: AccountView,
  before: Credential | undefined,
  newPassword: string,
): Promise<Placed | undefined> => {
  const { accountId } = account
  await checkStrength(edge, newPassword, account)
  const { credentials, sessions } = edge.vault
  const next = { accountId, passwordHash: await edge.passwords.hash(newPassword), mustChange: false }
  if (!(await credentials.replace(next, before?.passwordId))) return undefined
  try {
    return { formerId: before?.passwordId ?? null, sessionIds: await sessions.idsOf(accountId) }
  } catch (error) {
    await putBackPassword(edge, accountId, before)
    throw error
  }
}

/**
 * For a change that comes again: the new password is there, or is put there once more. Throws `command.id_reused` where
 * there is neither it nor the one before: what was replaced since is not put back, nor another one by the same id.
 */
export const checkPlaced = async (
  edge: IdentityEdge,
  account: AccountView,
  { formerId }: Placed,
  newPassword: string,
): Promise<void> => {
  const current = await edge.vault.credentials.get(account.accountId)
  const isThere =
    (current?.passwordId ?? null) === formerId
      ? await placePassword(edge, account, current, newPassword)
      : current && (await edge.passwords.verify(current.passwordHash, newPassword))
  if (!isThere) throw new HttpProblem('command.id_reused')
}

type Sent = {
  readonly accountId: string
  readonly sessionIds: readonly string[]
  readonly commandId: string
  readonly traceparent: string | undefined
}

/**
 * Has the journal say that a password was changed, which ends these sessions; what was asked for by the password before is
 * void. The sessions are the last, so that who was cut off in between still has the one with which to send it again.
 */
export const recordPasswordChange = async (
  edge: IdentityEdge,
  { accountId, sessionIds, commandId, traceparent }: Sent,
): Promise<void> => {
  const sent = { key: accountId, principal: accountId, commandId, traceparent }
  // Not rejected is enough: a command whose outcome was not seen in time is decided all the same.
  await sendToIdentity(edge, { type: 'RecordPasswordChange', sessionIds }, sent)
  for (const sessionId of sessionIds) await edge.vault.sessions.close(sessionId)
}
