import { cpuSeconds } from './processes.ts'
import { type Role, type RunningWhiply, roles } from './whiply.ts'

export type Spent = { readonly role: Role; readonly seconds: number }

/**
 * Finds all processes that there are now, which takes long; what is given begins a measurement, which delays nothing: what
 * that gives tells the CPU seconds of each since.
 */
export const cpuClocks = (whiply: RunningWhiply): (() => () => readonly Spent[]) => {
  // Postgres is a family of processes.
  const pids = roles.map((role) => ({ role, ofRole: whiply.pidsOf(role) }))
  const read = () => pids.map(({ role, ofRole }) => ({ role, seconds: cpuSeconds(ofRole) }))
  return () => {
    const before = read()
    return () => read().map(({ role, seconds }, index) => ({ role, seconds: seconds - (before[index]?.seconds ?? 0) }))
  }
}

/** In words, as shares of one core over so many seconds. */
export const sharesOfACore = (spent: readonly Spent[], overSeconds: number): string =>
  spent.map(({ role, seconds }) => `${role} ${Math.round((seconds / overSeconds) * 100)}%`).join(', ')
