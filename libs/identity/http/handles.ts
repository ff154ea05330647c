import { z } from 'zod'
import { NumericId, Timestamp, timestamp } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { rename } from '../rename.ts'
import { handleKey, type IdentityEdge } from './edge.ts'
import { checkOwnPassword, openAccount } from './login.ts'
import { Handle, OwnPassword } from './schemas.ts'

const route = routesOf<IdentityEdge>()
const tag = 'accounts'

const changeHandle = route({
  method: 'PUT',
  path: '/v1/accounts/me/handle',
  id: 'changeHandle',
  tag,
  summary: 'Takes another handle; the old one is kept for a month, and leads to the new one',
  description: 'Once a week at most. Tokens name the old one until they are renewed.',
  auth: 'account',
  access: 'signed in',
  fresh: true,
  rate: 'credentials',
  command: true,
  reads: ['accounts'],
  body: z.strictObject({ handle: Handle, password: OwnPassword }),
  responses: {
    200: {
      description: 'Changed',
      body: z.strictObject({ handle: z.string() }),
      headers: { Position: 'For min-position' },
    },
    ...pendingResponse,
  },
  errors: [
    'identity.wrong_password',
    'identity.handle_taken',
    'identity.handle_reserved',
    'identity.handle_changed_lately',
    'identity.handle_released',
    'identity.name_confusable',
    'identity.account_unknown',
    'identity.account_erased',
    'auth.busy',
  ],
  handler: async ({ caller, body: { handle, password }, commandId, traceparent }, edge) => {
    const account = await openAccount(edge, caller.accountId)
    await checkOwnPassword(edge, caller.accountId, password)
    const renamed = await rename(edge, { account, handle, caller, commandId, traceparent })
    if (!renamed) return pendingReply(commandId)
    return { status: 200, headers: { Position: renamed.position }, body: { handle } }
  },
})

const ownHandles = route({
  method: 'GET',
  path: '/v1/accounts/me/handles',
  id: 'getOwnHandles',
  tag,
  summary: 'The handles that one has had, the newest first',
  auth: 'account',
  access: 'signed in',
  scopes: ['account:read'],
  rate: 'read',
  reads: ['accounts'],
  responses: {
    200: {
      description: 'The handles',
      body: z.strictObject({
        handles: z.array(z.strictObject({ handle: z.string(), since: Timestamp, until: Timestamp.nullable() })),
      }),
    },
  },
  errors: [],
  handler: async ({ caller }, edge) => {
    const handles = await edge.reads.handlesOf(caller.accountId)
    return {
      status: 200,
      body: {
        handles: handles.map(({ handle, since, until }) => ({
          handle,
          since: timestamp(since),
          until: until === null ? null : timestamp(until),
        })),
      },
    }
  },
})

const findHandle = route({
  method: 'GET',
  path: '/v1/handles/{handle}',
  id: 'getHandle',
  tag,
  summary: 'Whose a handle is; one that was left leads to the one that took its place',
  auth: 'none',
  access: 'public',
  rate: 'read',
  reads: ['accounts'],
  params: z.strictObject({ handle: Handle }),
  responses: {
    200: {
      description: 'Whose it is',
      body: z.strictObject({ kind: z.enum(['account', 'channel']), id: NumericId }).meta({ id: 'HandleHolder' }),
    },
    308: { description: 'Its holder goes by another', headers: { Location: 'The handle that took its place' } },
  },
  errors: ['http.not_found'],
  handler: async ({ params: { handle } }, edge) => {
    const key = handleKey(edge.vault, handle)
    const holder = await edge.reads.holder(key)
    if (!holder) throw new HttpProblem('http.not_found')
    if (holder.kind === 'channel') return { status: 200, body: { kind: 'channel' as const, id: holder.id } }
    const account = await edge.reads.account(holder.id)
    if (account?.state !== 'open' || account.handle === null) throw new HttpProblem('http.not_found')
    if (holder.retiredUntil !== null) return { status: 308, headers: { Location: `/v1/handles/${account.handle}` } }
    // Taken, but not yet given to the account, which may refuse it.
    if (account.handleKey !== null && account.handleKey !== key) throw new HttpProblem('http.not_found')
    return { status: 200, body: { kind: 'account' as const, id: holder.id } }
  },
})

export const handleRoutes = [changeHandle, ownHandles, findHandle]
