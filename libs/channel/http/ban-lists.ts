import { z } from 'zod'
import { NumericId, pageLimit, Timestamp, timestamp } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { type BanListEntry, banListFormats, readBanList } from '../casework/ban-list-format.ts'
import { bansAtOnce, maxSources } from '../casework/ban-lists.ts'
import { followUpId } from '../follow-up.ts'
import { writeCsv } from '../list-files.ts'
import { NextAfter, pageByMember } from './by-member.ts'
import { type ChannelEdge, channelOr404, moderatorsOnly, sendToChannel } from './edge.ts'
import { channelParams } from './schemas.ts'

const route = routesOf<ChannelEdge>()
const tag = 'ban-lists'
const after = NumericId.optional().meta({ description: 'Only members with a higher id' })

/** So many questions to the read models at once. */
const atOnce = 20

const inBatches = async <Item, Result>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = []
  for (let from = 0; from < items.length; from += atOnce)
    results.push(...(await Promise.all(items.slice(from, from + atOnce).map(ask))))
  return results
}

const Ban = z.strictObject({
  memberId: NumericId,
  handle: z.string().nullable().meta({ description: 'null once the account is erased' }),
  since: Timestamp,
  until: Timestamp.nullable().meta({ description: 'null: without end' }),
  origin: NumericId.nullable().meta({ description: 'The channel whose list it came from; null: decided here' }),
  reason: z.string().nullable(),
  actorId: NumericId.nullable().meta({ description: 'null: the platform, by the list of `origin`' }),
})

const BanPage = z
  .strictObject({ bans: z.array(Ban).meta({ description: 'In the order of the members’ ids' }), after: NextAfter })
  .meta({ id: 'BanPage' })

const bansOf = async (edge: ChannelEdge, channelId: string, from: string | undefined, limit: number) => {
  const found = await edge.casework.bans(channelId, from, limit)
  const handles = await inBatches(found, ({ memberId }) => edge.people.handle(memberId))
  return found.map(({ since, until, ...ban }, index) => ({
    ...ban,
    handle: handles[index] ?? null,
    since: timestamp(since),
    until: until === null ? null : timestamp(until),
  }))
}

const shared = {
  method: 'GET',
  tag,
  auth: 'account',
  access: { channel: 'read_moderation' },
  scopes: ['channel:moderate'],
  rate: 'read',
  reads: ['channels', 'casework'],
  params: channelParams,
} as const

const listBans = route({
  ...shared,
  path: '/v1/channels/{channelId}/ban-list',
  id: 'listBans',
  summary: 'Who is banned, why, by whom and from where, for moderators',
  query: z.strictObject({ after, limit: pageLimit(1000, 100) }),
  responses: { 200: { description: 'A page', body: BanPage } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, query, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const { page, after } = pageByMember(await bansOf(edge, channelId, query.after, query.limit + 1), query.limit)
    return { status: 200, body: { bans: [...page], after } }
  },
})

const exportBans = route({
  ...shared,
  path: '/v1/channels/{channelId}/ban-list.csv',
  id: 'exportBans',
  summary: 'The same as a table, which other channels import',
  query: z.strictObject({ after, limit: pageLimit(5000, 5000) }),
  responses: { 200: { description: 'RFC 4180', body: z.string(), contentType: 'text/csv' } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, query, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const bans = await bansOf(edge, channelId, query.after, query.limit)
    const rows = bans.flatMap(({ handle, reason, memberId, since, until, origin }) =>
      handle === null ? [] : [[handle, reason ?? '', memberId, since, until ?? '', origin ?? '']],
    )
    const body = writeCsv(['handle', 'reason', 'member_id', 'since', 'until', 'origin'], rows)
    return { status: 200, body }
  },
})

/** Entries of a list, at most. */
const maxEntries = 1_000

const Import = z.strictObject({
  format: z.enum(banListFormats).meta({ description: '`lines`: a handle each, or `/ban handle reason`' }),
  content: z
    .string()
    .min(1)
    .max(262_144)
    .meta({ examples: ['handle,reason\nspammer,free skins\n'] }),
  reason: z.string().max(4096).optional().meta({ description: 'Of entries without one of their own' }),
  addresses: z
    .enum(['address', 'network'])
    .optional()
    .meta({ description: 'Bans from where they came of late, too, as of the act `ban`' }),
  dryRun: z.boolean().default(false).meta({ description: 'Tells what it would do, and does nothing' }),
})

const Imported = z
  .strictObject({
    banned: z.int().meta({ description: 'Who was banned already, or is out of reach, is not among them' }),
    found: z.int().meta({ description: 'Entries that are accounts here' }),
    unknown: z.array(z.string()).meta({ description: 'Entries that are not' }),
    malformed: z.array(z.int()).meta({ description: 'Lines that say nothing, from 1 on' }),
  })
  .meta({ id: 'BansImported' })

type Found = BanListEntry & { readonly member: string }

/** An account by its id or its handle; handles of digits alone count as handles. */
const resolved = async (edge: ChannelEdge, entries: readonly BanListEntry[]) => {
  const members = await inBatches(entries, ({ name }) =>
    name.length < 3 ? Promise.resolve(undefined) : edge.people.holderOf(name),
  )
  const found = entries.flatMap((entry, index): readonly Found[] => {
    const member = members[index]
    return member === undefined ? [] : [{ ...entry, member }]
  })
  return { found, unknown: entries.flatMap(({ name }, index) => (members[index] === undefined ? [name] : [])) }
}

