import type { Instant } from '#libs/journal/log.ts'

/**
 * Counts by account what failed, wrong passwords or what was refused, and has the journal told in steps, so that nobody
 * fills it by trying.
 */
export type FailedAttempts<What = void> = {
  /** @param what of which the last is told */
  readonly note: (accountId: string, what: What) => void
  /** Tells what is due. Never rejects. */
  readonly tell: () => Promise<void>
  /** Tells the rest, of 100 accounts and within two seconds: what has no room is lost. */
  readonly close: () => Promise<void>
}

export type FailedAttemptsOptions<What> = {
  /** Rejects where it could not be recorded: then it is told later. */
  readonly record: (accountId: string, attempts: number, last: What) => Promise<void>
  readonly onError: (error: unknown) => void
  readonly now?: () => Instant
  /** How often it is looked for what is due: 1 s. */
  readonly stepMs?: number
}

type Count<What> = { readonly since: Instant; total: number; told: number; last: What }

/** For so long the attempts at an account count together. */
export const countedMs = 3_600_000

/** Told of one account: the first attempt, then ten times as many each time, and what is left when its hour is over. */
const GROWTH = 10

/** Accounts that are counted at once; of more nothing is told until there is room. */
const MOST = 10_000

/** Records of a step: guesses at many accounts are told one after the other. */
const MOST_PER_STEP = 5

const CLOSING_MS = 2_000

/** Records at the end: of more nothing is told any more. */
const MOST_AT_END = 100

/** After one could not be recorded none is tried for so long. */
export const PAUSE_MS = 60_000

const isOver = ({ since }: Pick<Count<unknown>, 'since'>, at: Instant): boolean => at >= since + countedMs

const isDue = (count: Count<unknown>, at: Instant): boolean =>
  count.total > count.told && (count.total >= count.told * GROWTH || isOver(count, at))

export const createFailedAttempts = <What = void>(options: FailedAttemptsOptions<What>): FailedAttempts<What> => {
  const { record, onError, now = Date.now, stepMs = 1_000 } = options
  const counts = new Map<string, Count<What>>()
  let pausedUntil = Number.NEGATIVE_INFINITY

  const tellOf = async (accountId: string, count: Count<What>): Promise<void> => {
    const attempts = count.total - count.told
    count.told = count.total
    try {
      await record(accountId, attempts, count.last)
    } catch (error) {
      count.told -= attempts
      pausedUntil = now() + PAUSE_MS
      onError(error)
    }
  }

  const tellSome = async (which: (count: Count<What>) => boolean, most: number): Promise<void> => {
    const due = [...counts].filter(([, count]) => which(count)).slice(0, most)
    await Promise.all(due.map(([accountId, count]) => tellOf(accountId, count)))
  }

  const tell = async (): Promise<void> => {
    const at = now()
    if (at < pausedUntil) return
    await tellSome((count) => isDue(count, at), MOST_PER_STEP)
    for (const [accountId, count] of counts)
      if (isOver(count, at) && count.told === count.total) counts.delete(accountId)
  }

  const timer = setInterval(() => void tell(), stepMs).unref()

  return {
    note: (accountId, last) => {
      const count = counts.get(accountId)
      if (count) {
        count.total += 1
        count.last = last
      } else if (counts.size < MOST) counts.set(accountId, { since: now(), total: 1, told: 0, last })
    },
    tell,
    close: async () => {
      clearInterval(timer)
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const patience = setTimeout(resolve, CLOSING_MS)
      await Promise.race([tellSome(({ total, told }) => total > told, MOST_AT_END), late])
      clearTimeout(patience)
    },
  }
}
