import { z } from 'zod'
import { routesOf } from '#libs/http/route.ts'
import type { IdentityEdge } from './edge.ts'

const route = routesOf<IdentityEdge>()

export const keysRoute = route({
  method: 'GET',
  path: '/.well-known/jwks.json',
  id: 'getKeys',
  tag: 'sessions',
  summary: 'Public keys of access tokens (RFC 7517)',
  auth: 'none',
  access: 'public',
  rate: 'read',
  responses: {
    200: {
      description: 'The keys of all tokens that may still hold',
      body: z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())) }),
    },
  },
  errors: [],
  handler: async (_request, edge) => {
    const { keys } = await edge.vault.signing.jwks()
    return { status: 200, headers: { 'Cache-Control': 'public, max-age=60' }, body: { keys: [...keys] } }
  },
})
