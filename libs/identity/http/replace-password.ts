import { type IdentityEdge, sendToIdentity } from './edge.ts'
import { checkOwnPassword } from './login.ts'

type Replacement = {
  readonly accountId: string
  readonly oldPassword: string
  readonly newPassword: string
  readonly commandId: string
  readonly traceparent: string | undefined
}

/**
 * Replaces a password, and ends every session that is open. Throws `identity.wrong_password`, and what comes of a command;
 * then the old password holds and every session goes on.
 *
 * The vault comes first (I11) and the sessions last, so that who was cut off in between still has the session with which
 * to send it again: that the new password is there already counts as the old one having been known.
 */
export const replacePassword = async (edge: IdentityEdge, replacement: Replacement): Promise<void> => {
  const { accountId, oldPassword, newPassword, commandId, traceparent } = replacement
  const { credentials, sessions } = edge.vault
  const before = await checkOwnPassword(edge, accountId, oldPassword, newPassword)
  const passwordHash = await edge.passwords.hash(newPassword)
  await credentials.put({ accountId, passwordHash, mustChange: false })
  const sessionIds = [...(await sessions.idsOf(accountId))]
  const sent = { key: accountId, principal: accountId, commandId, traceparent }
  try {
    // Not rejected is enough: a command whose outcome was not seen in time is decided all the same.
    await sendToIdentity(edge, { type: 'RecordPasswordChange', sessionIds }, sent)
  } catch (error) {
    await credentials.put(before)
    throw error
  }
  for (const sessionId of sessionIds) await sessions.close(sessionId)
}
