import { z } from 'zod'
import { mostMs } from './acts.ts'
import { commandIdSchema, idSchema } from './ids.ts'

/** How a term is looked for: as a text in its normal form, or as a regular expression of RE2 in a text as it stands. */
export const termMatches = ['text', 'pattern'] as const

/** How far back a nuke looks at most. */
export const maxWithinMs = 3_600_000

/** What a nuke strikes, and what it does: one form for sockets and for HTTP. */
export const nukeBodySchema = z.strictObject({
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

export type NukeBody = z.output<typeof nukeBodySchema>

export const nukeSchema = z
  .strictObject({
    type: z.literal('nuke'),
    id: commandIdSchema,
    channel: idSchema,
    nuke: nukeBodySchema,
    traceparent: z.string().max(55).optional(),
  })
  .describe(
    'Deletes all messages that say something, and times out who wrote them: all that the connection may have seen. By ' +
      'default it only tells which. Sent again with the same id it is done once; the act `undo-nuke` takes it back',
  )

/** So many messages a `nuke-found` names at most: frames are not without bounds. */
export const mostNamed = 100

export const nukeFoundSchema = z
  .strictObject({
    type: z.literal('nuke-found'),
    id: commandIdSchema,
    channel: idSchema,
    count: z.int().min(0).describe('How many it would delete'),
    messages: z
      .array(z.strictObject({ id: commandIdSchema, seq: z.int(), author: idSchema, text: z.string() }))
      .max(mostNamed)
      .describe("The latest first, as many as a frame names; what is out of the sender's reach is left alone"),
  })
  .describe('What a nuke would do, which was asked for without doing it')

const id = '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10'
const found = '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a0f'
const channel = '1001'

/** An example of each, for the AsyncAPI document; tests run them. */
export const nukeExamples: {
  readonly nuke: z.output<typeof nukeSchema>
  readonly 'nuke-found': z.output<typeof nukeFoundSchema>
} = {
  nuke: {
    type: 'nuke',
    id,
    channel,
    nuke: { text: 'free skins', match: 'text', withinMs: 300_000, durationMs: 600_000, block: true, dryRun: false },
  },
  'nuke-found': {
    type: 'nuke-found',
    id,
    channel,
    count: 1,
    messages: [{ id: found, seq: 41, author: '43', text: 'FREE skins here' }],
  },
}
