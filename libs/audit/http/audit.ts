import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { NumericId, Timestamp } from '#libs/http/ids.ts'
import { pacedWriter } from '#libs/http/paced.ts'
import { routesOf } from '#libs/http/route.ts'
import { auditedFamilies, keyUses } from '../audited.ts'
import type { Asked, AuditRow } from '../queries.ts'
import type { AuditEdge } from './edge.ts'
import { AuditEntry, PlaceText, placeText, type ShownEntry, shownEntries } from './entries.ts'

const route = routesOf<AuditEdge>()

const Filters = z.strictObject({
  actor: z
    .string()
    .regex(/^(\d{1,16}|system|manager\/[a-z_]{1,30})$/, 'is an account id, `system` or `manager/…`')
    .optional()
    .meta({ description: 'Only what this account, or part of the platform, did' }),
  target: NumericId.optional().meta({ description: 'Only what was done to this account' }),
  channel: NumericId.optional().meta({ description: 'Only in this channel' }),
  kind: z
    .string()
    .regex(/^[a-z]+\.[a-z_]{1,60}$/)
    .optional()
    .meta({ description: 'Only of this kind', examples: ['account.session_opened'] }),
  family: z.enum(auditedFamilies).optional(),
  why: z.string().min(2).max(200).optional().meta({ description: 'Only what has a reason that contains this' }),
  address: z.union([z.ipv4(), z.ipv6()]).optional().meta({
    description:
      'Only of accounts that were seen at this address, as long as that is kept, and uses of stream keys from there',
  }),
  from: Timestamp.optional().meta({ description: 'Not before' }),
  to: Timestamp.optional().meta({ description: 'Before' }),
})

type Search = {
  readonly asked: Omit<Asked, 'limit'>
  readonly why: string | undefined
  /** What is compared of the address. */
  readonly from: string | undefined
}

const searchOf = async (edge: AuditEdge, given: z.output<typeof Filters>): Promise<Search> => {
  const { address, from, to, why, ...rest } = given
  const key = address === undefined ? undefined : edge.sightings.keysOf(address)?.address
  const asked = {
    ...rest,
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
    accounts: key === undefined ? undefined : await edge.sightings.accountsAt(key),
  }
  return { asked, why, from: key }
}

const orNull = <Value>(value: Value | undefined): Value | null => value ?? null

/** What is asked for, as it is kept: the address is not. */
const readingOf = (exported: boolean, { asked, why }: Search) => ({
  exported,
  actor: orNull(asked.actor),
  target: orNull(asked.target),
  channel: orNull(asked.channel),
  kind: orNull(asked.kind),
  family: orNull(asked.family),
  from: orNull(asked.from),
  to: orNull(asked.to),
  why: orNull(why),
  byAddress: asked.accounts !== undefined,
})

const saysWhy = ({ details: { reason } }: ShownEntry, why: string | undefined): boolean =>
  why === undefined || (typeof reason === 'string' && reason.toLowerCase().includes(why.toLowerCase()))

const comesFrom = ({ kind, details }: ShownEntry, key: string | undefined): boolean =>
  key === undefined || kind !== keyUses || details.addressHash === key || details.networkHash === key

/** Entries that fit, and the last row that was looked at for them; undefined behind the last of all. */
type Part = { readonly entries: readonly ShownEntry[]; readonly last: AuditRow | undefined }

async function* partsOf(edge: AuditEdge, { asked, why, from }: Search, size: number): AsyncGenerator<Part> {
  for (let { before } = asked; ; ) {
    const rows = await edge.rows({ ...asked, before, limit: size })
    const last = rows.length < size ? undefined : rows.at(-1)
    const entries = await shownEntries(edge, rows)
    yield { entries: entries.filter((entry) => saysWhy(entry, why) && comesFrom(entry, from)), last }
    if (!last) return
    before = last
  }
}

const READ_AT_ONCE = 500

/** For what is opened before it can be compared, no more is looked through for one page. */
const MOST_PARTS = 20

const page = async (edge: AuditEdge, search: Search, limit: number) => {
  const entries: ShownEntry[] = []
  let looked = 0
  const isPlain = search.why === undefined && search.from === undefined
  for await (const part of partsOf(edge, search, isPlain ? limit : READ_AT_ONCE)) {
    const fitting = part.entries.slice(0, limit - entries.length)
    entries.push(...fitting)
    looked++
    if (fitting.length < part.entries.length) return { entries, next: fitting.at(-1)?.id ?? null }
    if (!part.last) break
    if (entries.length >= limit || looked >= MOST_PARTS) return { entries, next: placeText(part.last) }
  }
  return { entries, next: null }
}

const search = route({
  method: 'POST',
  path: '/v1/administration/audit/search',
  id: 'searchAudit',
  tag: 'administration',
  summary: 'What was done that is a matter of safety: who, what, to whom, why and when; the latest first',
  auth: 'account',
  access: { platform: 'see_audit' },
  rate: 'read',
  reads: ['audit'],
  body: Filters.extend({
    before: PlaceText.optional().meta({ description: 'The `next` of the page before' }),
    limit: z.int().min(1).max(200).default(50),
  }),
  responses: {
    200: {
      description: 'A page',
      body: z
        .strictObject({
          entries: z.array(AuditEntry),
          next: z.string().nullable().meta({ description: 'For `before` of the next page; null at the end' }),
        })
        .meta({ id: 'AuditPage' }),
    },
  },
  description: 'That it was read, by whom and with what filters, is in it from then on.',
  errors: ['identity.forbidden'],
  handler: async ({ body: { before, limit, ...given }, caller, traceparent }, edge) => {
    const found = await searchOf(edge, given)
    await edge.noteRead({ caller, traceparent }, readingOf(false, found))
    return { status: 200, body: await page(edge, { ...found, asked: { ...found.asked, before } }, limit) }
  },
})

/** Writes as fast as the client reads. */
const writeLines = async (response: ServerResponse, edge: AuditEdge, search: Search): Promise<void> => {
  const taken = pacedWriter(response)
  for await (const { entries } of partsOf(edge, search, READ_AT_ONCE)) {
    if (response.destroyed) return
    await taken(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  }
  response.end()
}

const exportAudit = route({
  method: 'POST',
  path: '/v1/administration/audit/export',
  id: 'exportAudit',
  tag: 'administration',
  summary: 'The same to the end, an entry on each line',
  auth: 'account',
  access: { platform: 'export_audit' },
  fresh: true,
  rate: 'credentials',
  reads: ['audit'],
  body: Filters,
  responses: {
    200: {
      description: 'All of it; cut off where it could not be read',
      streams: { 'application/x-ndjson': AuditEntry },
    },
  },
  errors: ['identity.forbidden'],
  handler: async ({ body, caller, traceparent }, edge) => {
    const asked = await searchOf(edge, body)
    await edge.noteRead({ caller, traceparent }, readingOf(true, asked))
    const run = (response: ServerResponse) => writeLines(response, edge, asked)
    return { status: 200, stream: { contentType: 'application/x-ndjson', run } }
  },
})

export const auditRoutes = [search, exportAudit]
