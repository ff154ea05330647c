import type { webcrypto } from 'node:crypto'
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { isPlatformRole, type PlatformRole } from '#libs/access/platform.ts'
import { isNumericId } from '#libs/access/principal.ts'
import { scopes as allScopes, isScope, type Scope } from '#libs/access/scopes.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { SigningAlgorithm } from '#libs/vault/vault.ts'
import type { IdentityErrorCode } from './errors.ts'

/** What an access token says of who carries it, as it was when the token was made. */
export type AccessClaims = {
  readonly accountId: string
  readonly sessionId: string
  readonly handle: string
  readonly displayName: string
  readonly platformRole: PlatformRole
  /** The password must be changed first: nothing else is allowed. */
  readonly mustChangePassword: boolean
  /** When they last showed who they are; absent where that is another than the account's owner. */
  readonly authenticatedAt?: Instant
  /** They showed two factors, at the login or since. */
  readonly secondFactor?: boolean
  /** The account of staff that acts as this one. */
  readonly impersonator?: string
  /** The session of staff in which that was begun, and with which it ends. */
  readonly impersonatorSession?: string
}

export type SigningKey = {
  readonly kid: string
  readonly algorithm: SigningAlgorithm
  readonly privateKey: webcrypto.CryptoKey
}

/** Public keys as the vault serves them (RFC 7517, 5). */
export type PublicKeys = { readonly keys: readonly Record<string, unknown>[] }

/** Who the token is, or why it is refused. */
export type TokenVerification =
  | {
      readonly kind: 'valid'
      readonly claims: AccessClaims
      readonly scopes: readonly Scope[]
      readonly expiresAt: Instant
    }
  /** Of a key that is not among those given: they may have changed since. */
  | { readonly kind: 'unknown key' }
  | {
      readonly kind: 'refused'
      readonly code: Extract<IdentityErrorCode, 'identity.token_expired' | 'identity.token_invalid'>
    }

export const accessTokenMs = 15 * 60_000

const issuer = 'whiply'
const allOfThem = allScopes.join(' ')
const audience = 'whiply'
/** Each key is served with its own, and verifies by no other. */
const algorithms: readonly SigningAlgorithm[] = ['EdDSA', 'ES256']
/** RFC 9068: an access token is never taken for another kind of JWT. */
const tokenType = 'at+jwt'

/** By which somebody of staff acts as an account (RFC 8693, section 4.1). */
export type Acting = {
  readonly staffId: string
  /** In which it was begun. */
  readonly staffSessionId: string
  readonly scopes: readonly Scope[]
  readonly forMs: number
}

/** Makes the access token of a login, good for `accessTokenMs` from `at` on, and for every scope (RFC 9068, 2.2.3). */
export const signAccessToken = (
  claims: AccessClaims & { readonly acting?: Acting },
  key: SigningKey,
  at: Instant,
): Promise<string> => {
  const { acting } = claims
  const issuedAt = Math.floor(at / 1000)
  return new SignJWT({
    sid: claims.sessionId,
    preferred_username: claims.handle,
    name: claims.displayName,
    role: claims.platformRole,
    scope: acting ? acting.scopes.join(' ') : allOfThem,
    ...(acting && { act: { sub: acting.staffId, sid: acting.staffSessionId } }),
    ...(claims.mustChangePassword && { must_change_password: true }),
    // RFC 8176, section 2.
    ...(claims.secondFactor && { amr: ['mfa'] }),
    // OpenID Connect Core, section 2.
    ...(claims.authenticatedAt !== undefined && { auth_time: Math.floor(claims.authenticatedAt / 1000) }),
  })
    .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ: tokenType })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(claims.accountId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + (acting?.forMs ?? accessTokenMs) / 1000)
    .sign(key.privateKey)
}

/**
 * Makes a verifier by public keys; made anew when the keys change. A token that is refused resolves; nothing that a
 * client sends rejects. Whether the session was revoked since, the caller knows.
 *
 * @example const verify = accessTokenVerifier(await vault.signing.jwks())
 */
export const accessTokenVerifier = (jwks: PublicKeys): ((token: string, at: Instant) => Promise<TokenVerification>) => {
  const keys = createLocalJWKSet(jwks as unknown as JSONWebKeySet)
  return async (token, at) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: [...algorithms],
        typ: tokenType,
        issuer,
        audience,
        currentDate: new Date(at),
        requiredClaims: ['exp', 'sub', 'sid', 'scope'],
      })
      const claims = claimsOf(payload)
      const scopes = scopesOf(payload)
      return claims && scopes ? { kind: 'valid', claims, scopes, expiresAt: (payload.exp ?? 0) * 1000 } : invalid
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { kind: 'refused', code: 'identity.token_expired' }
      if (error instanceof errors.JWKSNoMatchingKey) return { kind: 'unknown key' }
      if (error instanceof errors.JOSEError) return invalid
      throw error
    }
  }
}

const invalid: TokenVerification = { kind: 'refused', code: 'identity.token_invalid' }

/** One that this release does not know gives no right here. */
const scopesOf = ({ scope }: JWTPayload): readonly Scope[] | undefined => {
  if (typeof scope !== 'string') return undefined
  // Of many thousands that are kept nearly all have the same.
  return scope === allOfThem ? allScopes : scope.split(' ').filter(isScope)
}

type Actor = Pick<AccessClaims, 'impersonator' | 'impersonatorSession'>

/** Who acts as the subject; undefined where that cannot be told. */
const actorIn = ({ act }: JWTPayload): Actor | undefined => {
  if (act === undefined) return {}
  const { sub, sid } = (act ?? {}) as { readonly sub?: unknown; readonly sid?: unknown }
  const isWhole = typeof sub === 'string' && isNumericId(sub) && typeof sid === 'string'
  return isWhole ? { impersonator: sub, impersonatorSession: sid } : undefined
}

const claimsOf = ({ sub, sid, name, role, ...rest }: JWTPayload): AccessClaims | undefined => {
  const { preferred_username: handle, must_change_password: mustChangePassword = false, auth_time } = rest
  const whole =
    typeof sub === 'string' &&
    isNumericId(sub) &&
    typeof sid === 'string' &&
    typeof name === 'string' &&
    typeof handle === 'string' &&
    typeof mustChangePassword === 'boolean' &&
    isPlatformRole(role)
  const actor = actorIn(rest)
  if (!whole || !actor) return undefined
  const claims = { accountId: sub, sessionId: sid, handle, displayName: name, platformRole: role, mustChangePassword }
  const secondFactor = Array.isArray(rest.amr) && rest.amr.includes('mfa')
  return {
    ...claims,
    ...(secondFactor && { secondFactor }),
    ...(typeof auth_time === 'number' && { authenticatedAt: auth_time * 1000 }),
    ...actor,
  }
}
