import type { Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'

/** Well within a record of a journal. */
export const maxSessionsAtOnce = 10_000

export const noSessions = (sessionIds: readonly string[]): Rejection | undefined =>
  sessionIds.length === 0 ? reject('identity.no_sessions') : undefined

export const tooManySessions = (sessionIds: readonly string[]): Rejection | undefined =>
  sessionIds.length > maxSessionsAtOnce ? reject('identity.too_many_sessions', { max: maxSessionsAtOnce }) : undefined
