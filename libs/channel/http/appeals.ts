import { z } from 'zod'
import { NumericId, pageLimit, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { routesOf } from '#libs/http/route.ts'
import type { AppealView } from '../casework/views.ts'
import { type ChannelEdge, channelOr404, moderatorsOnly } from './edge.ts'
import { EvidenceMessage, shownEvidence } from './reports.ts'
import { channelParams } from './schemas.ts'

const route = routesOf<ChannelEdge>()
const tag = 'moderation'
const statuses = ['waiting', 'upheld', 'lifted', 'shortened', 'over'] as const

const own = {
  id: Uuidv7,
  at: Timestamp,
  sanction: z.enum(['ban', 'timeout']),
  text: z.string().nullable().meta({ description: 'null once the appellant is erased' }),
  status: z.enum(statuses).meta({ description: '`over`: what it was about ended before it was answered' }),
  until: Timestamp.nullable().meta({ description: 'When what was shortened is over' }),
  reason: z.string().nullable().meta({ description: 'Of the answer' }),
  answeredAt: Timestamp.nullable(),
}

const OwnAppeals = z.strictObject({ appeals: z.array(z.strictObject(own)) }).meta({ id: 'OwnAppeals' })

const Appeal = z
  .strictObject({
    ...own,
    appellantId: NumericId,
    moderatorId: NumericId.nullable().meta({ description: 'Who has answered it' }),
    actId: z.string(),
    act: z
      .strictObject({
        actorId: z.string(),
        action: z.string(),
        reason: z.string().nullable(),
        at: Timestamp,
        durationMs: z.int().nullable(),
      })
      .nullable()
      .meta({ description: 'What it is about, as the log of the moderators has it' }),
    messages: z.array(EvidenceMessage).meta({ description: 'As they were when it was done' }),
  })
  .meta({ id: 'Appeal' })

const AppealPage = z
  .strictObject({
    appeals: z.array(Appeal).meta({ description: 'The latest first' }),
    before: Uuidv7.nullable().meta({ description: 'Ask with `before` for the page before this one; null: no more' }),
  })
  .meta({ id: 'AppealPage' })

const optional = (at: number | null) => (at === null ? null : timestamp(at))

const shownOwn = ({ appealId: id, at, sanction, text, status, until, reason, answeredAt }: AppealView) => ({
  id,
  at: timestamp(at),
  sanction,
  text,
  status,
  until: optional(until),
  reason,
  answeredAt: optional(answeredAt),
})

const shown = (appeal: AppealView) => {
  const { appellantId, moderatorId, actId, act, evidence } = appeal
  return {
    ...shownOwn(appeal),
    appellantId,
    moderatorId,
    actId,
    act: act && { ...act, at: timestamp(act.at) },
    messages: shownEvidence(evidence),
  }
}

const listAppeals = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/appeals',
  id: 'listAppeals',
  tag,
  summary: 'Who asks the moderators to look again, with what was done and the messages as they were then',
  auth: 'account',
  access: { channel: 'answer_appeals' },
  scopes: ['channel:moderate'],
  rate: 'read',
  reads: ['channels', 'casework'],
  params: channelParams,
  query: z.strictObject({
    status: z.enum(statuses).default('waiting'),
    appellant: NumericId.optional(),
    before: Uuidv7.optional(),
    limit: pageLimit(100, 25),
  }),
  responses: { 200: { description: 'A page', body: AppealPage } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, query, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const { limit } = query
    const found = await edge.casework.appeals(channelId, { ...query, limit: limit + 1 })
    const appeals = found.slice(0, limit).map(shown)
    return { status: 200, body: { appeals, before: found.length > limit ? (appeals.at(-1)?.id ?? null) : null } }
  },
})

const listOwnAppeals = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/appeals/mine',
  id: 'listOwnAppeals',
  tag,
  summary: 'The caller’s appeals in this channel, and their answers: for who is banned, too',
  auth: 'account',
  access: { channel: 'appeal' },
  scopes: ['chat:write'],
  rate: 'read',
  reads: ['casework'],
  params: channelParams,
  responses: { 200: { description: 'The last 100, the latest first', body: OwnAppeals } },
  errors: [],
  handler: async ({ params: { channelId }, caller }, edge) => {
    const found = await edge.casework.appeals(channelId, { appellant: caller.accountId, limit: 100 })
    return { status: 200, body: { appeals: found.map(shownOwn) } }
  },
})

const BanProposals = z
  .strictObject({
    proposals: z.array(
      z.strictObject({
        id: Uuidv7,
        at: Timestamp,
        memberId: NumericId,
        needed: z.int().meta({ description: 'So many approvals it takes' }),
        approvedBy: z.array(NumericId).meta({ description: 'The first has proposed it' }),
        until: Timestamp.meta({ description: 'When it lapses' }),
        status: z.enum(['waiting', 'approved', 'rejected', 'lapsed']),
      }),
    ),
  })
  .meta({ id: 'BanProposals' })

const listBanProposals = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/ban-proposals',
  id: 'listBanProposals',
  tag,
  summary: 'Bans without end that wait, or have waited, for other moderators',
  auth: 'account',
  access: { channel: 'ban' },
  scopes: ['channel:moderate'],
  rate: 'read',
  reads: ['channels', 'casework'],
  params: channelParams,
  responses: { 200: { description: 'The last 100, the latest first', body: BanProposals } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const found = await edge.casework.proposals(channelId)
    const proposals = found.map(({ proposalId: id, at, until, approvedBy, ...proposal }) => ({
      id,
      ...proposal,
      approvedBy: [...approvedBy],
      at: timestamp(at),
      until: timestamp(until),
    }))
    return { status: 200, body: { proposals } }
  },
})

const ModerationSettings = z
  .strictObject({
    settings: z.array(
      z.strictObject({
        name: z.string().meta({ examples: ['quorum'] }),
        value: z.unknown().meta({ description: 'As the act that sets it has it; null: off' }),
        actorId: NumericId,
        since: Timestamp,
      }),
    ),
  })
  .meta({ id: 'ModerationSettings' })

const listModerationSettings = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/moderation-settings',
  id: 'listModerationSettings',
  tag,
  summary: 'How the moderators of a channel go about things, who has set it so and since when',
  auth: 'account',
  access: { channel: 'read_moderation' },
  scopes: ['channel:moderate'],
  rate: 'read',
  reads: ['channels', 'casework'],
  params: channelParams,
  responses: { 200: { description: 'All that was ever set', body: ModerationSettings } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const found = await edge.casework.settings(channelId)
    return { status: 200, body: { settings: found.map((each) => ({ ...each, since: timestamp(each.since) })) } }
  },
})

export const appealRoutes = [listAppeals, listOwnAppeals, listBanProposals, listModerationSettings]
