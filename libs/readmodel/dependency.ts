import { type Dependency, dependency } from '#libs/http/dependency.ts'
import { isTransient } from './errors.ts'

/** A read model that no projector has made yet is one that is away (Postgres: undefined_table). */
const isMissing = (error: unknown): boolean => (error as { readonly code?: unknown } | null)?.code === '42P01'

/**
 * Postgres behind a bulkhead and a circuit breaker: while it is away queries fail at once with `platform.unavailable`.
 * `concurrency`: so many queries at once, as many as the pool has connections.
 */
export const createPostgresDependency = (name: string, { concurrency = 10, queue = 500 } = {}): Dependency =>
  dependency({
    name,
    isAway: (error) => isTransient(error) || isMissing(error),
    concurrency,
    queue,
    timeoutMs: 2000,
    failures: 3,
  })

/** The same functions, each call guarded. */
export const guarded = <Functions extends Record<string, (...args: never[]) => Promise<unknown>>>(
  { call }: Dependency,
  functions: Functions,
): Functions =>
  Object.fromEntries(
    Object.entries(functions).map(([name, work]) => [name, (...args: never[]) => call(() => work(...args))]),
  ) as Functions
