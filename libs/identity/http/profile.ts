import { z } from 'zod'
import { NumericId, Timestamp, timestamp } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { withNames } from '../claim.ts'
import { done, doneReply, gone } from './done.ts'
import { type IdentityEdge, nameKey, sendToIdentity } from './edge.ts'
import { checkOwnPassword, openAccount } from './login.ts'
import { DisplayName, OwnPassword } from './schemas.ts'
import { noSessionCookie } from './session.ts'

const route = routesOf<IdentityEdge>()
const tag = 'accounts'

const changeProfile = route({
  method: 'PATCH',
  path: '/v1/accounts/me',
  id: 'changeProfile',
  tag,
  summary: 'Changes what everybody sees of one’s account; what is not sent stays, null takes away',
  auth: 'account',
  access: 'signed in',
  rate: 'write',
  command: true,
  body: z.strictObject({
    displayName: DisplayName.optional(),
    colour: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, 'is #rrggbb')
      .toLowerCase()
      .nullable()
      .optional(),
    bio: z.string().max(1200).trim().normalize('NFC').nullable().optional(),
  }),
  responses: done,
  errors: [
    'identity.nothing_to_change',
    'identity.display_name_invalid',
    'identity.bio_invalid',
    'identity.name_confusable',
    ...gone,
  ],
  handler: async ({ caller: { accountId }, body, commandId, traceparent }, edge) => {
    const { displayName = null } = body
    const displayNameKey = displayName === null ? null : nameKey(edge.vault, displayName)
    // Empty is what is taken away, null what stays.
    const [colour, bio] = [body.colour, body.bio].map((field) => (field === undefined ? null : (field ?? '')))
    const command = {
      type: 'ChangeProfile',
      displayName,
      displayNameKey,
      colour: colour ?? null,
      bio: bio ?? null,
      avatar: null,
    } as const
    const names = displayNameKey === null ? [] : [{ key: displayNameKey, handleKey: null }]
    const submitted = await withNames(edge, { holderId: accountId, principal: accountId, names }, () =>
      sendToIdentity(edge, command, { key: accountId, principal: accountId, commandId, traceparent }),
    )
    return doneReply(edge, submitted, commandId)
  },
})

const acceptTerms = route({
  method: 'PUT',
  path: '/v1/accounts/me/terms',
  id: 'acceptTerms',
  tag,
  summary: 'Accepts the terms of the platform, by their version',
  auth: 'account',
  access: 'signed in',
  rate: 'write',
  command: true,
  body: z.strictObject({ version: z.string().max(40) }),
  responses: done,
  errors: ['identity.terms_not_accepted', ...gone],
  handler: async ({ caller: { accountId }, body: { version }, commandId, traceparent }, edge) => {
    // Only what is shown now can be accepted.
    if (version !== edge.termsVersion)
      throw new HttpProblem('identity.terms_not_accepted', { detail: { version: edge.termsVersion ?? '' } })
    const sent = { key: accountId, principal: accountId, commandId, traceparent }
    const submitted = await sendToIdentity(edge, { type: 'AcceptTerms', version }, sent)
    return doneReply(edge, submitted, commandId)
  },
})

const blockParams = z.strictObject({ accountId: NumericId })

const block = route({
  method: 'PUT',
  path: '/v1/accounts/me/blocks/{accountId}',
  id: 'blockAccount',
  tag,
  summary: 'Blocks another account for one’s own',
  auth: 'account',
  access: 'signed in',
  rate: 'write',
  command: true,
  params: blockParams,
  responses: done,
  errors: ['identity.block_invalid', 'identity.too_many_blocks', ...gone],
  handler: async ({ caller: { accountId }, params, commandId, traceparent }, edge) => {
    await openAccount(edge, params.accountId)
    const sent = { key: accountId, principal: accountId, commandId, traceparent }
    const submitted = await sendToIdentity(edge, { type: 'BlockAccount', blocked: params.accountId }, sent)
    return doneReply(edge, submitted, commandId)
  },
})

const unblock = route({
  method: 'DELETE',
  path: '/v1/accounts/me/blocks/{accountId}',
  id: 'unblockAccount',
  tag,
  summary: 'Takes a block back; without one it does nothing',
  auth: 'account',
  access: 'signed in',
  rate: 'write',
  command: true,
  params: blockParams,
  responses: done,
  errors: [...gone],
  handler: async ({ caller: { accountId }, params, commandId, traceparent }, edge) => {
    const sent = { key: accountId, principal: accountId, commandId, traceparent }
    const submitted = await sendToIdentity(edge, { type: 'UnblockAccount', blocked: params.accountId }, sent)
    return doneReply(edge, submitted, commandId)
  },
})

const listBlocks = route({
  method: 'GET',
  path: '/v1/accounts/me/blocks',
  id: 'listBlocks',
  tag,
  summary: 'Whom one blocks, the latest first',
  auth: 'account',
  access: 'signed in',
  scopes: ['account:read'],
  rate: 'read',
  reads: ['accounts'],
  responses: {
    200: {
      description: 'All of them',
      body: z.strictObject({
        blocks: z.array(z.strictObject({ id: NumericId, handle: z.string().nullable(), since: Timestamp })),
      }),
    },
  },
  errors: [],
  handler: async ({ caller }, edge) => {
    const blocks = await edge.reads.blocksOf(caller.accountId)
    const names = await edge.reads.namesOf(blocks.map(({ id }) => id))
    return {
      status: 200,
      body: {
        blocks: blocks.map(({ id, at }) => ({ id, handle: names.get(id)?.handle ?? null, since: timestamp(at) })),
      },
    }
  },
})

const deactivate = route({
  method: 'POST',
  path: '/v1/accounts/me/deactivation',
  id: 'deactivateAccount',
  tag,
  summary: 'Puts one’s account out of use, and ends its sessions; logging in brings it back',
  auth: 'account',
  access: 'signed in',
  fresh: true,
  rate: 'credentials',
  cookie: true,
  command: true,
  body: z.strictObject({ password: OwnPassword }),
  responses: {
    204: {
      description: 'Out of use',
      headers: { 'Set-Cookie': 'Takes the cookie away', Position: 'For min-position' },
    },
    ...pendingResponse,
  },
  errors: ['identity.wrong_password', 'identity.account_deactivated', ...gone, 'auth.busy'],
  handler: async (request, edge) => {
    const { caller, body, commandId, traceparent } = request
    const { accountId } = caller
    await checkOwnPassword(edge, accountId, body.password)
    const { sessions } = edge.vault
    const open = async () => ({ sessionIds: await sessions.idsOf(accountId) })
    return edge.once(request, ['deactivateAccount'], open, async ({ sessionIds }) => {
      const sent = { key: accountId, principal: accountId, commandId, traceparent }
      const submitted = await sendToIdentity(edge, { type: 'DeactivateAccount', sessionIds }, sent)
      for (const sessionId of sessionIds) await sessions.close(sessionId)
      if (submitted.kind === 'pending') return pendingReply(commandId)
      await edge.settle([submitted.position])
      const headers = { 'Set-Cookie': noSessionCookie(edge), Position: submitted.position }
      return { status: 204 as const, headers }
    })
  },
})

export const profileRoutes = [changeProfile, acceptTerms, block, unblock, listBlocks, deactivate]
