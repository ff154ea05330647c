import { hash } from 'node:crypto'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Caller } from '#libs/http/route.ts'
import type { Instant } from '#libs/journal/log.ts'
import { tokenKindOf } from '#libs/vault/token-text.ts'
import { type ProgramTokenOptions, programTokens } from './program-tokens.ts'
import type { Refusal, Revocations } from './revocations.ts'
import { type ReadKeys, verifyByKeys } from './served-keys.ts'
import { type StaffRule, staffRule, standsAsStaff } from './standing.ts'
import { accessTokenMs } from './tokens.ts'

export type VerificationOptions = {
  readonly jwks: ReadKeys
  /** Whether the vault has the session: what was revoked before this edge read the journal is known there. */
  readonly isOpen: (sessionId: string) => Promise<boolean>
  readonly revocations: Pick<Revocations, 'refusal' | 'roleOf'>
  /** Whose role on the platform counts: everybody's by default. */
  readonly staff?: StaffRule
  /** Where tokens of programs are looked up, and their owners; and what staff are by now. */
  readonly programs: Pick<ProgramTokenOptions, 'find' | 'account'>
  /**
   * For how long the account journal has been followed up to now without a gap, 0 while it is not: what was revoked
   * within that time `revocations` knows.
   */
  readonly followedMs: () => number
  /** Verified tokens that are kept, 50,000 by default, and as many refused; at the bound the first of them goes. */
  readonly capacity?: number
  readonly now?: () => number
}

/** Says whose a token is: the check within every edge. */
export type Verification = {
  /** What is known of a token that was verified before: without I/O and at once. Undefined where it has to be verified. */
  readonly known: (token: string) => Caller | undefined
  /**
   * Rejects with `identity.token_expired`, `identity.token_invalid`, and with `platform.unavailable` where that cannot be
   * told while an engine is away.
   */
  readonly verify: (token: string) => Promise<Caller>
}

/** While the journal cannot be read, what the vault said of a session counts for so long. */
const TRUST_MS = 60_000

/** So long a token of a program counts as it was found: its owner may be called otherwise since. */
const PROGRAM_FRESH_MS = 60_000

/** `shown` is what counts of who it is. */
type Kept = { readonly caller: Caller; readonly shown: Caller; readonly checkedAt: Instant; readonly freshMs: number }

const unavailable = () => new HttpProblem('platform.unavailable')

/** Nobody asks the same twice at once. */
const onceAtATime = <Answer>(ask: (key: string) => Promise<Answer>): ((key: string) => Promise<Answer>) => {
  const asked = new Map<string, Promise<Answer>>()
  return (key) => {
    const known = asked.get(key)
    if (known) return known
    const answer = ask(key).finally(() => asked.delete(key))
    asked.set(key, answer)
    return answer
  }
}

/**
 * Tokens are kept by their SHA-256, so that a dump of the process holds none. One that was verified holds until it expires
 * or is revoked: each use asks the revocations, which the account journal brings within a second.
 */
export const createVerification = (options: VerificationOptions): Verification => {
  const { jwks, isOpen, revocations, programs, followedMs, capacity = 50_000, now = Date.now } = options
  const { staff = staffRule(false) } = options
  const kept = new Map<string, Kept>()
  /** What is forged or has expired stays so: it is not verified again each time that it is sent. */
  const refused = new Map<string, Refusal>()
  const byKeys = verifyByKeys(jwks, now)
  const keyOf = (token: string): string => hash('sha256', token, 'base64')
  const ask = onceAtATime(isOpen)
  const isStaffStill = standsAsStaff({ account: programs.account, roleOf: revocations.roleOf })
  const findProgram = onceAtATime(programTokens({ ...programs, revocations, now }))

  /** With the vault away the journal is enough, once it was followed for as long as any token holds. */
  const orByJournal = async (asking: Promise<boolean>): Promise<boolean> => {
    try {
      return await asking
    } catch (error) {
      if (followedMs() > accessTokenMs) return true
      throw error
    }
  }

  /** What was ended and taken before this edge read the journal. */
  const checkStanding = async (caller: Caller): Promise<void> => {
    const { sessionId, impersonatorSession } = caller
    const sessions = impersonatorSession === undefined ? [sessionId] : [sessionId, impersonatorSession]
    for (const session of sessions)
      if (!(await orByJournal(ask(session)))) throw new HttpProblem('identity.token_invalid')
    if (!(await orByJournal(isStaffStill(caller)))) throw new HttpProblem('identity.token_expired')
  }

  const put = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
    map.delete(key)
    map.set(key, value)
    if (map.size <= capacity) return
    const [oldest] = map.keys()
    if (oldest !== undefined) map.delete(oldest)
  }

  const throwRefusal = (caller: Caller): void => {
    const code = revocations.refusal(caller)
    if (code) throw new HttpProblem(code)
  }

  /** What was kept of a token and still counts, however long ago it was looked at. */
  const good = (key: string): Kept | undefined => {
    const entry = kept.get(key)
    if (!entry) return undefined
    if (entry.caller.expiresAt > now() && revocations.refusal(entry.caller) === undefined) return entry
    kept.delete(key)
    return undefined
  }

  /** With the vault away the journal is enough, where it was followed since the token was looked at. */
  const keptSince = (key: string): Caller | undefined => {
    const entry = good(key)
    return entry && followedMs() >= now() - entry.checkedAt ? entry.shown : undefined
  }

  const keep = (key: string, caller: Caller, freshMs: number): Caller => {
    const shown = { ...caller, ...staff(caller) }
    put(kept, key, { caller, shown, checkedAt: now(), freshMs })
    return shown
  }

  const lookUpProgram = async (key: string, token: string): Promise<Caller> => {
    const verdict = await findProgram(token)
    if (verdict.kind === 'refused') {
      if (verdict.forGood) put(refused, key, verdict.code)
      throw new HttpProblem(verdict.code)
    }
    throwRefusal(verdict.caller)
    return keep(key, verdict.caller, PROGRAM_FRESH_MS)
  }

  const verifyProgram = (key: string, token: string): Promise<Caller> =>
    lookUpProgram(key, token).catch((error: unknown) => {
      const isTold = error instanceof HttpProblem && error.code.startsWith('identity.')
      const caller = isTold ? undefined : keptSince(key)
      if (caller) return caller
      throw error
    })

  return {
    known: (token) => {
      const entry = good(keyOf(token))
      if (!entry) return undefined
      const age = now() - entry.checkedAt
      return age < entry.freshMs && (followedMs() > 0 || age < TRUST_MS) ? entry.shown : undefined
    },
    verify: async (token) => {
      const key = keyOf(token)
      const before = refused.get(key)
      if (before) throw new HttpProblem(before)
      if (tokenKindOf(token) !== undefined) return await verifyProgram(key, token)
      const verification = await byKeys(token)
      if (!verification) throw unavailable()
      if (verification.kind === 'unknown key') throw new HttpProblem('identity.token_invalid')
      if (verification.kind === 'refused') {
        put(refused, key, verification.code)
        throw new HttpProblem(verification.code)
      }
      const { claims, scopes, expiresAt } = verification
      const caller = { ...claims, scopes, expiresAt }
      throwRefusal(caller)
      await checkStanding(caller)
      // It may have been revoked while the engines were asked.
      throwRefusal(caller)
      return keep(key, caller, Number.POSITIVE_INFINITY)
    },
  }
}
