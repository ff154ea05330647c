import { availableParallelism } from 'node:os'
import argon2 from 'argon2'
import { isBcrypt, verifyBcrypt } from './bcrypt.ts'

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const parameters = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** A hash of the same cost that no password has, checked where there is no account, so that the time tells nothing. */
const decoy = `$argon2id$v=19$m=19456,p=1,t=2$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** Too many passwords are waiting to be hashed; the caller may try again in a second. */
export class AuthBusy extends Error {
  readonly code = 'auth.busy'
}

export type Passwords = {
  /** Argon2id as a PHC string. Rejects with `AuthBusy`. */
  readonly hash: (password: string) => Promise<string>
  /** Whether the hash is the password's; false, after the same work, where there is no hash. Rejects with `AuthBusy`. */
  readonly verify: (passwordHash: string | undefined, password: string) => Promise<boolean>
  /** Whether a hash was made in another way than `hash` makes it now: then it is made anew at the next login. */
  readonly isOutdated: (passwordHash: string) => boolean
  /** How many wait for their turn. */
  readonly waiting: () => number
}

export type PasswordOptions = {
  /** Hashes under way at once. By default one for each core but at most two: the pool has four threads, and others need it. */
  readonly concurrency?: number
  /** Hashes that may wait, 64 by default: less than a second on one core. */
  readonly queue?: number
}

/** As a password may be typed in several ways that look the same (RFC 8265). */
const normalised = (password: string): string => password.normalize('NFC')
const bytesOf = (password: string): Buffer => Buffer.from(normalised(password))

const verifyHash = (passwordHash: string, password: string): Promise<boolean> =>
  isBcrypt(passwordHash)
    ? verifyBcrypt(passwordHash, normalised(password))
    : argon2.verify(passwordHash, bytesOf(password))

/** Argon2id in libuv's worker threads, never on the event loop, behind a bounded queue. */
export const createPasswords = (options: PasswordOptions = {}): Passwords => {
  const concurrency = options.concurrency ?? Math.min(2, availableParallelism())
  const bound = options.queue ?? 64
  const waiting: (() => void)[] = []
  let running = 0

  const turn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running < concurrency) running += 1
    else if (waiting.length >= bound) throw new AuthBusy('too many logins at once')
    // Whoever ends hands its seat on, so that nobody overtakes those who wait.
    else await new Promise<void>((seat) => waiting.push(seat))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }

  return {
    hash: (password) => turn(() => argon2.hash(bytesOf(password), parameters)),
    verify: async (passwordHash, password) => {
      const matches = await turn(() => verifyHash(passwordHash ?? decoy, password))
      return passwordHash !== undefined && matches
    },
    isOutdated: (passwordHash) => isBcrypt(passwordHash) || argon2.needsRehash(passwordHash, parameters),
    waiting: () => waiting.length,
  }
}