const importBans = route({
  method: 'POST',
  path: '/v1/channels/{channelId}/ban-list/imports',
  id: 'importBans',
  tag,
  summary: 'Bans whom a list names, at most 1,000',
  description: 'The same list sent again bans nobody twice.',
  auth: 'account',
  access: { channel: 'import_bans' },
  scopes: ['channel:manage'],
  rate: 'write',
  command: true,
  bodyLimit: 524_288,
  params: channelParams,
  body: Import,
  responses: { 200: { description: 'Done, or what it would do', body: Imported }, ...pendingResponse },
  errors: [
    'channel.unknown',
    'channel.forbidden',
    'channel.ban_list_unfit',
    'channel.nothing_to_import',
    'channel.quorum_needed',
    'channel.text_too_long',
    'channel.text_invalid',
  ],
  handler: async (request, edge) => {
    const { channelId } = request.params
    const { format, content, reason, addresses, dryRun } = request.body
    await moderatorsOnly(edge, await channelOr404(edge, channelId), request.caller)
    const { entries, malformed } = readBanList(format, content)
    if (entries.length > maxEntries) throw new HttpProblem('channel.ban_list_unfit', { detail: { max: maxEntries } })
    const { found, unknown } = await resolved(edge, entries)
    let banned = 0
    for (let from = 0; from < found.length && !dryRun; from += bansAtOnce) {
      const part = found.slice(from, from + bansAtOnce)
      const command = {
        type: 'ImportBans',
        members: part.map(({ member }) => member),
        reasons: part.map((each) => each.reason),
        reason: reason ?? null,
        addresses: addresses ?? null,
      } as const
      const commandId = from === 0 ? request.commandId : followUpId(request.commandId, from)
      const submitted = await sendToChannel(edge, channelId, command, { ...request, commandId }).catch(nobodyLeft)
      if (submitted?.kind === 'pending') return pendingReply(commandId)
      banned += Number(submitted?.summary.banned ?? 0)
    }
    return { status: 200, body: { banned, found: found.length, unknown, malformed: [...malformed] } }
  },
})

/** Where all of a part are banned already, the next part may have others. */
const nobodyLeft = (error: unknown): undefined => {
  if (error instanceof HttpProblem && error.code === 'channel.nothing_to_import') return undefined
  throw error
}

const BanLists = z
  .strictObject({
    sources: z.array(
      z.strictObject({
        channelId: NumericId,
        mode: z.enum(['review', 'apply']),
        actorId: NumericId,
        since: Timestamp,
        pending: z.int().meta({ description: 'Bans that wait' }),
      }),
    ),
    subscribers: z.array(NumericId).meta({ description: 'Channels that follow the bans of this one' }),
  })
  .meta({ id: 'BanLists' })

const getBanLists = route({
  ...shared,
  path: '/v1/channels/{channelId}/ban-list/channels',
  id: 'getBanLists',
  summary: 'Channels whose bans are followed here, and those that follow the bans of this one',
  responses: { 200: { description: 'All of them', body: BanLists } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const { sources, subscribers } = await edge.casework.banLists(channelId)
    const shown = sources.map((source) => ({ ...source, since: timestamp(source.since) }))
    return { status: 200, body: { sources: shown, subscribers: [...subscribers] } }
  },
})

const PendingBans = z
  .strictObject({
    pending: z.array(z.strictObject({ sourceId: NumericId, memberId: NumericId, at: Timestamp })),
    after: NextAfter,
  })
  .meta({ id: 'PendingBans' })

const listPendingBans = route({
  ...shared,
  path: '/v1/channels/{channelId}/ban-list/pending',
  id: 'listPendingBans',
  summary: 'Bans of other channels that wait for a moderator: see the act `review-ban-list`',
  query: z.strictObject({ after, limit: pageLimit(500, 100) }),
  responses: { 200: { description: 'A page, in the order of the members’ ids', body: PendingBans } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, query, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const found = await edge.casework.pendingBans(channelId, query.after, query.limit + maxSources)
    const { page, after } = pageByMember(found, query.limit)
    return { status: 200, body: { pending: page.map((each) => ({ ...each, at: timestamp(each.at) })), after } }
  },
})

const Alts = z
  .strictObject({
    alts: z.array(
      z.strictObject({
        memberId: NumericId,
        altId: NumericId,
        actorId: NumericId,
        evidence: z.string().nullable().meta({ description: 'What speaks for it' }),
        since: Timestamp,
      }),
    ),
  })
  .meta({ id: 'Alts' })

const listAlts = route({
  ...shared,
  path: '/v1/channels/{channelId}/members/{accountId}/alts',
  id: 'listAlts',
  tag: 'moderation',
  summary: 'Accounts that are taken for one person’s with this one, over however many links, and why',
  params: channelParams.extend({ accountId: NumericId }),
  responses: { 200: { description: 'At most 200 links', body: Alts } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId, accountId }, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const found = await edge.casework.alts(channelId, accountId)
    return { status: 200, body: { alts: found.map((each) => ({ ...each, since: timestamp(each.since) })) } }
  },
})

export const banListRoutes = [listBans, exportBans, importBans, getBanLists, listPendingBans, listAlts]
