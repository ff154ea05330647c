import { z } from 'zod'
import { mayOnPlatform } from '#libs/access/platform.ts'
import { Timestamp, timestamp } from '#libs/http/ids.ts'
import { HttpProblem } from '#libs/http/problem.ts'
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
  rate: 'write',
  responses: {
    201: {
      description: 'Made; it is shown only here',
      body: z.strictObject({ invitation: OneTimeSecret, expiresAt: Timestamp }).meta({ id: 'Invitation' }),
    },
  },
  errors: ['http.forbidden'],
  handler: async ({ caller }, edge) => {
    if (!mayOnPlatform(caller.platformRole, 'invite')) throw new HttpProblem('http.forbidden')
    const { accountId } = caller
    const invitation = await edge.vault.oneTime.issue({ purpose: 'invitation', accountId, lifetimeMs })
    return { status: 201, body: { invitation, expiresAt: timestamp(edge.now() + lifetimeMs) } }
  },
})
