import { z } from 'zod'
import { entityTag } from '#libs/http/conditional.ts'
import { NumericId, Timestamp, timestamp } from '#libs/http/ids.ts'
import { pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { compilePolicy } from '#libs/policy/compile.ts'
import { parsePolicy } from '#libs/policy/parse.ts'
import { policyLimits } from '#libs/policy/policy.ts'
import { verdicts } from '#libs/policy/verdict.ts'
import { tryPolicy } from '../policy/trial.ts'
import { doneHeaders, doneReply } from './done.ts'
import { type ChannelEdge, channelOr404, moderatorsOnly, sendToChannel } from './edge.ts'
import { channelParams, Done, Reason, whyQuery } from './schemas.ts'

const route = routesOf<ChannelEdge>()
const tag = 'moderation'
const path = '/v1/channels/{channelId}/policy'
/** The policy, and what stands around it in a body. */
const bodyLimit = policyLimits.bytes + 8 * 1024

const PolicyDocument = z
  .looseObject({ format: z.literal(1) })
  .meta({ id: 'PolicyDocument', description: 'A moderation policy; `whiply policy schema` prints its JSON Schema' })

const PolicyView = z
  .strictObject({
    version: z.int().min(0).meta({ description: 'Of the channel’s policies: the ETag for If-Match; 0: never set' }),
    policy: PolicyDocument.nullable(),
    setBy: NumericId.nullable(),
    setAt: Timestamp.nullable(),
  })
  .meta({ id: 'ChannelPolicy' })

const count = z.int().min(0)
const share = z.number().min(0).max(1).nullable()

const Trial = z
  .strictObject({
    messages: count,
    verdicts: z.strictObject({ allow: count, hold: count, reject: count, time_out: count }),
    confusion: z
      .strictObject({ truePositive: count, falsePositive: count, falseNegative: count, trueNegative: count })
      .meta({ description: 'Positive: the policy would have stopped it; true: moderators were of the same mind' }),
    precision: share.meta({ description: 'null: it would have stopped nothing' }),
    recall: share.meta({ description: 'null: moderators did nothing' }),
    rules: z.array(
      z.strictObject({ rule: z.string(), kind: z.string(), shadow: z.boolean(), hits: count, moderated: count }),
    ),
    disagreements: z
      .array(
        z.strictObject({
          id: z.string(),
          seq: count,
          moderated: z.boolean(),
          rule: z.string().nullable(),
          verdict: z.enum(verdicts).nullable(),
        }),
      )
      .meta({ description: 'The first ones' }),
  })
  .meta({ id: 'PolicyTrial' })

/** The policy of a body in its canonical form. Throws `channel.policy_invalid` with all that is wrong. */
export const policyOr422 = (document: unknown) => {
  const parsed = parsePolicy(JSON.stringify(document))
  const compiled = parsed.ok ? compilePolicy(parsed.policy, 0) : parsed
  if (parsed.ok && compiled.ok) return { text: parsed.text, compiled }
  const violations = compiled.ok ? [] : compiled.violations
  throw new HttpProblem('channel.policy_invalid', {
    detail: { at: violations[0]?.at ?? '' },
    violations: violations.map(({ at, message }) => ({
      at: ['body/policy', ...at.split('.').filter(Boolean)].join('/'),
      message,
    })),
  })
}

const showPolicy = route({
  method: 'GET',
  path,
  id: 'showPolicy',
  tag,
  summary: 'The moderation policy of a channel, for moderators',
  auth: 'account',
  access: { channel: 'read_moderation' },
  scopes: ['channel:moderate'],
  rate: 'read',
  reads: ['channels', 'policies'],
  params: channelParams,
  responses: {
    200: { description: 'The policy', body: PolicyView, headers: { ETag: 'The version of the policy' } },
  },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const found = await edge.policies.policy(channelId)
    const version = found?.version ?? 0
    return {
      status: 200,
      headers: { ETag: entityTag(version) },
      body: {
        version,
        policy: found?.policy ? JSON.parse(found.policy) : null,
        setBy: found?.actorId ?? null,
        setAt: found ? timestamp(found.at) : null,
      },
    }
  },
})

const changes = {
  path,
  tag,
  auth: 'account',
  access: { channel: 'set_policy' },
  scopes: ['channel:manage'],
  rate: 'write',
  command: true,
  ifMatch: 'optional',
  params: channelParams,
  responses: { 200: { description: 'Set', body: Done, headers: doneHeaders }, ...pendingResponse },
  errors: [
    'channel.unknown',
    'channel.forbidden',
    'channel.policy_invalid',
    'channel.policy_unchanged',
    'channel.text_too_long',
    'channel.text_invalid',
    'channel.version_conflict',
  ],
} as const

const setPolicy = route({
  ...changes,
  method: 'PUT',
  id: 'setPolicy',
  summary: 'Sets the moderation policy of a channel',
  bodyLimit,
  body: z.strictObject({
    policy: PolicyDocument,
    reason: Reason,
  }),
  handler: async (request, edge) => {
    const { policy, reason } = request.body
    const command = { type: 'SetPolicy', policy: policyOr422(policy).text, reason: reason ?? null } as const
    const submitted = await sendToChannel(edge, request.params.channelId, command, request)
    return doneReply(200, request.commandId, submitted)
  },
})

const removePolicy = route({
  ...changes,
  method: 'DELETE',
  id: 'removePolicy',
  summary: 'Takes the moderation policy of a channel away',
  query: whyQuery,
  handler: async (request, edge) => {
    const command = { type: 'SetPolicy', policy: null, reason: request.query.reason ?? null } as const
    const submitted = await sendToChannel(edge, request.params.channelId, command, request)
    return doneReply(200, request.commandId, submitted)
  },
})

const longestTrialMs = 90 * 86_400_000

const runTrial = route({
  method: 'POST',
  path: `${path}/trials`,
  id: 'tryPolicy',
  tag,
  summary: 'Tries a policy over past messages, beside what moderators did',
  description: 'Over at most the last 100,000 messages. Nothing is changed.',
  auth: 'account',
  access: { channel: 'read_moderation' },
  scopes: ['channel:manage'],
  rate: 'credentials',
  reads: ['messages', 'channels'],
  params: channelParams,
  bodyLimit,
  body: z.strictObject({
    policy: PolicyDocument,
    since: Timestamp.meta({ description: 'At most 90 days ago', examples: ['2026-01-01T00:00:00Z'] }),
  }),
  responses: { 200: { description: 'What it would have done', body: Trial } },
  errors: ['channel.unknown', 'channel.forbidden', 'channel.policy_invalid'],
  handler: async ({ params: { channelId }, body, caller, signal }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const { compiled } = policyOr422(body.policy)
    const since = Math.max(Date.parse(body.since), edge.now() - longestTrialMs)
    const result = await tryPolicy(compiled, since, (asked) => edge.policies.past(channelId, asked), signal)
    const { rules, disagreements, ...rest } = result
    return { status: 200, body: { ...rest, rules: [...rules], disagreements: [...disagreements] } }
  },
})

export const policyRoutes = [showPolicy, setPolicy, removePolicy, runTrial]
