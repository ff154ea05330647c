import type { Rejection } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import { reject } from '../errors.ts'
import type { Broadcasts } from '../state.ts'

/** Enough for every encoder of a channel and its guests. */
export const maxKeys = 20

const find = ({ keys }: Broadcasts, keyId: string) => keys.find((key) => key.keyId === keyId)

export const keyExists = (state: Broadcasts, keyId: string): Rejection | undefined =>
  find(state, keyId) ? reject('broadcast.key_exists') : undefined

export const keyUnknown = (state: Broadcasts, keyId: string): Rejection | undefined =>
  find(state, keyId) ? undefined : reject('broadcast.key_unknown')

export const keyExpired = (state: Broadcasts, keyId: string, at: Instant): Rejection | undefined => {
  const expiresAt = find(state, keyId)?.expiresAt ?? null
  return expiresAt === null || at < expiresAt ? undefined : reject('broadcast.key_expired')
}

/** By such a key an encoder is measured, and nobody is shown anything. */
export const isForTests = (state: Broadcasts, keyId: string): boolean => find(state, keyId)?.purpose === 'test'

/** The ingest app knows of it by the admission, and asks for no broadcast: this one speaks of another key. */
export const keyForTests = (state: Broadcasts, keyId: string): Rejection | undefined =>
  isForTests(state, keyId) ? reject('broadcast.key_unknown') : undefined

export const expiresAtOnce = (expiresAt: Instant | null, at: Instant): Rejection | undefined =>
  expiresAt === null || expiresAt > at ? undefined : reject('broadcast.expiry_invalid')

export const tooManyKeys = ({ keys }: Broadcasts): Rejection | undefined =>
  keys.length < maxKeys ? undefined : reject('broadcast.too_many_keys', { max: maxKeys })
