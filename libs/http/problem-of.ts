import { type ErrorTable, HttpProblem } from './problem.ts'

/** Errors with a documented code keep it; of express's own some are the client's: a malformed URL, a range beyond a file. */
export const problemOf = (error: unknown, errors: ErrorTable): HttpProblem => {
  if (error instanceof HttpProblem) return error
  const { code, status } = (error ?? {}) as { readonly code?: unknown; readonly status?: unknown }
  if (typeof code === 'string' && code in errors) return new HttpProblem(code, { cause: error })
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new HttpProblem('http.malformed_request', { cause: error })
  return new HttpProblem('platform.internal', { cause: error })
}
