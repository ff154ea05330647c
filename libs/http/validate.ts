import type { z } from 'zod'
import { HttpProblem, type Violation } from './problem.ts'

/** Parses one part of a request. Throws `http.invalid_request` with everything that is wrong with it. */
export const validate = (part: 'path' | 'query' | 'body', schema: z.ZodType, value: unknown): unknown => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new HttpProblem('http.invalid_request', {
    message: `The ${part} does not have the form that this route takes.`,
    violations: result.error.issues.slice(0, 20).flatMap((issue) => violations(part, issue)),
  })
}

const violations = (part: string, issue: z.core.$ZodIssue): readonly Violation[] => {
  const at = [part, ...issue.path.map(String)].join('/')
  // zod names an unknown member in its message: the name came from the client, so it goes no further than 64 characters.
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, 20).map((key) => ({ at: `${at}/${key.slice(0, 64)}`, message: 'is not known here' }))
  }
  return [{ at, message: issue.message }]
}

/**
 * The query string as an object of strings. A name that stands there twice is refused, since programs disagree about
 * which one counts.
 */
export const parseQuery = (url: string): Record<string, string> => {
  const mark = url.indexOf('?')
  const values: Record<string, string> = Object.create(null)
  if (mark < 0) return values
  for (const [name, value] of new URLSearchParams(url.slice(mark + 1))) {
    if (name in values) {
      throw new HttpProblem('http.invalid_request', {
        violations: [{ at: `query/${name.slice(0, 64)}`, message: 'stands there twice' }],
      })
    }
    values[name] = value
  }
  return values
}
