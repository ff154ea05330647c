import type { Family } from '../families.ts'
import type { Instant } from '../log.ts'
import type { OutcomeRecord } from '../outcome.ts'

type Waiter = {
  readonly since: Instant
  readonly partition: string
  readonly settle: (outcome: OutcomeRecord | undefined) => void
}

/** Commands whose outcome has not been read yet. Two with one id are answered in turn. */
export type Pending = {
  readonly add: (
    command: { readonly family: Family; readonly partition: number; readonly principal: string; readonly id: string },
    timeoutMs: number,
  ) => Promise<OutcomeRecord | undefined>
  readonly settle: (outcome: OutcomeRecord) => void
  readonly count: () => number
  /** Of one partition, or of all. */
  readonly oldestMs: (family?: Family, partition?: number) => number
  /** Resolves once nothing is pending. */
  readonly idle: () => Promise<void>
  /** Gives up on what is pending: it is answered as what was not heard of in time. */
  readonly abandon: () => void
}

export const pendingCommands = (): Pending => {
  const byCommand = new Map<string, Waiter[]>()
  /** In the order in which they came, so the first is the oldest. */
  const byPartition = new Map<string, Set<Waiter>>()
  const idlers = new Set<() => void>()
  let count = 0

  const partitionKey = (family: Family, partition: number) => `${family}/${partition}`
  const ageOf = (waiters: Set<Waiter> | undefined): number => {
    const [oldest] = waiters ?? []
    return oldest ? Date.now() - oldest.since : 0
  }

  const remove = (command: string, waiter: Waiter) => {
    const waiters = byCommand.get(command)?.filter((other) => other !== waiter) ?? []
    if (waiters.length === 0) byCommand.delete(command)
    else byCommand.set(command, waiters)
    if (!byPartition.get(waiter.partition)?.delete(waiter)) return
    count--
    if (count === 0) for (const wake of idlers) wake()
  }

  return {
    add: ({ family, partition, principal, id }, timeoutMs) =>
      new Promise((resolve) => {
        const command = `${principal}:${id}`
        const key = partitionKey(family, partition)
        const timer = setTimeout(() => waiter.settle(undefined), timeoutMs)
        const waiter: Waiter = {
          since: Date.now(),
          partition: key,
          settle: (outcome) => {
            clearTimeout(timer)
            remove(command, waiter)
            resolve(outcome)
          },
        }
        byCommand.set(command, [...(byCommand.get(command) ?? []), waiter])
        const waiters = byPartition.get(key) ?? new Set()
        byPartition.set(key, waiters.add(waiter))
        count++
      }),
    settle: (outcome) => byCommand.get(`${outcome.principal}:${outcome.commandId}`)?.[0]?.settle(outcome),
    count: () => count,
    oldestMs: (family, partition) =>
      family !== undefined && partition !== undefined
        ? ageOf(byPartition.get(partitionKey(family, partition)))
        : Math.max(0, ...[...byPartition.values()].map(ageOf)),
    idle: () =>
      count === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            const wake = () => {
              idlers.delete(wake)
              resolve()
            }
            idlers.add(wake)
          }),
    abandon: () => {
      for (const waiters of [...byCommand.values()]) for (const waiter of waiters) waiter.settle(undefined)
    },
  }
}
