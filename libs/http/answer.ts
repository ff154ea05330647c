import { decideAccess } from '#libs/access/rule.ts'
import { isUuidv7, uuidv7 } from '#libs/journal/ids.ts'
import { runAs } from './acting.ts'
import { readJsonBody, readUpload } from './body.ts'
import { parseIfMatch } from './conditional.ts'
import { readCookie } from './cookie.ts'
import type { Exchange } from './exchange.ts'
import { requireFresh } from './fresh.ts'
import { HttpProblem } from './problem.ts'
import type { BoundRoute, Caller, RateClass, UntypedReply } from './route.ts'
import { requireScope } from './scope.ts'
import { parseQuery, validate } from './validate.ts'

/** What the door asks of the rest of the edge. */
export type Door = {
  /** Throws a problem where the token is not good. */
  readonly authenticate: (token: string) => Promise<Caller>
  /** A token that stands elsewhere than in `Authorization`; undefined where none does. */
  readonly tokenElsewhere?: (header: (name: string) => string | undefined) => string | undefined
  /** Whether nobody may do anything but read from an address. */
  readonly isBanned?: (address: string) => boolean
  /** Told of everybody who has passed, and from where they came. */
  readonly met?: (caller: Caller, address: string) => void
  /** Told of everybody who was refused what they may not do, before anything was read. */
  readonly refused?: (caller: Caller, refused: { readonly operation: string; readonly code: string }) => void
  /** Throws `http.rate_limited` once an allowance is used up. */
  readonly limit: (rate: RateClass, key: { readonly address: string } | { readonly caller: Caller }) => void
  /** Waits, within a bound, until the projection has reached the position. Rejects with `platform.behind`. */
  readonly waitForPosition: (projection: string, token: string) => Promise<void>
}

const nothing = Buffer.alloc(0)

const positionToken = /^[a-z]{1,20}\.\d{1,5}\.\d{1,15}$/

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
  const params = route.params && validate('path', route.params, pathParams)
  const { 'min-position': asked, ...rest } = parseQuery(request.url ?? '')
  const minPosition = asked ?? header('min-position')
  const query = validateQuery(route, rest, asked)
  const sent = route.body && (await readJsonBody(request, route.bodyLimit ?? 16_384))
  const body = route.body && validate('body', route.body, sent)
  const upload = route.upload ? await readUpload(request, route.upload.types, route.upload.limitBytes) : nothing
  if (route.reads && minPosition !== undefined) await reach(route.reads, minPosition, door)

  const handed: Parameters<BoundRoute['handler']>[0] = {
    params,
    query,
    body,
    upload,
    caller,
    commandId,
    ifMatch,
    requestId: exchange.requestId,
    traceparent: exchange.traceparent,
    address: exchange.address,
    header,
    cookie: (name) => readCookie(request.headers.cookie, name),
    signal,
  }
  return runAs(caller, () => route.handler(handed))
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

/** With which somebody is told that they may not, as they are now. */
const refusals: ReadonlySet<string> = new Set([
  'http.forbidden',
  'http.second_factor_required',
  'http.insufficient_scope',
  'http.reauthentication_required',
])

const admit = (route: BoundRoute, caller: Caller | undefined, { refused }: Door): void => {
  try {
    if (caller) checkCaller(route, caller)
    checkAccess(route, caller)
  } catch (error) {
    if (caller && error instanceof HttpProblem && refusals.has(error.code))
      refused?.(caller, { operation: route.id, code: error.code })
    throw error
  }
}

const checkCaller = (route: BoundRoute, caller: Caller): void => {
  requireScope(caller, route.scopes)
  if (caller.mustChangePassword && route.auth === 'account') throw new HttpProblem('http.password_change_required')
  if (route.fresh) requireFresh(caller, Date.now())
}

/** Before anything is read. What somebody is in a channel is not known here: the channel decides that. */
const checkAccess = ({ access }: BoundRoute, caller: Caller | undefined): void => {
  const verdict = decideAccess(access, { signedIn: caller !== undefined, platformRole: caller?.platformRole })
  if (verdict === 'unauthenticated') throw new HttpProblem('http.unauthenticated')
  if (verdict === 'forbidden')
    throw new HttpProblem(isHeldBack(access, caller) ? 'http.second_factor_required' : 'http.forbidden')
}

/** Whether two factors are all that somebody of staff is wanting. */
const isHeldBack = (access: BoundRoute['access'], caller: Caller | undefined): boolean =>
  caller?.heldBackRole !== undefined &&
  decideAccess(access, { signedIn: true, platformRole: caller.heldBackRole }) === 'allowed'

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

const validateQuery = (route: BoundRoute, query: Record<string, string>, minPosition: string | undefined): unknown => {
  if (minPosition !== undefined && !route.reads) throw unknownQuery('min-position')
  if (route.query) return validate('query', route.query, { ...query })
  const [name] = Object.keys(query)
  if (name !== undefined) throw unknownQuery(name.slice(0, 64))
  return undefined
}

const unknownQuery = (name: string): HttpProblem =>
  new HttpProblem('http.invalid_request', { violations: [{ at: `query/${name}`, message: 'is not known here' }] })

const reach = async (projections: readonly string[], token: string, door: Door): Promise<void> => {
  if (!positionToken.test(token)) {
    throw new HttpProblem('http.invalid_request', {
      violations: [{ at: 'min-position', message: 'is a position as an answer gives it, `channel.3.42`' }],
    })
  }
  await Promise.all(projections.map((projection) => door.waitForPosition(projection, token)))
}
