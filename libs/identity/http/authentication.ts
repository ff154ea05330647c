import { z } from 'zod'
import { refuseAfter } from '#libs/http/allowance.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { type Caller, routesOf } from '#libs/http/route.ts'
import type { IdentityCommandOf } from '../commands.ts'
import { gone } from './done.ts'
import type { IdentityEdge } from './edge.ts'
import { FactorCode, ShownCredential } from './factor-schemas.ts'
import { actOnOwn } from './factors.ts'
import { checkOwnPassword, loggedIn, openAccount } from './login.ts'
import { checkPasskey } from './passkeys.ts'
import { GivenPassword, LoggedIn } from './schemas.ts'
import { takeCode, useCode } from './second-factor.ts'
import { sessionCookie } from './session.ts'

const route = routesOf<IdentityEdge>()

const Shown = z
  .union([
    z.strictObject({ password: GivenPassword, code: FactorCode.optional() }),
    z.strictObject({ credential: ShownCredential }),
  ])
  .meta({ description: 'The password, with a code where a login asks for one; or a passkey' })

type Method = IdentityCommandOf<'RenewAuthentication'>['method']

type ShownNow = z.output<typeof Shown>

/** By what is good once of what somebody shows that they are who is logged in: as much as a login takes. */
const useShown = async (edge: IdentityEdge, { accountId }: Caller, shown: ShownNow): Promise<Method> => {
  if ('credential' in shown) {
    const passkey = await checkPasskey(edge, shown.credential)
    if (passkey.accountId !== accountId) throw new HttpProblem('identity.passkey_refused')
    return 'passkey'
  }
  const totp = await edge.vault.factors.totp.find(accountId)
  if (!totp?.confirmed) return 'password'
  refuseAfter(takeCode(edge, accountId))
  const method = shown.code === undefined ? undefined : await useCode(edge, accountId, shown.code)
  if (method === undefined) throw new HttpProblem('identity.code_wrong')
  return method
}

const authenticate = route({
  method: 'POST',
  path: '/v1/accounts/me/authentication',
  id: 'authenticate',
  tag: 'sessions',
  summary: 'Shows once more that one is who is logged in; for ten minutes that is enough for what wants it',
  auth: 'restricted',
  access: 'signed in',
  rate: 'credentials',
  command: true,
  body: Shown,
  responses: {
    200: {
      description: 'A token that says so',
      body: LoggedIn,
      headers: { 'Set-Cookie': 'The session’s next secret: the one before is good no more' },
    },
  },
  errors: [
    'identity.wrong_password',
    'identity.code_wrong',
    'identity.passkey_refused',
    'identity.session_ended',
    'identity.account_suspended',
    ...gone,
    'auth.busy',
  ],
  handler: async (request, edge) => {
    const { caller, body } = request
    const account = await openAccount(edge, caller.accountId)
    const { sessionId } = caller
    if ('password' in body) await checkOwnPassword(edge, caller.accountId, body.password)
    const asked = ['authenticate', sessionId, 'credential' in body ? body.credential : (body.code ?? null)]
    const use = async () => ({ method: await useShown(edge, caller, body), at: edge.now() })
    const shown = await edge.once(request, asked, use, async ({ method, at }) => {
      await actOnOwn(edge, request, { type: 'RenewAuthentication', sessionId, method })
      return edge.vault.sessions.authenticate(sessionId, method !== 'password', at)
    })
    if (!shown) throw new HttpProblem('identity.session_ended')
    return {
      status: 200,
      headers: { 'Set-Cookie': sessionCookie(edge, shown.secret) },
      body: await loggedIn(edge, account, shown.session, caller.mustChangePassword),
    }
  },
})

export const authenticationRoutes = [authenticate]
