import { z } from 'zod'
import { platformRoles } from '#libs/access/platform.ts'
import { accountsSeenAt } from '#libs/addresses/sightings.ts'
import { NumericId, Timestamp, timestamp } from '#libs/http/ids.ts'
import { routesOf } from '#libs/http/route.ts'
import type { FoundAccount } from '../account-search.ts'
import type { IdentityEdge } from './edge.ts'
import { noteRead } from './staff.ts'

const route = routesOf<IdentityEdge>()

const StaffAccount = z
  .strictObject({
    id: NumericId,
    handle: z.string().nullable(),
    displayName: z.string().nullable(),
    email: z.string().nullable(),
    emailVerified: z.boolean(),
    platformRole: z.enum(platformRoles),
    state: z.enum(['open', 'deactivated', 'erased']),
    suspension: z
      .strictObject({ until: Timestamp.nullable() })
      .nullable()
      .meta({ description: 'Where it is suspended' }),
    createdAt: Timestamp,
    eraseAt: Timestamp.nullable(),
  })
  .meta({ id: 'StaffAccount', description: 'An account as staff see it' })

const time = (at: number | null): string | null => (at === null ? null : timestamp(at))

const shown = ({
  accountId,
  openedAt,
  eraseAt,
  suspended,
  ...account
}: FoundAccount): z.input<typeof StaffAccount> => ({
  id: accountId,
  ...account,
  suspension: suspended && { until: time(suspended.until) },
  createdAt: timestamp(openedAt),
  eraseAt: time(eraseAt),
})

const Search = z.strictObject({
  handle: z.string().min(1).max(25).optional().meta({ description: 'How the handle begins, without case' }),
  email: z.email().max(254).optional().meta({ description: 'The whole address' }),
  address: z
    .union([z.ipv4(), z.ipv6()])
    .optional()
    .meta({ description: 'Only those that were seen at this address, as long as that is kept' }),
  state: z.enum(['open', 'deactivated', 'erased', 'suspended']).optional(),
  role: z.enum(platformRoles).optional(),
  from: Timestamp.optional().meta({ description: 'Made not before' }),
  to: Timestamp.optional().meta({ description: 'Made before' }),
  after: NumericId.optional().meta({ description: 'The `next` of the page before' }),
  limit: z.int().min(1).max(200).default(50),
})

/** What is asked for, as it is kept: neither address is. */
const noted = (asked: z.output<typeof Search>, from: number | undefined, to: number | undefined) => ({
  handle: asked.handle ?? null,
  byEmail: asked.email !== undefined,
  byAddress: asked.address !== undefined,
  state: asked.state ?? null,
  role: asked.role ?? null,
  from: from ?? null,
  to: to ?? null,
})

const search = route({
  method: 'POST',
  path: '/v1/administration/accounts/search',
  id: 'searchAccounts',
  tag: 'administration',
  summary: 'Accounts by what is known of them, in the order in which they were made',
  description: 'Who looked for what, and whom they were shown, stands in the audit.',
  auth: 'account',
  access: { platform: 'search_accounts' },
  rate: 'read',
  reads: ['accounts'],
  body: Search,
  responses: {
    200: {
      description: 'A page',
      body: z
        .strictObject({ accounts: z.array(StaffAccount), next: NumericId.nullable() })
        .meta({ id: 'StaffAccounts' }),
    },
  },
  errors: ['identity.forbidden'],
  handler: async (request, edge) => {
    const { address, ...rest } = request.body
    const [from, to] = [rest.from, rest.to].map((time) => (time === undefined ? undefined : Date.parse(time)))
    const ids = address === undefined ? undefined : await accountsSeenAt(edge.sightings, address)
    const accounts = await edge.searchAccounts({ ...rest, from, to, ids, at: edge.now() })
    const found = accounts.map(({ accountId }) => accountId)
    const command = { type: 'RecordAccountSearch', ...noted(request.body, from, to), found } as const
    await noteRead(edge, request, request.caller.accountId, command)
    const next = accounts.length === rest.limit ? (found.at(-1) ?? null) : null
    return { status: 200, body: { accounts: accounts.map(shown), next } }
  },
})

export const accountSearchRoutes = [search]
