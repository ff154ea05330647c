import { addressBlock } from './address.ts'
import { HttpProblem } from './problem.ts'
import type { Rate, RateLimiter } from './rate-limit.ts'
import type { Caller, RateClass } from './route.ts'

/** What one address, one account and one token may ask, by class. */
export type Allowances = Readonly<
  Record<RateClass, { readonly address: Rate; readonly account: Rate; readonly token: Rate }>
>

/** Enough for people and their bots; an address may be that of a whole school. */
export const defaultAllowances: Allowances = {
  read: {
    address: { perMinute: 3000, burst: 600 },
    account: { perMinute: 1200, burst: 300 },
    token: { perMinute: 900, burst: 200 },
  },
  write: {
    address: { perMinute: 1200, burst: 300 },
    account: { perMinute: 300, burst: 60 },
    token: { perMinute: 240, burst: 40 },
  },
  credentials: {
    address: { perMinute: 30, burst: 30 },
    account: { perMinute: 10, burst: 10 },
    token: { perMinute: 10, burst: 10 },
  },
}

/** Takes a request from the allowances of its address, or of its account and token. Throws `http.rate_limited`. */
export const takeAllowance = (
  limiter: RateLimiter,
  allowances: Allowances,
  rate: RateClass,
  key: { readonly address: string } | { readonly caller: Caller },
): void => {
  if ('address' in key) {
    refuseAfter(limiter.take(`address ${rate} ${addressBlock(key.address)}`, allowances[rate].address))
    return
  }
  refuseAfter(limiter.take(`account ${rate} ${key.caller.accountId}`, allowances[rate].account))
  refuseAfter(limiter.take(`token ${rate} ${key.caller.sessionId}`, allowances[rate].token))
}

/** Refuses with the time to wait, where there is one. */
export const refuseAfter = (waitMs: number): void => {
  if (waitMs <= 0) return
  throw new HttpProblem('http.rate_limited', {
    detail: { retryAfterMs: waitMs },
    headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) },
  })
}
