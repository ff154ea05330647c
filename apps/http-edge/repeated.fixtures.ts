import assert from 'node:assert/strict'
import type { RouteDocument } from '#libs/http/route.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Answer, Asked } from './platform.fixtures.ts'

/** Who asked by a session that the command has ended is told so, like everybody whose session is over. */
const sessionOver = '401 identity.token_invalid'

/** Commands of which the same is not told again, with what is told in its place. */
const toldOtherwise: Readonly<Record<string, string>> = {
  changePassword: sessionOver,
  deactivateAccount: sessionOver,
  eraseAccount: sessionOver,
  revokeSessions: sessionOver,
  // The secret was shown, and is kept by nobody; the client revokes it by its id, and makes another.
  createAccessToken: '409 identity.token_exists',
}

/** What an answer has anew each time. */
const anew: Readonly<Record<string, readonly string[]>> = {
  // Signed anew for the same session.
  authenticate: ['accessToken'],
  actAs: ['accessToken'],
  // Shown once each: those of the last answer are good.
  confirmTotp: ['recoveryCodes'],
  renewRecoveryCodes: ['recoveryCodes'],
  issueStreamKey: ['streamKey'],
  rotateStreamKey: ['streamKey'],
  // That of the claim, of one that was found open.
  register: ['position'],
  openChannel: ['position'],
  renameChannel: ['position'],
}

const isJson = ({ headers }: Answer<unknown>): boolean => headers.get('content-type') === 'application/json'

const told = ({ status, body }: Answer<unknown>): string => `${status} ${(body as { readonly code?: unknown }).code}`

const comparable = (route: RouteDocument, answer: Answer<unknown>) => ({
  status: answer.status,
  body: isJson(answer)
    ? Object.fromEntries(
        Object.entries(answer.body as object).filter(([name]) => !(anew[route.id] ?? []).includes(name)),
      )
    : undefined,
})

/** Requests for one command that differ in nothing but words. */
const shapeOf = (route: RouteDocument, { body }: Asked): string => {
  const isObject = typeof body === 'object' && body !== null && !(body instanceof Uint8Array)
  const kind = isObject && 'kind' in body ? String(body.kind) : ''
  return [route.id, kind, ...(isObject ? Object.keys(body).sort() : [])].join(' ')
}

/** On a slow machine an engine may be away for a moment: who is told so tries again. */
const untilTold = async <Body>(send: () => Promise<Answer<Body>>): Promise<Answer<Body>> => {
  for (let tries = 1; ; tries++) {
    const answer = await send()
    if (answer.status !== 503 || tries === 3) return answer
  }
}

/**
 * Sends the first request of each kind for a command once more, as a client does that has lost the answer, and holds the
 * two answers to be the same (I7). What a test is given is the last one: it has to go on with what that says.
 */
export const createRepeats = () => {
  const seen = new Set<string>()
  return async <Body>(
    route: RouteDocument | undefined,
    asked: Asked,
    send: (asked: Asked) => Promise<Answer<Body>>,
  ): Promise<Answer<Body>> => {
    if (!route?.command || asked.once || seen.has(shapeOf(route, asked))) return send(asked)
    const keyed = { ...asked, headers: { 'idempotency-key': uuidv7(), ...asked.headers } }
    const first = await send(keyed)
    if (first.status >= 300 || first.status === 202) return first
    seen.add(shapeOf(route, asked))
    const again = await untilTold(() => send(keyed))
    if (told(again) === toldOtherwise[route.id]) return first
    assert.deepEqual(comparable(route, again), comparable(route, first), `${route.id} sent again: ${told(again)}`)
    return again
  }
}
