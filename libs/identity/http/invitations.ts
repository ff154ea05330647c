import { z } from 'zod'
import { Timestamp, timestamp } from '#libs/http/ids.ts'
import { routesOf } from '#libs/http/route.ts'
import type { IdentityEdge } from './edge.ts'
import { OneTimeSecret } from './schemas.ts'
import { noteRead } from './staff.ts'

const route = routesOf<IdentityEdge>()

const lifetimeMs = 7 * 24 * 60 * 60_000

export const invitationRoute = route({
  method: 'POST',
  path: '/v1/invitations',
  id: 'invite',
  tag: 'accounts',
  summary: 'Makes an invitation, good for one registration within a week',
  auth: 'account',
  access: { platform: 'invite' },
  rate: 'write',
  responses: {
    201: {
      description: 'Made; it is shown only here',
      body: z.strictObject({ invitation: OneTimeSecret, expiresAt: Timestamp }).meta({ id: 'Invitation' }),
    },
  },
  errors: ['identity.forbidden'],
  handler: async (request, edge) => {
    const { accountId } = request.caller
    const until = edge.now() + lifetimeMs
    await noteRead(edge, request, accountId, { type: 'RecordInvitation', until })
    const invitation = await edge.vault.oneTime.issue({ purpose: 'invitation', accountId, lifetimeMs })
    return { status: 201, body: { invitation, expiresAt: timestamp(until) } }
  },
})
