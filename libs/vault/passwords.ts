import { availableParallelism } from 'node:os'
import argon2 from 'argon2'
import { isBcrypt, verifyBcrypt } from './bcrypt.ts'

/** What a hash costs whoever makes it (RFC 9106: m, t and p). */
export type PasswordCost = { readonly memoryKib: number; readonly passes: number; readonly lanes: number }

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const usualCost: PasswordCost = { memoryKib: 19_456, passes: 2, lanes: 1 }

/** A hash of the same cost that no password has, checked where there is no account, so that the time tells nothing. */
const decoyOf = ({ memoryKib, passes, lanes }: PasswordCost): string =>
  `$argon2id$v=19$m=${memoryKib},p=${lanes},t=${passes}$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** Too many passwords are waiting to be hashed; the caller may try again in a second. */
export class AuthBusy extends Error {
  readonly code = 'auth.busy'
}

export type Passwords = {
  /** Argon2id as a PHC string. Rejects with `AuthBusy`. */
  readonly hash: (password: string) => Promise<string>
  /**
   * Whether the hash is the password's; false, after the same work, where there is no hash. Who is known goes before
   * strangers, and has a queue of their own: guesses in great number keep none of them out. Rejects with `AuthBusy`.
   */
  readonly verify: (passwordHash: string | undefined, password: string, who?: 'known' | 'stranger') => Promise<boolean>
  /** Whether a hash was made in another way than `hash` makes it now: then it is made anew at the next login. */
  readonly isOutdated: (passwordHash: string) => boolean
  /** How many wait for their turn. */
  readonly waiting: () => number
}

export type PasswordOptions = {
  /** Hashes under way at once. By default one for each core but at most two: the pool has four threads, and others need it. */
  readonly concurrency?: number
  /** Hashes that may wait, 64 of strangers by default and as many of others: less than a second on one core. */
  readonly queue?: number
  /** Of hashes that are made from now on; those of another cost are outdated. */
  readonly cost?: PasswordCost
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
  const cost = options.cost ?? usualCost
  const decoy = decoyOf(cost)
  const parameters = {
    type: argon2.argon2id,
    memoryCost: cost.memoryKib,
    timeCost: cost.passes,
    parallelism: cost.lanes,
  } as const
  const strangers: (() => void)[] = []
  const known: (() => void)[] = []
  let running = 0

  const turn = async <Result>(queue: (() => void)[], work: () => Promise<Result>): Promise<Result> => {
    if (running < concurrency) running += 1
    else if (queue.length >= bound) throw new AuthBusy('too many logins at once')
    // Whoever ends hands its seat on, so that nobody overtakes those who wait in the same queue.
    else await new Promise<void>((seat) => queue.push(seat))
    try {
      return await work()
    } finally {
      const next = known.shift() ?? strangers.shift()
      if (next) next()
      else running -= 1
    }
  }

  return {
    hash: (password) => turn(strangers, () => argon2.hash(bytesOf(password), parameters)),
    verify: async (passwordHash, password, who = 'stranger') => {
      const queue = who === 'known' ? known : strangers
      const matches = await turn(queue, () => verifyHash(passwordHash ?? decoy, password))
      return passwordHash !== undefined && matches
    },
    isOutdated: (passwordHash) => isBcrypt(passwordHash) || argon2.needsRehash(passwordHash, parameters),
    waiting: () => strangers.length + known.length,
  }
}
