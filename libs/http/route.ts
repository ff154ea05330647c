import type { ServerResponse } from 'node:http'
import type { z } from 'zod'
import type { PlatformRole } from '#libs/access/platform.ts'
import type { AccessRule } from '#libs/access/rule.ts'
import type { Scope } from '#libs/access/scopes.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who is calling, as the access token says. */
export type Caller = {
  readonly accountId: string
  /** Of a token that its owner made for a program the id of that token. */
  readonly sessionId: string
  readonly handle: string
  readonly displayName: string
  readonly platformRole: PlatformRole
  /** What the token may be used for. */
  readonly scopes: readonly Scope[]
  /** The password is to be changed first: only routes with `auth: 'restricted'` are open. */
  readonly mustChangePassword: boolean
  /** When they last showed who they are; absent for tokens of programs, and for who acts as another. */
  readonly authenticatedAt?: number
  /** They showed two factors, at their login or since. */
  readonly secondFactor?: boolean
  /** What they would be on the platform, where that counts only for who showed two factors: then `platformRole` is `user`. */
  readonly heldBackRole?: PlatformRole
  /** The account of staff that acts as this one. */
  readonly impersonator?: string
  /** The session of staff in which that was begun, and with which it ends. */
  readonly impersonatorSession?: string
  /** When the token ends by itself; infinite where it does not. */
  readonly expiresAt: number
}

/**
 * `none`: no token is looked at. `optional`: a token that is sent must be good. `account`: a token is needed.
 * `restricted`: as `account`, and also open to who must change the password first.
 */
export type Auth = 'none' | 'optional' | 'account' | 'restricted'

/** Which allowance a request is taken from: `credentials` is for what may be used to guess passwords. */
export type RateClass = 'read' | 'write' | 'credentials'

export type ResponseSpec = {
  readonly description: string
  /** Absent: the answer has no body. */
  readonly body?: z.ZodType
  /** Anything but JSON: the body is then a string. */
  readonly contentType?: string
  /** The body is bytes of this media type. */
  readonly bytes?: string
  /** By media type one message of an answer that goes on; the reply has a `stream` in the place of a body. */
  readonly streams?: Readonly<Record<string, z.ZodType>>
  /** Headers of this answer beside those of every one, with what they say. */
  readonly headers?: Readonly<Record<string, string>>
}

export type Responses = { readonly [status: number]: ResponseSpec }

/** An answer that goes on. Where the client has gone by then, or asked for the head alone, it is never run. */
export type ReplyStream = {
  readonly contentType: string
  /**
   * Called once the head is written; whoever takes it ends it. Where it rejects the connection is cut, so that nobody takes
   * a part for the whole, and the log says so.
   */
  readonly run: (response: ServerResponse) => void | Promise<void>
}

/** `Set-Cookie` may come more than once. */
export type ReplyHeaders = Readonly<Record<string, string | readonly string[]>>

/** Answers as declared: the status is one of those documented, and the body has its form. */
export type Reply<R extends Responses> = {
  readonly [Status in keyof R & number]: {
    readonly status: Status
    readonly headers?: ReplyHeaders
  } & (R[Status] extends { readonly body: infer Body extends z.ZodType }
    ? { readonly body: z.input<Body> }
    : R[Status] extends { readonly streams: object }
      ? { readonly stream: ReplyStream }
      : R[Status] extends { readonly bytes: string }
        ? { readonly body: Buffer }
        : { readonly body?: undefined })
}[keyof R & number]

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

type CallerOf<A extends Auth> = A extends 'none' ? undefined : A extends 'optional' ? Caller | undefined : Caller

/** A request that has passed the door: every part parsed, the caller known. */
export type RouteRequest<A extends Auth, Params, Query, Body> = {
  readonly params: Parsed<Params>
  readonly query: Parsed<Query>
  readonly body: Parsed<Body>
  /** What was sent where the route takes an `upload`; empty elsewhere. */
  readonly upload: Buffer
  readonly caller: CallerOf<A>
  /** The command's id: the client's Idempotency-Key, or one minted here. */
  readonly commandId: string
  /** The version in If-Match; undefined for `*` or where none was sent. */
  readonly ifMatch: number | undefined
  readonly requestId: string
  readonly traceparent: string | undefined
  /** Of the client, behind trusted proxies. Never logged. */
  readonly address: string
  readonly header: (name: string) => string | undefined
  readonly cookie: (name: string) => string | undefined
  /** Aborted when the client has gone or the time for an answer is over. */
  readonly signal: AbortSignal
}

