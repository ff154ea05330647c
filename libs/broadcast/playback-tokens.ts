import { timingSafeEqual } from 'node:crypto'

/** Signs a text with a key that all edges have. */
export type Sign = (text: string) => string

/** What is watched by a token: a channel, a recording or a clip, and whom it is for. */
export type Guarded = { readonly id: string; readonly audience: string }

/**
 * Tokens by which what is not for everybody may be watched: good for one of them and a short time, for whoever has them,
 * and no longer than it is for the same people. They name nobody.
 */
export type PlaybackTokens = {
  readonly issue: (guarded: Guarded) => { readonly token: string; readonly expiresAt: number }
  readonly isGood: (token: string, guarded: Guarded) => boolean
}

const LIFETIME_MS = 300_000
const form = /^([0-9a-z]{8,10})\.([A-Za-z0-9_-]{43})$/

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

/** @param lifetimeMs for how long each is good */
export const createPlaybackTokens = (
  sign: Sign,
  now: () => number = Date.now,
  lifetimeMs = LIFETIME_MS,
): PlaybackTokens => {
  const signatureOf = ({ id, audience }: Guarded, until: string): string => sign(`${id} ${audience} ${until}`)
  return {
    issue: (guarded) => {
      const expiresAt = now() + lifetimeMs
      const until = expiresAt.toString(36)
      return { token: `${until}.${signatureOf(guarded, until)}`, expiresAt }
    },
    isGood: (token, guarded) => {
      const [, until = '', signature = ''] = form.exec(token) ?? []
      return Number.parseInt(until, 36) > now() && isSame(signature, signatureOf(guarded, until))
    },
  }
}
