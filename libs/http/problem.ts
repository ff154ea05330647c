import { z } from 'zod'

/** What a stable code means over HTTP: its status, a title that never changes, and what the caller can do about it. */
export type ErrorEntry = { readonly status: number; readonly title: string; readonly remedy: string }

/** All that a slice may answer with, by code (`<context>.<what>`). */
export type ErrorTable = Readonly<Record<string, ErrorEntry>>

/** Members of a problem beside those of RFC 9457: numbers and ids such as `remainingMs`, never personal text. */
export type ProblemDetail = Readonly<Record<string, string | number | boolean>>

/** One thing wrong with a request, `at` as a path: `body/text`, `query/limit`, `header/If-Match`. */
export type Violation = { readonly at: string; readonly message: string }

/** Thrown by handlers and by the kit: becomes the problem document of its code. */
export class HttpProblem extends Error {
  readonly code: string
  readonly detail: ProblemDetail
  readonly violations: readonly Violation[]
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: string,
    options: {
      readonly message?: string
      readonly detail?: ProblemDetail
      readonly violations?: readonly Violation[]
      readonly headers?: Readonly<Record<string, string>>
      readonly cause?: unknown
    } = {},
  ) {
    super(options.message ?? '', options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.detail = options.detail ?? {}
    this.violations = options.violations ?? []
    this.headers = options.headers ?? {}
  }
}

/** A problem document (RFC 9457), with the stable code, the remedy, and the code's own members in `context`. */
export const Problem = z
  .strictObject({
    type: z.string().meta({ description: 'Where the code is documented, relative to this server' }),
    code: z.string().meta({ description: 'Stable; programs decide by it' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional().meta({ description: 'What was wrong this time' }),
    remedy: z.string().meta({ description: 'What the caller can do' }),
    instance: z.string().meta({ description: 'This occurrence: the id of the request, as in the log' }),
    violations: z
      .array(z.strictObject({ at: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Each thing wrong with the request' }),
    context: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .optional()
      .meta({ description: "Numbers and ids that go with the code, such as 'remainingMs'" }),
  })
  .meta({ id: 'Problem' })

export type Problem = z.output<typeof Problem>

/** Where a code is documented: the `type` of its problem documents. */
export const problemType = (code: string): string => `/problems/${code}`

/** The document of a problem; a code that the table does not hold has the status and words of `platform.internal`. */
export const problemDocument = (problem: HttpProblem, table: ErrorTable, requestId: string): Problem => {
  const entry = table[problem.code]
  const code = entry ? problem.code : 'platform.internal'
  const { status, title, remedy } = entry ?? { status: 500, title: 'Something went wrong here', remedy: 'Try again.' }
  return {
    type: problemType(code),
    code,
    title,
    status,
    ...(problem.message && entry && { detail: problem.message }),
    remedy,
    instance: `urn:uuid:${requestId}`,
    ...(problem.violations.length > 0 && { violations: [...problem.violations] }),
    ...(entry && Object.keys(problem.detail).length > 0 && { context: { ...problem.detail } }),
  }
}
