import { createHmac } from 'node:crypto'
import { type AccessClaims, accessTokenMs, signAccessToken } from '#libs/identity/tokens.ts'
import type { Vault } from '#libs/vault/vault.ts'
import type { Ask } from './load.ts'

/** What a server is to answer to a token: whose session it is, or that it does not hold. */
export type Expected = { readonly token: string; readonly sessionId: string | undefined }

/** One in a hundred is not to hold: a third each is forged, expired and revoked. */
const BAD_EVERY = 100

/** Refuses in turn: what is wrong with the n-th bad one. */
const wrongs = ['forged', 'expired', 'revoked'] as const
export type Kind = 'good' | (typeof wrongs)[number]

export const kindOf = (index: number): Kind =>
  index % BAD_EVERY === BAD_EVERY - 1 ? (wrongs[Math.floor(index / BAD_EVERY) % wrongs.length] ?? 'forged') : 'good'

const forged = (token: string): string => {
  const [header, payload, signature = ''] = token.split('.')
  const other = signature.startsWith('A') ? 'B' : 'A'
  return [header, payload, other + signature.slice(1)].join('.')
}

/** So many tokens of so many sessions, signed by the platform's own key as its edges sign them. */
export const whiplyTokens = async (
  vault: Pick<Vault, 'signing'>,
  sessions: readonly AccessClaims[],
  at: number,
): Promise<readonly Expected[]> => {
  const key = await vault.signing.current()
  return Promise.all(
    sessions.map(async (claims, index) => {
      const kind = kindOf(index)
      const token = await signAccessToken(claims, key, kind === 'expired' ? at - accessTokenMs - 60_000 : at)
      return {
        token: kind === 'forged' ? forged(token) : token,
        sessionId: kind === 'good' ? claims.sessionId : undefined,
      }
    }),
  )
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The same for the peer, which signs with HS256. */
export const peerTokens = (key: string, sessions: readonly AccessClaims[], at: number): readonly Expected[] =>
  sessions.map(({ accountId, sessionId, handle, displayName, platformRole }, index) => {
    const kind = kindOf(index)
    const issuedAt = Math.floor((kind === 'expired' ? at - accessTokenMs - 60_000 : at) / 1000)
    const payload = {
      sid: sessionId,
      preferred_username: handle,
      name: displayName,
      role: platformRole,
      iss: 'whiply',
      aud: 'whiply',
      sub: accountId,
      iat: issuedAt,
      exp: issuedAt + accessTokenMs / 1000,
    }
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`
    const token = `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
    return { token: kind === 'forged' ? forged(token) : token, sessionId: kind === 'good' ? sessionId : undefined }
  })

/** Asks whose a token is, and looks whether the answer names its very session. */
export const askSession = ({ token, sessionId }: Expected): Ask => ({
  bytes: Buffer.from(`GET /v1/session HTTP/1.1\r\nHost: whiply\r\nAuthorization: Bearer ${token}\r\n\r\n`),
  isRight: (status, answer) =>
    sessionId === undefined ? status === 401 : status === 200 && answer.includes(sessionId, 0, 'latin1'),
})
