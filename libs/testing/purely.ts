import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/** Code that must be a function of its arguments alone read a clock or a random source. */
export class Impure extends Error {
  readonly code = 'testing.impure'
}

const refuse = (what: string) => (): never => {
  throw new Impure(`${what} was read`)
}

/** `Date` that still makes dates of what it is given. */
const dateWithoutClock = new Proxy(Date, {
  apply: refuse('Date()'),
  construct: (target, args) => (args.length === 0 ? refuse('new Date()')() : Reflect.construct(target, args)),
  get: (target, name) => (name === 'now' ? refuse('Date.now') : Reflect.get(target, name)),
})

const replace = <Target extends object>(target: Target, fields: Partial<Target>): (() => void) => {
  const before = Object.fromEntries(Object.keys(fields).map((name) => [name, target[name as keyof Target]]))
  Object.assign(target, fields)
  return () => Object.assign(target, before)
}

/**
 * Runs `act` with every clock and random source of the process refusing to answer. `act` must be synchronous: nothing
 * else runs meanwhile, so nobody else sees it. Throws `Impure`.
 */
export const purely = <Result>(act: () => Result): Result => {
  const restore = [
    replace(globalThis, { Date: dateWithoutClock }),
    replace(Math, { random: refuse('Math.random') }),
    replace(performance, { now: refuse('performance.now') }),
    replace(process, { hrtime: refuse('process.hrtime') as unknown as NodeJS.HRTime }),
    replace(crypto, {
      randomUUID: refuse('randomUUID'),
      randomBytes: refuse('randomBytes'),
      randomFillSync: refuse('randomFillSync'),
      randomInt: refuse('randomInt') as never,
    }),
  ]
  syncBuiltinESMExports()
  try {
    return act()
  } finally {
    for (const undo of restore) undo()
    syncBuiltinESMExports()
  }
}
