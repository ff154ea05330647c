import { z } from 'zod'
import { actingScopes } from '#libs/access/scopes.ts'
import { NumericId, Timestamp, timestamp } from '#libs/http/ids.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { accessTokenMs, signAccessToken } from '../tokens.ts'
import type { IdentityEdge } from './edge.ts'
import { openAccount } from './login.ts'
import { Reason, sendAsStaff } from './staff.ts'

const route = routesOf<IdentityEdge>()

type Opened = { readonly sessionId: string; readonly until: number }

const actAs = route({
  method: 'POST',
  path: '/v1/administration/accounts/{accountId}/acting',
  id: 'actAs',
  tag: 'administration',
  summary: 'A token by which to act as an account, for minutes, over HTTP alone',
  description:
    'Never of staff that stands as high, nor of an administrator. Whatever is done by it says who it was, in every record; ' +
    'what is a matter of the account itself it is not good for. Its owner finds it in their activity.',
  auth: 'account',
  access: { platform: 'impersonate' },
  fresh: true,
  rate: 'credentials',
  command: true,
  params: z.strictObject({ accountId: NumericId }),
  body: z.strictObject({
    reason: Reason,
    minutes: z.int().min(1).max(15).default(15),
  }),
  responses: {
    201: {
      description: 'Shown this once',
      body: z.strictObject({ accessToken: z.string(), expiresAt: Timestamp }).meta({ id: 'Acting' }),
      headers: { Position: 'For min-position' },
    },
  },
  errors: [
    'identity.forbidden',
    'identity.outranked',
    'identity.never_acted_as',
    'identity.account_unknown',
    'identity.account_erased',
    'identity.account_suspended',
    'identity.reason_invalid',
    'identity.term_invalid',
  ],
  handler: async (request, edge) => {
    const { caller } = request
    const { accountId } = request.params
    const { reason, minutes } = request.body
    const account = await openAccount(edge, accountId)
    const { sessions } = edge.vault
    const open = async () => {
      const { session } = await sessions.open(accountId, minutes * 60_000, { device: 'whiply: staff' })
      return { sessionId: session.sessionId, until: edge.now() + minutes * 60_000 }
    }
    const asked = ['actAs', accountId, reason, minutes]
    const send = async (opened: Opened) => ({
      ...opened,
      submitted: await sendAsStaff(edge, request, accountId, { type: 'ActAs', reason, ...opened }),
    })
    const undo = (opened: Opened) => sessions.close(opened.sessionId)
    const { sessionId, until, submitted } = await edge.once(request, asked, open, send, undo)
    // Without a record of it nobody acts.
    if (submitted.kind === 'pending') throw new HttpProblem('platform.unavailable')
    const handle = account.handle ?? accountId
    const claims = {
      accountId,
      sessionId,
      handle,
      displayName: account.displayName ?? handle,
      platformRole: account.platformRole,
      mustChangePassword: false,
      acting: {
        staffId: caller.accountId,
        staffSessionId: caller.sessionId,
        scopes: actingScopes,
        forMs: Math.min(until - edge.now(), accessTokenMs),
      },
    }
    const accessToken = await signAccessToken(claims, await edge.vault.signing.current(), edge.now())
    return {
      status: 201,
      headers: { Position: submitted.position },
      body: { accessToken, expiresAt: timestamp(until) },
    }
  },
})

export const actAsRoutes = [actAs]
