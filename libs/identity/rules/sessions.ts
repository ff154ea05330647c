import type { Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'
import type { IdentityDraft } from '../events.ts'

/** Well within a record of a journal. */
export const maxSessionsAtOnce = 10_000

export const tooManySessions = (sessionIds: readonly string[]): Rejection | undefined =>
  sessionIds.length > maxSessionsAtOnce ? reject('identity.too_many_sessions', { max: maxSessionsAtOnce }) : undefined

/** Nothing, where none is open. */
export const sessionsRevoked = (sessionIds: readonly string[]): readonly IdentityDraft[] =>
  sessionIds.length > 0 ? [{ type: 'SessionsRevoked', sessionIds }] : []
