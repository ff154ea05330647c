import { runAs } from './acting.ts'
import { HttpProblem } from './problem.ts'
import type { BoundRoute, UntypedReply, UntypedRequest } from './route.ts'
import { validate } from './validate.ts'

export type Reaching = {
  /** Waits, within a bound, until the projection has reached the position. Rejects with `platform.behind`. */
  readonly waitForPosition: (projection: string, token: string) => Promise<void>
}

/** What is asked of a route by somebody whom its door has let in, whichever door it was: every part as it was sent. */
export type Asked = Omit<UntypedRequest, 'params' | 'query' | 'body' | 'upload'> & {
  readonly params: unknown
  /** As texts, since that is how parameters are parsed. */
  readonly query: Readonly<Record<string, string>>
  readonly minPosition: string | undefined
  /** Read only where the route takes one, and nothing before it is wrong. */
  readonly body: () => unknown
  readonly upload: (taken: NonNullable<BoundRoute['upload']>) => Promise<Buffer>
}

const nothing = Buffer.alloc(0)

const positionToken = /^[a-z]{1,20}\.\d{1,5}\.\d{1,15}$/

/** Parses what is asked by the schemas of the route, waits for what it has to have seen, and has the route answer. */
export const run = async (route: BoundRoute, asked: Asked, door: Reaching): Promise<UntypedReply> => {
  const { minPosition, ...request } = asked
  const params = route.params && validate('path', route.params, asked.params)
  const query = validateQuery(route, asked.query, minPosition)
  const body = route.body && validate('body', route.body, await asked.body())
  const upload = route.upload ? await asked.upload(route.upload) : nothing
  if (route.reads && minPosition !== undefined) await reach(route.reads, minPosition, door)
  return runAs(asked.caller, () => route.handler({ ...request, params, query, body, upload }))
}

const validateQuery = (route: BoundRoute, query: Asked['query'], minPosition: string | undefined): unknown => {
  if (minPosition !== undefined && !route.reads) throw unknownQuery('min-position')
  if (route.query) return validate('query', route.query, { ...query })
  const [name] = Object.keys(query)
  if (name !== undefined) throw unknownQuery(name.slice(0, 64))
  return undefined
}

const unknownQuery = (name: string): HttpProblem =>
  new HttpProblem('http.invalid_request', { violations: [{ at: `query/${name}`, message: 'is not known here' }] })

const reach = async (projections: readonly string[], token: string, door: Reaching): Promise<void> => {
  if (!positionToken.test(token)) {
    throw new HttpProblem('http.invalid_request', {
      violations: [{ at: 'min-position', message: 'is a position as an answer gives it, `channel.3.42`' }],
    })
  }
  await Promise.all(projections.map((projection) => door.waitForPosition(projection, token)))
}
