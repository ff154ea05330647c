import type { AccessClaims } from '#libs/identity/tokens.ts'
import type { Vault } from '#libs/vault/vault.ts'
import { call, type Person } from '../people.ts'
import { kindOf } from './tokens.ts'

const SESSION_MS = 3_600_000
const AT_ONCE = 16

export type OpenSession = { readonly claims: AccessClaims; readonly secret: string }

/** Opens so many sessions of these people in the vault, as logins would, without paying for each with a password. */
export const openSessions = async (
  vault: Pick<Vault, 'sessions'>,
  people: readonly Person[],
  count: number,
): Promise<readonly OpenSession[]> => {
  const opened: OpenSession[] = []
  const open = async (index: number): Promise<void> => {
    const person = people[index % people.length]
    if (!person) throw new Error('nobody to open sessions for')
    const { session, secret } = await vault.sessions.open(person.accountId, SESSION_MS)
    const { accountId, handle } = person
    opened[index] = {
      claims: {
        accountId,
        sessionId: session.sessionId,
        handle,
        displayName: handle,
        platformRole: 'user',
        mustChangePassword: false,
      },
      secret,
    }
  }
  for (let from = 0; from < count; from += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) => open(from + index)))
  return opened
}

/** Logs out of those sessions whose tokens are to be revoked: by the API, so that the journal tells the edge. */
export const revokeSome = async (port: number, sessions: readonly OpenSession[]): Promise<void> => {
  for (const [index, { secret }] of sessions.entries()) {
    if (kindOf(index) !== 'revoked') continue
    const answer = await call(port, {
      method: 'DELETE',
      path: '/v1/sessions/current',
      address: `127.3.${Math.floor(index / 250) % 250}.${1 + (index % 250)}`,
      cookie: `whiply_session=${secret}`,
    })
    if (answer.status !== 204) throw new Error(`a session could not be ended: ${answer.status}`)
  }
}
