import { isUuidv7, uuidv7 } from '#libs/journal/ids.ts'
import { type Admission, admit } from './admit.ts'
import { readJsonBody, readUpload, usualBodyBytes } from './body.ts'
import { parseIfMatch } from './conditional.ts'
import { readCookie } from './cookie.ts'
import type { Exchange } from './exchange.ts'
import { HttpProblem } from './problem.ts'
import type { BoundRoute, Caller, RateClass, UntypedReply } from './route.ts'
import { type Reaching, run } from './run.ts'
import { parseQuery } from './validate.ts'

/** What the door asks of the rest of the edge. */
export type Door = Admission &
  Reaching & {
    /** Throws a problem where the token is not good. */
    readonly authenticate: (token: string) => Promise<Caller>
    /** A token that stands elsewhere than in `Authorization`; undefined where none does. */
    readonly tokenElsewhere?: (header: (name: string) => string | undefined) => string | undefined
    /** Whether nobody may do anything but read from an address. */
    readonly isBanned?: (address: string) => boolean
    /** Told of everybody who has passed, and from where they came. */
    readonly met?: (caller: Caller, address: string) => void
    /** Throws `http.rate_limited` once an allowance is used up. */
    readonly limit: (rate: RateClass, key: { readonly address: string } | { readonly caller: Caller }) => void
  }

/**
 * Takes a request through the door, in the order in which refusing is cheapest: address, origin, token, access, allowance,
 * headers, path, query, body; then the handler.
 */
export const answer = async (
  route: BoundRoute,
  exchange: Exchange,
  pathParams: Record<string, string | readonly string[]>,
  door: Door,
  signal: AbortSignal,
): Promise<UntypedReply> => {
  const { request } = exchange
  const header = (name: string): string | undefined => {
    const value = request.headers[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : value
  }
  door.limit(route.rate, exchange)
  if (route.rate !== 'read' && door.isBanned?.(exchange.address)) throw new HttpProblem('http.address_banned')
  if (route.cookie && exchange.origin === 'foreign') throw new HttpProblem('http.origin_refused')
  const caller = await callerOf(route, header, door)
  admit(route, caller, door)
  if (caller) {
    door.limit(route.rate, { caller })
    door.met?.(caller, exchange.address)
  }

  const commandId = commandIdOf(route, header('idempotency-key'))
  const ifMatch = ifMatchOf(route, header('if-match'))
  const { 'min-position': asked, ...query } = parseQuery(request.url ?? '')
  return run(
    route,
    {
      params: pathParams,
      query,
      minPosition: asked ?? (route.reads && header('min-position')),
      body: () => readJsonBody(request, route.bodyLimit ?? usualBodyBytes),
      upload: ({ types, limitBytes }) => readUpload(request, types, limitBytes),
      caller,
      commandId,
      ifMatch,
      requestId: exchange.requestId,
      traceparent: exchange.traceparent,
      address: exchange.address,
      header,
      cookie: (name) => readCookie(request.headers.cookie, name),
      signal,
    },
    door,
  )
}

const bearerToken = (authorization: string | undefined): string | undefined => {
  if (authorization === undefined) return undefined
  const token = /^Bearer ([A-Za-z0-9._~+/-]{1,4096}=*)$/i.exec(authorization)?.[1]
  if (token === undefined) throw new HttpProblem('http.unauthenticated', { message: 'Not a bearer token.' })
  return token
}

const callerOf = async (
  route: BoundRoute,
  header: (name: string) => string | undefined,
  door: Door,
): Promise<Caller | undefined> => {
  if (route.auth === 'none') return undefined
  const token = bearerToken(header('authorization')) ?? door.tokenElsewhere?.(header)
  if (token === undefined) {
    if (route.auth === 'optional') return undefined
    throw new HttpProblem('http.unauthenticated')
  }
  return door.authenticate(token)
}

const commandIdOf = (route: BoundRoute, key: string | undefined): string => {
  if (!route.command || key === undefined) return uuidv7()
  const id = key.toLowerCase()
  if (!isUuidv7(id)) throw new HttpProblem('http.invalid_idempotency_key')
  return id
}

const ifMatchOf = (route: BoundRoute, header: string | undefined): number | undefined => {
  if (!route.ifMatch) return undefined
  if (header === undefined && route.ifMatch === 'required') throw new HttpProblem('http.precondition_required')
  return parseIfMatch(header)
}
