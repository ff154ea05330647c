import { z } from 'zod'
import { NumericId, Uuidv7 } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { mostMs } from '#libs/protocols/native/acts.ts'
import { type Term, termMatches } from '../casework/blocked-terms.ts'
import { sweepOf } from '../follow-up.ts'
import { maxWithinMs, nukeCommand, PatternUnfit, type Struck, searchRecent } from '../nukes/search.ts'
import type { RecentMessage } from '../reads/views.ts'
import { doneHeaders, doneReply } from './done.ts'
import { type ChannelEdge, channelOr404, moderatorsOnly, sendToChannel } from './edge.ts'
import { channelParams, Done } from './schemas.ts'

const route = routesOf<ChannelEdge>()

const Nuke = z.strictObject({
  text: z
    .string()
    .min(2)
    .max(512)
    .meta({ description: 'What the messages say: a text, or a pattern', examples: ['free skins'] }),
  match: z.enum(termMatches).default('text').meta({
    description:
      'How it is looked for: as a text, compared without case and with single spaces; or as a regular expression of RE2, in messages as they were written, without case',
  }),
  withinMs: z
    .int()
    .min(1_000)
    .max(maxWithinMs)
    .meta({ description: 'How far back, from now', examples: [300_000] }),
  durationMs: z.int().min(1_000).max(mostMs).optional().meta({ description: 'Times their authors out for so long' }),
  reason: z.string().max(4096).optional(),
  block: z.boolean().default(true).meta({
    description: 'Nobody but moderators says it any more, until one of them decides on it: see the act `decide-term`',
  }),
  dryRun: z.boolean().default(true).meta({ description: 'Tells what it would do, and does nothing' }),
})

const Found = z
  .strictObject({
    messages: z
      .array(z.strictObject({ id: Uuidv7, seq: z.int(), authorId: NumericId, text: z.string() }))
      .meta({ description: 'The latest first; what is out of the sender’s reach is left alone' }),
  })
  .meta({ id: 'NukeFound' })

type NukeBody = z.output<typeof Nuke>

const termIn = ({ text, match }: NukeBody): Term => ({ term: text, match })

const search = async (edge: ChannelEdge, channelId: string, body: NukeBody): Promise<readonly RecentMessage[]> => {
  try {
    return await searchRecent(edge.reads, channelId, { ...termIn(body), withinMs: body.withinMs }, edge.now())
  } catch (error) {
    if (error instanceof PatternUnfit) throw new HttpProblem('channel.pattern_unfit', { detail: error.detail })
    throw error
  }
}

const commandOf = (body: NukeBody, found: readonly Struck[]) =>
  nukeCommand(found, body, body.block ? termIn(body) : null)

/**
 * What was posted between the search and the decision. Nobody says it from the decision on, so one more look finds the
 * rest; where the read model does not get there in time, what is left is for another nuke.
 */
const sweep = async (
  edge: ChannelEdge,
  channelId: string,
  body: NukeBody,
  sent: Parameters<typeof sendToChannel>[3],
  position: string,
): Promise<void> => {
  const behind = await edge.waitForPosition('messages', position).then(
    () => false,
    () => true,
  )
  const found = behind ? [] : await search(edge, channelId, body)
  if (found.length === 0) return
  const commandId = sweepOf(sent.commandId)
  await sendToChannel(edge, channelId, commandOf(body, found), { ...sent, commandId }).catch(nothingLeft)
}

/** All that is left may be out of the sender's reach, or was swept when the nuke came first; the nuke itself is done. */
const nothingLeft = (error: unknown): undefined => {
  const done = ['channel.nothing_to_nuke', 'command.id_reused']
  if (error instanceof HttpProblem && done.includes(error.code)) return undefined
  throw error
}

const nuke = route({
  method: 'POST',
  path: '/v1/channels/{channelId}/nukes',
  id: 'nuke',
  tag: 'moderation',
  summary: 'Deletes all messages that say something, and times out who wrote them; by default only tells which',
  description: 'Sent with `min-position`, it looks at everything up to there. The act `undo-nuke` takes it back.',
  auth: 'account',
  access: { channel: 'nuke' },
  scopes: ['channel:moderate'],
  rate: 'write',
  command: true,
  reads: ['messages', 'channels'],
  params: channelParams,
  body: Nuke,
  responses: {
    200: { description: 'What it would do', body: Found },
    201: { description: 'Done', body: Done, headers: doneHeaders },
    ...pendingResponse,
  },
  errors: [
    'channel.unknown',
    'channel.forbidden',
    'channel.nothing_to_nuke',
    'channel.nuke_unfit',
    'channel.term_unfit',
    'channel.pattern_unfit',
    'channel.too_many_terms',
    'channel.duration_out_of_range',
    'channel.text_too_long',
    'channel.text_invalid',
  ],
  handler: async (request, edge) => {
    const { body, commandId } = request
    const { channelId } = request.params
    await moderatorsOnly(edge, await channelOr404(edge, channelId), request.caller)
    if (body.dryRun) {
      const found = await search(edge, channelId, body)
      const messages = found.map(({ messageId: id, seq, authorId, text }) => ({ id, seq, authorId, text }))
      return { status: 200, body: { messages } }
    }
    const find = async (): Promise<{ readonly found: readonly Struck[] }> => {
      const found = await search(edge, channelId, body)
      if (found.length === 0) throw new HttpProblem('channel.nothing_to_nuke')
      return { found: found.map(({ messageId, seq, authorId }) => ({ messageId, seq, authorId })) }
    }
    return edge.once(request, ['nuke', channelId, body], find, async ({ found }) => {
      const submitted = await sendToChannel(edge, channelId, commandOf(body, found), request)
      if (submitted.kind === 'pending') return pendingReply(commandId)
      if (body.block) await sweep(edge, channelId, body, request, submitted.position)
      return doneReply(201, commandId, submitted)
    })
  },
})

export const nukeRoutes = [nuke]
