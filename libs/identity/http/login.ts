import { addressBlock } from '#libs/http/address.ts'
import { refuseAfter } from '#libs/http/allowance.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Credential, Session } from '#libs/vault/vault.ts'
import type { AccountView } from '../account-view.ts'
import { accessTokenMs, signAccessToken } from '../tokens.ts'
import { csrfTokenOf, handleKey, type IdentityEdge, sendToIdentity } from './edge.ts'

/** Guesses at one handle's password from one address. */
const loginRate = { perMinute: 10, burst: 20 }

/**
 * Guesses at one handle's password from all addresses together that nobody has logged in to it from. Its owner, who comes
 * from one where somebody has or with a session of theirs, is not kept out by what strangers try.
 */
const strangersRate = { perMinute: 30, burst: 60 }

/**
 * The account of a handle and its password. Fails alike whatever of the two is wrong, and at a time that does not tell
 * (`FailedLogins`).
 */
export const checkCredentials = async (
  edge: IdentityEdge,
  handle: string,
  password: string,
  from: { readonly address: string; readonly session: Session | undefined },
): Promise<{ readonly account: AccountView; readonly credential: Credential }> => {
  const began = performance.now()
  const hash = handleKey(edge.vault, handle)
  const place = `${hash} ${addressBlock(from.address)}`
  refuseAfter(edge.limiter.take(`login ${place}`, loginRate))
  const holder = await edge.reads.holder(hash)
  // Whoever was renamed goes by the new handle: to who tries the old one it is nobody's.
  const id = holder?.kind === 'account' && holder.retiredUntil === null ? holder.id : undefined
  const isKnown = edge.knownPlaces.has(place) || (id !== undefined && from.session?.accountId === id)
  if (!isKnown) {
    refuseAfter(edge.limiter.take(`login ${hash}`, strangersRate))
    edge.failedLogins.admit()
  }
  const credential = id === undefined ? undefined : await edge.vault.credentials.get(id)
  const matches = await edge.passwords.verify(credential?.passwordHash, password, isKnown ? 'known' : 'stranger')
  const account = id === undefined ? undefined : await edge.reads.account(id)
  if (!matches || !credential || !account || account.state === 'erased') {
    if (account && account.state !== 'erased') edge.failedAttempts.note(account.accountId)
    await edge.failedLogins.wait(began)
    throw new HttpProblem('identity.invalid_credentials')
  }
  edge.knownPlaces.add(place)
  if (edge.passwords.isOutdated(credential.passwordHash)) edge.behind(() => rehash(edge, credential, password))
  return { account, credential }
}

const rehash = async (edge: IdentityEdge, { accountId, passwordHash }: Credential, password: string): Promise<void> =>
  edge.vault.credentials.rehash(accountId, passwordHash, await edge.passwords.hash(password))

/** Whoever logs in to a deactivated account has it back. */
export const returning = async (edge: IdentityEdge, account: AccountView): Promise<AccountView> => {
  if (account.state === 'deactivated') await comeBack(edge, account.accountId)
  return account
}

const comeBack = async (edge: IdentityEdge, accountId: string): Promise<void> => {
  const sent = { key: accountId, principal: accountId, commandId: uuidv7() }
  try {
    const submitted = await sendToIdentity(edge, { type: 'ReactivateAccount' }, sent)
    if (submitted.kind === 'accepted') await edge.settle([submitted.position])
  } catch (error) {
    // The read model had not yet told that it is back.
    if (!(error instanceof HttpProblem) || error.code !== 'identity.not_deactivated') throw error
  }
}

/**
 * Throws `identity.wrong_password` where none of these is the password of who is logged in. Who has none, with passkeys
 * alone, need not give one.
 */
export const checkOwnPassword = async (
  edge: IdentityEdge,
  accountId: string,
  ...passwords: readonly (string | undefined)[]
): Promise<Credential | undefined> => {
  refuseAfter(edge.limiter.take(`password ${accountId}`, loginRate))
  const credential = await edge.vault.credentials.get(accountId)
  const given = passwords.filter((password) => password !== undefined)
  if (!credential && passwords[0] === undefined) return undefined
  for (const password of given)
    if ((await edge.passwords.verify(credential?.passwordHash, password)) && credential) return credential
  edge.failedAttempts.note(accountId)
  throw new HttpProblem('identity.wrong_password')
}

/** What a client gets that is logged in: a token, and whose it is. */
export const loggedIn = async (
  edge: IdentityEdge,
  account: AccountView,
  { sessionId, authenticatedAt, secondFactor }: Pick<Session, 'sessionId' | 'authenticatedAt' | 'secondFactor'>,
  mustChangePassword: boolean,
) => {
  const { accountId, platformRole } = account
  const handle = account.handle ?? accountId
  const displayName = account.displayName ?? handle
  const shown = { authenticatedAt, secondFactor }
  const claims = { accountId, sessionId, handle, displayName, platformRole, mustChangePassword, ...shown }
  return {
    accessToken: await signAccessToken(claims, await edge.vault.signing.current(), edge.now()),
    expiresInSeconds: accessTokenMs / 1000,
    mustChangePassword,
    csrfToken: csrfTokenOf(edge, sessionId),
    account: { id: accountId, handle, name: displayName },
  }
}

/** The account, while it is open. */
export const openAccount = async (edge: IdentityEdge, accountId: string): Promise<AccountView> => {
  const account = await edge.reads.account(accountId)
  if (!account) throw new HttpProblem('identity.account_unknown')
  if (account.state === 'erased') throw new HttpProblem('identity.account_erased')
  // To others it is as if it were not there.
  if (account.state === 'deactivated') throw new HttpProblem('identity.account_unknown')
  return account
}
