import { z } from 'zod'
import { NumericId, Position } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { ListName, Policy, policyLimits } from '#libs/policy/policy.ts'
import type { PolicyView } from '../policy/reads.ts'
import { importWords, readWordList, type Severity, wordListFormats } from '../policy/word-lists.ts'
import { doneHeaders } from './done.ts'
import { type ChannelEdge, channelOr404, moderatorsOnly, sendToChannel } from './edge.ts'
import { policyOr422 } from './policy.ts'

const route = routesOf<ChannelEdge>()

/** Lines that are no words are told up to so many. */
const toldLines = 100

const Import = z.strictObject({
  format: z.enum(wordListFormats).meta({
    description: '`lines`: a word or phrase each; `csv`: the column `word`, `term`, `phrase` or `text`, else the first',
  }),
  content: z
    .string()
    .min(1)
    .max(262_144)
    .meta({ examples: ['foo\nbar baz\n'] }),
  how: z.enum(['merge', 'replace']).default('merge').meta({
    description: 'Whether they come to the words that the list has, or in their place',
  }),
  severity: z.int().min(1).max(3).optional().meta({
    description: 'Of the whole list, in rules of phrases that have it; left out: as it is, and 2 of a new one',
  }),
  shadow: z.boolean().default(false).meta({
    description: 'Where no rule asks for the list yet: puts the rule that does on trial',
  }),
  reason: z.string().max(4096).optional().meta({ description: 'For the moderators’ log' }),
  dryRun: z.boolean().default(false).meta({ description: 'Tells what it would do, and does nothing' }),
})

const Imported = z
  .strictObject({
    added: z.int(),
    removed: z.int(),
    words: z.int().meta({ description: 'That the list has then' }),
    malformed: z
      .array(z.strictObject({ line: z.int(), problem: z.enum(['too_long', 'no_letters', 'invalid']) }))
      .meta({ description: `Lines that are none, from 1 on; the first ${toldLines}` }),
    malformedCount: z.int(),
    version: z.int().meta({ description: 'Of the policy then' }),
    position: Position.nullable().meta({ description: 'null: nothing has changed' }),
  })
  .meta({ id: 'WordsImported' })

/** The policy that is there, read anew: what it says was accepted once. */
const policyIn = (found: PolicyView | undefined): Policy | undefined =>
  found?.policy ? Policy.safeParse(JSON.parse(found.policy)).data : undefined

/** Words are taken into the policy that was read: where it has changed meanwhile, nothing of it is overwritten. */
const notChanged = (version: number, ifMatch: number | undefined): void => {
  if (ifMatch !== undefined && ifMatch !== version)
    throw new HttpProblem('channel.version_conflict', { detail: { version } })
}

/** A list without a word is a mistake, and one that no policy could hold is not read further. */
export const someWords = (words: readonly string[]): void => {
  if (words.length === 0 || words.length > policyLimits.terms)
    throw new HttpProblem('channel.word_list_unfit', { detail: { max: policyLimits.terms } })
}

const importWordList = route({
  method: 'POST',
  path: '/v1/channels/{channelId}/policy/lists/{list}/imports',
  id: 'importWordList',
  tag: 'moderation',
  summary: 'Takes words into a list of a channel’s policy',
  description:
    'Whatever else the policy says stays. A list that no rule asks for is given to the rule `word-lists`, which finds its ' +
    'words in disguise too. The same words sent again change nothing. Right behind another change of the policy, send the ' +
    'position of that one as `min-position`.',
  auth: 'account',
  access: { channel: 'set_policy' },
  scopes: ['channel:manage'],
  rate: 'write',
  command: true,
  ifMatch: 'optional',
  reads: ['channels', 'policies'],
  bodyLimit: 524_288,
  params: z.strictObject({ channelId: NumericId, list: ListName }),
  body: Import,
  responses: {
    200: { description: 'Done, or what it would do', body: Imported, headers: doneHeaders },
    ...pendingResponse,
  },
  errors: [
    'channel.unknown',
    'channel.forbidden',
    'channel.word_list_unfit',
    'channel.policy_invalid',
    'channel.version_conflict',
    'channel.text_too_long',
    'channel.text_invalid',
  ],
  handler: async (request, edge) => {
    const { channelId, list } = request.params
    const { format, content, how, severity, shadow, reason, dryRun } = request.body
    await moderatorsOnly(edge, await channelOr404(edge, channelId), request.caller)
    const find = async () => {
      const found = await edge.policies.policy(channelId)
      const version = found?.version ?? 0
      notChanged(version, request.ifMatch)
      const { words, malformed } = readWordList(format, content)
      someWords(words)
      const asked = { list, words, how, severity: severity as Severity | undefined, shadow }
      const { document, ...counts } = importWords(policyIn(found), asked)
      const { text } = policyOr422(document)
      const told = { ...counts, malformed: malformed.slice(0, toldLines), malformedCount: malformed.length }
      return { told, version, text: text === found?.policy ? null : text }
    }
    type Read = Awaited<ReturnType<typeof find>>
    const unchanged = ({ told, version }: Read) =>
      ({ status: 200, body: { ...told, version, position: null } }) as const
    if (dryRun) return unchanged(await find())
    return edge.once(request, ['importWordList', channelId, list, request.body], find, async (read) => {
      const { told, version, text } = read
      if (text === null) return unchanged(read)
      const command = { type: 'SetPolicy', policy: text, reason: reason ?? null } as const
      const submitted = await sendToChannel(edge, channelId, command, { ...request, ifMatch: version })
      if (submitted.kind === 'pending') return pendingReply(request.commandId)
      const { position, summary } = submitted
      return {
        status: 200 as const,
        headers: { Position: position },
        body: { ...told, version: Number(summary.version), position },
      }
    })
  },
})

export const wordListRoutes = [importWordList]
