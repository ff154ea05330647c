import { HttpProblem } from '#libs/http/problem.ts'

/**
 * Which account a registration is for, by its Idempotency-Key, so that one sent again because its answer was lost finds
 * its own account and not a handle that is taken. For as long as ids count and this process lives; the fingerprint is of
 * all that was sent, password included, so nobody else's key finds it: that is refused.
 */
export type Registrations = {
  /** Throws `command.id_reused` where something else was sent by that key. */
  readonly find: (commandId: string, fingerprint: string) => string | undefined
  readonly remember: (commandId: string, fingerprint: string, accountId: string) => void
}

/** Keeps the last `capacity`; the oldest go first. */
export const createRegistrations = (capacity = 10_000): Registrations => {
  const accounts = new Map<string, { readonly fingerprint: string; readonly accountId: string }>()
  return {
    find: (commandId, fingerprint) => {
      const known = accounts.get(commandId)
      if (known !== undefined && known.fingerprint !== fingerprint) throw new HttpProblem('command.id_reused')
      return known?.accountId
    },
    remember: (commandId, fingerprint, accountId) => {
      accounts.set(commandId, { fingerprint, accountId })
      const [oldest] = accounts.keys()
      if (accounts.size > capacity && oldest !== undefined) accounts.delete(oldest)
    },
  }
}
