import { isPlatformRole } from '#libs/access/platform.ts'
import { usualBodyBytes } from '#libs/http/body.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { BoundRoute, Caller } from '#libs/http/route.ts'
import type { Asked } from '#libs/http/run.ts'
import type { ClientFrame } from '#libs/protocols/native/client-frames.ts'
import type { Identity } from '../recipient.ts'

export type QuestionFrame = ClientFrame & { type: 'query' | 'command' }

/** The name of what a frame asks for. */
export const nameOf = (frame: QuestionFrame): string => (frame.type === 'query' ? frame.query : frame.command)

/** Who asks, as routes know them. A socket outlives its token, and is cut when its session ends. */
export const callerOf = ({ name, platformRole, heldBackRole, ...identity }: Identity): Caller => ({
  accountId: identity.accountId,
  sessionId: identity.sessionId,
  handle: identity.handle,
  displayName: name,
  platformRole: isPlatformRole(platformRole) ? platformRole : 'user',
  ...(isPlatformRole(heldBackRole) && { heldBackRole }),
  scopes: identity.scopes,
  mustChangePassword: identity.mustChangePassword,
  expiresAt: Number.POSITIVE_INFINITY,
})

const versionOf = ({ ifMatch }: BoundRoute, frame: QuestionFrame): number | undefined => {
  const expected = frame.type === 'command' ? frame.expectedVersion : undefined
  if (expected === undefined && ifMatch === 'required') throw new HttpProblem('http.precondition_required')
  if (expected !== undefined && !ifMatch)
    throw new HttpProblem('http.invalid_request', {
      violations: [{ at: 'expectedVersion', message: 'is not known here' }],
    })
  return expected === '*' ? undefined : expected
}

/** Within the route's own bound, as a body over HTTP is. */
const bodyOf = ({ bodyLimit = usualBodyBytes }: BoundRoute, { body }: QuestionFrame): unknown => {
  if (body !== undefined && Buffer.byteLength(JSON.stringify(body)) > bodyLimit)
    throw new HttpProblem('http.body_too_large', { detail: { limitBytes: bodyLimit } })
  return body
}

type Context = Pick<Asked, 'caller' | 'address' | 'signal'>

/** What a frame asks of its route. Parameters of the path and of the query come under one roof, as texts. */
export const askedOf = (route: BoundRoute, frame: QuestionFrame, context: Context): Asked => {
  const texts = Object.entries(frame.params ?? {}).map(([name, value]) => [name, String(value)] as const)
  const isInPath = ([name]: readonly [string, string]) => Object.hasOwn(route.params?.shape ?? {}, name)
  return {
    ...context,
    params: Object.fromEntries(texts.filter(isInPath)),
    query: Object.fromEntries(texts.filter((text) => !isInPath(text))),
    minPosition: frame.minPosition,
    body: () => bodyOf(route, frame),
    upload: async () => Buffer.alloc(0),
    commandId: frame.id,
    ifMatch: versionOf(route, frame),
    requestId: frame.id,
    traceparent: frame.traceparent,
    header: () => undefined,
    cookie: () => undefined,
  }
}
