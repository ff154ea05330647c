import { timingSafeEqual } from 'node:crypto'

/** Signs a text with a key that all edges have. */
export type Sign = (text: string) => string

/**
 * Tokens by which what is not for everybody may be watched: good for one channel and a short time, for whoever has them.
 * They name nobody.
 */
export type PlaybackTokens = {
  readonly issue: (channelId: string) => { readonly token: string; readonly expiresAt: number }
  readonly isGood: (token: string, channelId: string) => boolean
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
  const signatureOf = (channelId: string, until: string): string => sign(`${channelId} ${until}`)
  return {
    issue: (channelId) => {
      const expiresAt = now() + lifetimeMs
      const until = expiresAt.toString(36)
      return { token: `${until}.${signatureOf(channelId, until)}`, expiresAt }
    },
    isGood: (token, channelId) => {
      const [, until = '', signature = ''] = form.exec(token) ?? []
      return Number.parseInt(until, 36) > now() && isSame(signature, signatureOf(channelId, until))
    },
  }
}