/** A route and its documentation in one: there is no other way to register a route. */
export type Route<
  Deps,
  A extends Auth,
  Params extends z.ZodObject | undefined,
  Query extends z.ZodObject | undefined,
  Body extends z.ZodType | undefined,
  R extends Responses,
> = {
  readonly method: Method
  /** In OpenAPI's form: `/v1/channels/{channelId}`. */
  readonly path: string
  /** Unique; names the operation in generated clients. */
  readonly id: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly auth: A
  /** Who may use it. What is a matter of a channel the channel decides; all else is decided before the handler. */
  readonly access: AccessRule
  /** One of these the token must have; without them it has to be that of a login. */
  readonly scopes?: readonly Scope[]
  /** It wants somebody who showed who they are at most `freshMs` ago: what gives another way in, or cannot be undone. */
  readonly fresh?: boolean
  readonly rate: RateClass
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  /** Bytes; `usualBodyBytes` by default. */
  readonly bodyLimit?: number
  /** It takes bytes of one of these media types in the place of JSON. */
  readonly upload?: { readonly types: readonly string[]; readonly limitBytes: number }
  /** It sends a command: takes Idempotency-Key, and may answer 202 when the outcome is not there in time. */
  readonly command?: boolean
  /** Whether If-Match is looked at; without it 428 where `required`. */
  readonly ifMatch?: 'optional' | 'required'
  /** Projections that must have reached `min-position` before it answers. */
  readonly reads?: readonly string[]
  /** It acts on the session cookie: only pages of this server and of allowed origins may call it. */
  readonly cookie?: boolean
  readonly responses: R
  /** Codes that it answers with beside those that follow from the above. */
  readonly errors: readonly string[]
  readonly handler: (
    request: RouteRequest<A, Params, Query, Body>,
    deps: Deps,
  ) => Promise<Reply<NoInfer<R>>> | Reply<NoInfer<R>>
}

/** What the kit knows of a route: documentation, and a handler for requests that it has parsed itself. */
export type AnyRoute<Deps> = Omit<
  Route<Deps, Auth, z.ZodObject | undefined, z.ZodObject | undefined, z.ZodType | undefined, Responses>,
  'handler'
> & { readonly handler: (request: UntypedRequest, deps: Deps) => Promise<UntypedReply> | UntypedReply }

export type UntypedRequest = Omit<
  RouteRequest<'optional', undefined, undefined, undefined>,
  'params' | 'query' | 'body'
> & {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
}

export type UntypedReply = {
  readonly status: number
  readonly body?: unknown
  readonly stream?: ReplyStream
  readonly headers?: ReplyHeaders
}

/**
 * The builder of a context's routes: `const route = routesOf<ChannelEdge>()`. Routes are constants that need no
 * dependency to be documented; `bind` gives them theirs.
 */
export const routesOf =
  <Deps>() =>
  <
    A extends Auth,
    const R extends Responses,
    Params extends z.ZodObject | undefined = undefined,
    Query extends z.ZodObject | undefined = undefined,
    Body extends z.ZodType | undefined = undefined,
  >(
    route: Route<Deps, A, Params, Query, Body, R>,
  ): AnyRoute<Deps> =>
    // The kit parses by the very schemas of this route before it calls the handler.
    route as unknown as AnyRoute<Deps>

/** A route with its dependencies, ready to be served. */
export type BoundRoute = Omit<AnyRoute<never>, 'handler'> & {
  readonly handler: (request: UntypedRequest) => Promise<UntypedReply> | UntypedReply
}

export const bind = <Deps>(routes: readonly AnyRoute<Deps>[], deps: Deps): readonly BoundRoute[] =>
  routes.map((route) => ({ ...route, handler: (request) => route.handler(request, deps) }))

/** What a route says of itself, for documentation. */
export type RouteDocument = Omit<AnyRoute<never>, 'handler'>
