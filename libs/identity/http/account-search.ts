import { z } from 'zod'
import { platformRoles } from '#libs/access/platform.ts'
import { NumericId, pageLimit, Timestamp, timestamp } from '#libs/http/ids.ts'
import { routesOf } from '#libs/http/route.ts'
import type { FoundAccount } from '../account-search.ts'
import type { IdentityEdge } from './edge.ts'

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

/** The address is compared by its hash, and stands nowhere; of a CIDR block there is none to compare. */
const seenAt = async ({ sightings }: IdentityEdge, address: string): Promise<readonly string[]> => {
  const keys = sightings.keysOf(address)
  return keys ? sightings.accountsAt(keys.address) : []
}

const search = route({
  method: 'GET',
  path: '/v1/administration/accounts',
  id: 'searchAccounts',
  tag: 'administration',
  summary: 'Accounts by what is known of them, in the order in which they were made',
  auth: 'account',
  access: { platform: 'search_accounts' },
  rate: 'read',
  reads: ['accounts'],
  query: z.strictObject({
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
    limit: pageLimit(200, 50),
  }),
  responses: {
    200: {
      description: 'A page',
      body: z
        .strictObject({ accounts: z.array(StaffAccount), next: NumericId.nullable() })
        .meta({ id: 'StaffAccounts' }),
    },
  },
  errors: [],
  handler: async ({ query: { address, from, to, ...rest } }, edge) => {
    const accounts = await edge.searchAccounts({
      ...rest,
      from: from === undefined ? undefined : Date.parse(from),
      to: to === undefined ? undefined : Date.parse(to),
      ids: address === undefined ? undefined : await seenAt(edge, address),
      at: edge.now(),
    })
    const next = accounts.length === rest.limit ? (accounts.at(-1)?.accountId ?? null) : null
    return { status: 200, body: { accounts: accounts.map(shown), next } }
  },
})

export const accountSearchRoutes = [search]
