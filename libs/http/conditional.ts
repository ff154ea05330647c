import { HttpProblem } from './problem.ts'

/** The ETag of a resource: the `n` of the last record that changed it. */
export const entityTag = (version: number): string => `"${version}"`

/** The version in an If-Match header; undefined where there is none or it is `*`. Weak tags never match (RFC 9110, 13.1.1). */
export const parseIfMatch = (header: string | undefined): number | undefined => {
  if (header === undefined || header.trim() === '*') return undefined
  const version = /^\s*"(\d{1,15})"\s*$/.exec(header)?.[1]
  if (version === undefined) {
    throw new HttpProblem('http.invalid_request', {
      violations: [{ at: 'header/If-Match', message: 'is one strong ETag of this server, or *' }],
    })
  }
  return Number(version)
}

/** Whether the client has it already (If-None-Match; the comparison is weak, RFC 9110, 13.1.2). */
export const isFresh = (ifNoneMatch: string | undefined, tag: string): boolean =>
  (ifNoneMatch ?? '')
    .split(',')
    .map((each) => each.trim().replace(/^W\//, ''))
    .some((each) => each === '*' || each === tag)
