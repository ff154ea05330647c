import { AsyncLocalStorage } from 'node:async_hooks'
import type { Caller } from './route.ts'

const acting = new AsyncLocalStorage<string>()

/**
 * Runs work in which somebody of staff acts as the caller: every command that is sent of it, by whichever hand, says so.
 * For all others it is the work alone.
 */
export const runAs = <Result>(caller: Caller | undefined, work: () => Result): Result =>
  caller?.impersonator === undefined ? work() : acting.run(caller.impersonator, work)

/** Who of staff acts as whoever it is that is served here. */
export const impersonatorHere = (): string | undefined => acting.getStore()
