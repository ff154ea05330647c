import { z } from 'zod'
import { commandIdSchema, idSchema } from './ids.ts'
import { reasonSchema as reason } from './reason.ts'

const instant = z.int().min(0).describe('Milliseconds since 1970-01-01T00:00:00Z')
const count = z.int().min(0)
const weekMs = 604_800_000

/** What is done with polls, by its kind. */
export const pollActs = [
  z
    .strictObject({
      kind: z.literal('start-poll'),
      question: z.string().min(1).max(800).describe('1 to 200 code points'),
      options: z.array(z.string().min(1).max(400)).min(2).max(10).describe('Answers, each of 1 to 100 code points'),
      durationMs: z.int().min(1).max(weekMs).describe('How long votes are taken, from 5 seconds on'),
      weighted: z.boolean().optional().describe("Whether a vote counts 1 and the tier of the voter's subscription"),
      changeable: z.boolean().optional().describe('Whether a vote may be changed'),
      hidden: z.boolean().optional().describe('Whether results are shown only at the end'),
      reason,
    })
    .describe('Asks everybody in the channel something; the poll has the id of the frame, and one runs at a time'),
  z
    .strictObject({
      kind: z.literal('end-poll'),
      poll: commandIdSchema,
      cancel: z.boolean().optional().describe('Takes it back, without a result'),
      reason,
    })
    .describe('Ends a poll before its time'),
  z
    .strictObject({ kind: z.literal('vote'), poll: commandIdSchema, option: count.max(9).describe('From 0 on') })
    .describe('Votes in a poll, once for each account; who chose what nobody is told'),
] as const

export type PollAct = z.infer<(typeof pollActs)[number]>

const pollId = '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10'
const at = 1_733_000_000_000

/** An example of each. */
export const pollActExamples: { readonly [Kind in PollAct['kind']]: Extract<PollAct, { kind: Kind }> } = {
  'start-poll': {
    kind: 'start-poll',
    question: 'Which game next?',
    options: ['Chess', 'Go'],
    durationMs: 60_000,
    weighted: true,
  },
  'end-poll': { kind: 'end-poll', poll: pollId, cancel: true },
  vote: { kind: 'vote', poll: pollId, option: 1 },
}

const pollFields = {
  id: commandIdSchema,
  actor: idSchema.describe('Who asks'),
  question: z.string().nullable().describe('null, like the options: who asked is erased'),
  options: z.array(z.string()).nullable(),
  weighted: z.boolean(),
  changeable: z.boolean(),
  hidden: z.boolean().describe('Results are shown only at the end'),
  endsAt: instant,
} as const

const results = {
  voters: count,
  totals: z.array(count).optional().describe('By option; none while they are hidden, or where it was taken back'),
} as const

/** The poll that runs as somebody joins. */
export const runningPollSchema = z.strictObject({ ...pollFields, startedAt: instant, ...results })

/** What everybody in a channel is shown of polls, by its kind. */
export const pollBodies = [
  z.strictObject({ kind: z.literal('poll-started'), ...pollFields }),
  z.strictObject({
    kind: z.literal('poll-ended'),
    id: commandIdSchema,
    cause: z.enum(['expired', 'ended', 'cancelled']),
    actor: idSchema.nullable(),
    ...results,
  }),
] as const

export const pollSchema = z
  .strictObject({ type: z.literal('poll'), channel: idSchema, poll: commandIdSchema, ...results })
  .describe('How the votes stand in the poll that runs, at most once a second; without a number')

const asked = {
  id: pollId,
  actor: '1',
  question: 'Which game next?',
  options: ['Chess', 'Go'],
  weighted: true,
  changeable: false,
  hidden: false,
  endsAt: at + 60_000,
}

export const runningPollExample: z.infer<typeof runningPollSchema> = {
  ...asked,
  startedAt: at,
  voters: 3,
  totals: [3, 1],
}

export const pollExample: z.infer<typeof pollSchema> = {
  type: 'poll',
  channel: '1001',
  poll: pollId,
  voters: 3,
  totals: [3, 1],
}

export const pollBodyExamples: readonly z.infer<(typeof pollBodies)[number]>[] = [
  { kind: 'poll-started', ...asked },
  { kind: 'poll-ended', id: pollId, cause: 'ended', actor: '1', voters: 3, totals: [3, 1] },
]
