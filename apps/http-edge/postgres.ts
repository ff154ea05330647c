import { type Dependency, dependency } from '#libs/http/dependency.ts'
import { isTransient } from '#libs/readmodel/errors.ts'

/** A read model that no projector has made yet is one that is away (Postgres: undefined_table). */
const isMissing = (error: unknown): boolean => (error as { readonly code?: unknown } | null)?.code === '42P01'

/** Postgres behind a bulkhead and a circuit breaker: while it is away queries fail at once with `platform.unavailable`. */
export const createPostgresDependency = (name: string): Dependency =>
  dependency({
    name,
    isAway: (error) => isTransient(error) || isMissing(error),
    concurrency: 10,
    queue: 500,
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
