import { z } from 'zod'
import { parseRange, rangeText } from '#libs/addresses/range.ts'
import { createRangeSet } from '#libs/addresses/range-set.ts'
import { NumericId, pageLimit, Timestamp, timestamp } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { sentReply } from './done.ts'
import type { IdentityEdge } from './edge.ts'
import { noteRead, sendAsStaff, Reason as ToldReason } from './staff.ts'

const route = routesOf<IdentityEdge>()

const path = '/v1/administration/address-bans'
const common = { tag: 'administration', auth: 'account', access: { platform: 'ban_addresses' } } as const
const Reason = ToldReason.meta({ description: 'For staff' })
const BanId = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

const listBans = route({
  ...common,
  method: 'GET',
  path,
  id: 'listAddressBans',
  summary: 'Addresses that may only read, the latest first',
  rate: 'read',
  reads: ['address_bans'],
  query: z.strictObject({ limit: pageLimit(1000, 200) }),
  responses: {
    200: {
      description: 'Those that stand',
      body: z
        .strictObject({
          bans: z.array(
            z.strictObject({
              id: BanId,
              range: z.string(),
              reason: z.string().nullable(),
              actor: NumericId,
              since: Timestamp,
              until: Timestamp.nullable(),
            }),
          ),
        })
        .meta({ id: 'AddressBans' }),
    },
  },
  errors: ['identity.forbidden'],
  handler: async (request, edge) => {
    const { limit } = request.query
    const look = { type: 'RecordPlatformRead', what: 'address_bans' } as const
    await noteRead(edge, request, request.caller.accountId, look)
    const bans = await edge.addressBans(edge.now(), limit)
    return {
      status: 200,
      body: {
        bans: bans.map(({ since, until, ...ban }) => ({
          ...ban,
          since: timestamp(since),
          until: until === null ? null : timestamp(until),
        })),
      },
    }
  },
})

/** Nobody locks themselves out. Throws `identity.range_invalid`, `identity.address_own`. */
const checkedRange = (text: string, own: string) => {
  const range = parseRange(text)
  if (!range) throw new HttpProblem('identity.range_invalid')
  const set = createRangeSet()
  set.add(range, null)
  if (set.has(own)) throw new HttpProblem('identity.address_own')
  return rangeText(range)
}

const ban = route({
  ...common,
  method: 'POST',
  path,
  id: 'banAddress',
  summary: 'Keeps an address or a CIDR block from doing anything but reading, at every edge within a second',
  description: 'IPv4, or IPv6 from a /64 on. Who is connected from there is cut.',
  rate: 'write',
  command: true,
  body: z.strictObject({
    range: z
      .string()
      .min(2)
      .max(64)
      .meta({ examples: ['203.0.113.0/24', '2001:db8:1:2::/64'] }),
    reason: Reason,
    until: Timestamp.optional().meta({ description: 'When it ends by itself; without, never' }),
  }),
  responses: {
    201: {
      description: 'Banned',
      body: z.strictObject({ id: BanId, range: z.string() }).meta({ id: 'AddressBan' }),
      headers: { Position: 'For min-position' },
    },
    ...pendingResponse,
  },
  errors: [
    'identity.range_invalid',
    'identity.address_own',
    'identity.reason_invalid',
    'identity.term_invalid',
    'identity.forbidden',
  ],
  handler: async (request, edge) => {
    const { body, commandId } = request
    const range = checkedRange(body.range, request.address)
    const id = edge.vault.hashes.compare('address', range)
    const { reason } = body
    const until = body.until === undefined ? null : Date.parse(body.until)
    const submitted = await sendAsStaff(edge, request, id, { type: 'BanAddress', range, reason, until })
    if (submitted.kind === 'pending') return pendingReply(commandId)
    return { status: 201, body: { id, range }, headers: { Position: submitted.position } }
  },
})

const lift = route({
  ...common,
  method: 'DELETE',
  path: `${path}/{banId}`,
  id: 'liftAddressBan',
  summary: 'Ends the ban of an address',
  rate: 'write',
  command: true,
  params: z.strictObject({ banId: BanId }),
  body: z.strictObject({ reason: Reason }),
  responses: { 204: { description: 'Ended', headers: { Position: 'For min-position' } }, ...pendingResponse },
  errors: ['identity.address_not_banned', 'identity.reason_invalid', 'identity.forbidden'],
  handler: async (request, edge) => {
    const command = { type: 'LiftAddressBan', reason: request.body.reason } as const
    const submitted = await sendAsStaff(edge, request, request.params.banId, command)
    return sentReply(submitted, request.commandId)
  },
})

/** What staff do about addresses. */
export const addressBanRoutes = [listBans, ban, lift]
