import { AuthBusy } from '#libs/vault/passwords.ts'

/**
 * When failed logins are answered. What a verification takes tells what it was: a hash of bcrypt, one made at another cost,
 * or none at all. So each failure waits, without work, for the end of a step that is longer than they take; where many
 * login at once and all of it takes longer, for the end of the next one.
 */
export type FailedLogins = {
  /** Throws `AuthBusy` where too many wait, before anything was looked at. */
  readonly admit: () => void
  /** Resolves at the end of a step since `began`, by `performance.now()`. */
  readonly wait: (began: number) => Promise<void>
}

export type FailedLoginOptions = {
  /** 1 s by default: bcrypt at cost 12, the highest that is usual, takes a third of it. */
  readonly stepMs?: number
  /** Failures that may wait, 512 by default: several times as many as a machine verifies in a step. */
  readonly bound?: number
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export const createFailedLogins = ({ stepMs = 1_000, bound = 512 }: FailedLoginOptions = {}): FailedLogins => {
  let waiting = 0
  return {
    admit: () => {
      if (waiting >= bound) throw new AuthBusy('too many logins fail')
    },
    wait: async (began) => {
      const tookMs = performance.now() - began
      waiting++
      try {
        await sleep(Math.max(1, Math.ceil(tookMs / stepMs)) * stepMs - tookMs)
      } finally {
        waiting--
      }
    },
  }
}
