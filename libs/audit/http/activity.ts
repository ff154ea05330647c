import { z } from 'zod'
import { pageLimit, Timestamp } from '#libs/http/ids.ts'
import { routesOf } from '#libs/http/route.ts'
import { openRows } from '../queries.ts'
import type { AuditEdge } from './edge.ts'
import { PlaceText, placeText } from './entries.ts'
import { shownToOwner } from './shown-to-owner.ts'

const route = routesOf<AuditEdge>()

const Activity = z
  .strictObject({
    id: z.string().meta({ description: 'For `before`' }),
    at: Timestamp,
    kind: z.string().meta({ examples: ['account.session_opened'] }),
    by: z.enum(['you', 'staff', 'platform']).meta({ description: 'Who of staff it was is not told' }),
    asYou: z.boolean().meta({ description: 'It was done by somebody of staff who acted as you' }),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Activity' })

const listOwn = route({
  method: 'GET',
  path: '/v1/accounts/me/activity',
  id: 'listOwnActivity',
  tag: 'accounts',
  summary: 'What has happened to one’s own account, and by whom; the latest first',
  auth: 'account',
  access: 'signed in',
  rate: 'read',
  reads: ['audit'],
  query: z.strictObject({ before: PlaceText.optional(), limit: pageLimit(200, 50) }),
  responses: {
    200: {
      description: 'A page',
      body: z.strictObject({ entries: z.array(Activity), next: z.string().nullable() }).meta({ id: 'ActivityPage' }),
    },
  },
  errors: [],
  handler: async ({ query: { before, limit }, caller: { accountId } }, edge) => {
    const rows = await edge.rows({ target: accountId, family: 'account', before, limit })
    const entries = (await openRows(rows, edge.keys)).map((row) => ({ id: placeText(row), ...shownToOwner(row) }))
    const last = rows.length === limit ? rows.at(-1) : undefined
    return { status: 200, body: { entries, next: last ? placeText(last) : null } }
  },
})

export const activityRoutes = [listOwn]
