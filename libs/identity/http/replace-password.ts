import { HttpProblem } from '#libs/http/problem.ts'
import type { Credential } from '#libs/vault/vault.ts'
import type { AccountView } from '../account-view.ts'
import { type OwnNames, ownWords } from '../strength/own-words.ts'
import { type IdentityEdge, sendToIdentity } from './edge.ts'
import { checkOwnPassword } from './login.ts'

/** Throws `identity.password_weak` where a password would be guessed soon by who knows these names. */
export const checkStrength = async (
  { strength, publicUrl }: Pick<IdentityEdge, 'strength' | 'publicUrl'>,
  password: string,
  names: OwnNames,
): Promise<void> => {
  const weakness = await strength.weakness(password, ownWords(names, publicUrl))
  if (weakness !== undefined) throw new HttpProblem('identity.password_weak', { message: weakness })
}

/** Tells one password of an account from another, and nothing else of either. */
export const passwordPrint = ({ vault }: Pick<IdentityEdge, 'vault'>, credential: Credential | undefined): string =>
  vault.hashes.fingerprint(`password ${credential?.passwordHash ?? ''}`)

/**
 * Throws `command.id_reused` for a change that comes again where neither the password of before (`print`) nor the new one is
 * there: it puts back none that was replaced since, and no other one by the same id.
 */
export const checkNotReplaced = async (
  edge: IdentityEdge,
  print: string,
  current: Credential | undefined,
  newPassword: string,
): Promise<void> => {
  if (passwordPrint(edge, current) === print) return
  if (!(current && (await edge.passwords.verify(current.passwordHash, newPassword))))
    throw new HttpProblem('command.id_reused')
}

type Sent = {
  readonly account: AccountView
  readonly newPassword: string
  /** The sessions that were open when the request came first. */
  readonly sessionIds: readonly string[]
  readonly commandId: string
  readonly traceparent: string | undefined
}

/**
 * Replaces a password, and ends every session that is open. Throws `identity.wrong_password`, and what `putPassword` does;
 * then the old password holds and every session goes on.
 */
export const replacePassword = async (
  edge: IdentityEdge,
  { oldPassword, ...sent }: Sent & { readonly oldPassword?: string | undefined },
): Promise<void> => {
  // Sent again after it was cut off, the new password is there already: that counts as the old one having been known.
  const before = await checkOwnPassword(edge, sent.account.accountId, oldPassword, sent.newPassword)
  await putPassword(edge, { ...sent, before })
}

/**
 * Puts a password in the place of the one `before`, and ends every session that is open. Throws `identity.password_weak`,
 * and what comes of a command;
 * then the one before holds and every session goes on.
 *
 * The vault comes first (I11) and the sessions last, so that who was cut off in between still has the session with which
 * to send it again.
 */
export const putPassword = async (
  edge: IdentityEdge,
  {
    account,
    newPassword,
    sessionIds,
    before,
    commandId,
    traceparent,
  }: Sent & { readonly before: Credential | undefined },
): Promise<void> => {
  const { accountId } = account
  await checkStrength(edge, newPassword, account)
  const { credentials, sessions } = edge.vault
  const passwordHash = await edge.passwords.hash(newPassword)
  await credentials.put({ accountId, passwordHash, mustChange: false })
  const sent = { key: accountId, principal: accountId, commandId, traceparent }
  try {
    // Not rejected is enough: a command whose outcome was not seen in time is decided all the same.
    await sendToIdentity(edge, { type: 'RecordPasswordChange', sessionIds }, sent)
  } catch (error) {
    if (before) await credentials.put(before)
    else await credentials.remove(accountId)
    throw error
  }
  for (const sessionId of sessionIds) await sessions.close(sessionId)
}
