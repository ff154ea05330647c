import { z } from 'zod'
import { Timestamp, timestamp } from '#libs/http/ids.ts'
import { routesOf } from '#libs/http/route.ts'
import type { IdentityEdge } from './edge.ts'
import { OneTimeSecret } from './schemas.ts'

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
  errors: [],
  handler: async ({ caller }, edge) => {
    const { accountId } = caller
    const invitation = await edge.vault.oneTime.issue({ purpose: 'invitation', accountId, lifetimeMs })
    return { status: 201, body: { invitation, expiresAt: timestamp(edge.now() + lifetimeMs) } }
  },
})
