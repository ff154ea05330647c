import assert from 'node:assert/strict'
import { test } from 'node:test'
import { platformRoles } from '#libs/access/platform.ts'
import { decideAccess, isAccessRule, isOpen } from '#libs/access/rule.ts'
import { scopes } from '#libs/access/scopes.ts'
import { answer, type Door } from '#libs/http/answer.ts'
import type { Exchange } from '#libs/http/exchange.ts'
import type { BoundRoute, Caller } from '#libs/http/route.ts'
import { createApp } from '#libs/http/server.ts'
import { bindRoutes } from './app.ts'
import { documentedRoutes } from './openapi.ts'

const routes = bindRoutes({} as Parameters<typeof bindRoutes>[0])
const nameOf = ({ method, path }: Pick<BoundRoute, 'method' | 'path'>) => `${method} ${path}`

test('every route that is served has a rule that names what there is', () => {
  assert.deepEqual(routes.map(nameOf).sort(), documentedRoutes.map(nameOf).sort())
  for (const route of routes) assert.ok(isAccessRule(route.access), nameOf(route))
})

test('what is for nobody but accounts asks for a token', () => {
  for (const route of routes)
    if (!isOpen(route.access)) assert.ok(['account', 'restricted'].includes(route.auth), nameOf(route))
})

test('what is done to accounts and to the platform takes a permission', () => {
  const unruled = routes.filter(
    ({ path, access }) =>
      path.startsWith('/v1/administration/') && (typeof access === 'string' || !('platform' in access)),
  )
  assert.deepEqual(unruled.map(nameOf), [])
})

test('a route without a rule, or one that asks for no token where it should, is not served', () => {
  const [route] = routes
  assert.ok(route)
  const serve = (changed: object) => createApp({ routes: [{ ...route, ...changed }] } as never)
  assert.throws(() => serve({ access: undefined }), /has no access rule/)
  assert.throws(() => serve({ access: { platform: 'everything' } }), /has no access rule/)
  assert.throws(() => serve({ access: 'signed in', auth: 'none' }), /is not for everybody/)
})

/** What the door says to a request that brings nothing but a token, and no handler behind it. */
const codeFor = async (
  route: BoundRoute,
  platformRole: Caller['platformRole'],
  heldBackRole?: Caller['platformRole'],
): Promise<string> => {
  const caller: Caller = {
    accountId: '7',
    sessionId: 's',
    handle: 'ada',
    displayName: 'Ada',
    platformRole,
    ...(heldBackRole && { heldBackRole }),
    scopes: [...scopes],
    mustChangePassword: false,
    expiresAt: 0,
    authenticatedAt: Date.now(),
  }
  const door: Door = { authenticate: async () => caller, limit: () => {}, waitForPosition: async () => {} }
  const request = { headers: { authorization: 'Bearer token' }, url: '/' }
  const exchange = { request, address: '192.0.2.1', origin: 'own' } as unknown as Exchange
  const stub = { ...route, handler: () => ({ status: 204 }) }
  try {
    await answer(stub, exchange, {}, door, new AbortController().signal)
    return 'passed'
  } catch (error) {
    return (error as { readonly code?: string }).code ?? String(error)
  }
}

test('every role passes the door of every route as the table of permissions has it', async () => {
  for (const route of routes)
    for (const role of platformRoles) {
      const verdict = decideAccess(route.access, { signedIn: true, platformRole: role })
      const code = await codeFor(route, role)
      assert.equal(code === 'http.forbidden', verdict === 'forbidden', `${nameOf(route)} ${role}: ${code}`)
    }
})

test('staff who are to show two factors first are told so, where their role would do and nowhere else', async () => {
  for (const route of routes)
    for (const role of platformRoles) {
      const needsRole = (await codeFor(route, 'user')) === 'http.forbidden'
      const wouldDo = (await codeFor(route, role)) !== 'http.forbidden'
      const code = await codeFor(route, 'user', role)
      assert.equal(code === 'http.second_factor_required', needsRole && wouldDo, `${nameOf(route)} ${role}: ${code}`)
    }
})
