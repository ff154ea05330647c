import { z } from 'zod'
import { Problem } from '#libs/http/problem.ts'
import { commandIdSchema } from './ids.ts'

const name = z
  .string()
  .regex(/^[a-z][A-Za-z]{1,40}$/)
  .describe('The `operationId` in openapi.yaml')

const params = z
  .record(z.string().max(40), z.union([z.string().max(4096), z.int(), z.boolean()]))
  .optional()
  .describe('What the operation takes in its path and its query, by the same names; a number may stand as a number')

const body = z.record(z.string(), z.unknown()).optional().describe('What the operation takes as its body')

const minPosition = z
  .string()
  .max(40)
  .optional()
  .describe('A position of an earlier `outcome` or `answer`: what is read has seen it')

const traceparent = z.string().max(55).optional()

export const querySchema = z
  .strictObject({ type: z.literal('query'), id: commandIdSchema, query: name, params, body, minPosition, traceparent })
  .describe('Asks for something; an `answer` of the same id follows, while the lanes that are followed go on')

export const commandSchema = z
  .strictObject({
    type: z.literal('command'),
    id: commandIdSchema,
    command: name,
    params,
    body,
    expectedVersion: z
      .union([z.int().min(0), z.literal('*')])
      .optional()
      .describe('The version that was seen last of what it changes, where the operation takes If-Match; `*`: any'),
    minPosition,
    traceparent,
  })
  .describe(
    'Does what has no frame of its own; an `answer` of the same id follows. Sent again with the same id it is done once',
  )

export const answerSchema = z
  .strictObject({
    type: z.literal('answer'),
    id: commandIdSchema,
    data: z.unknown().optional().describe('What the operation answers with in openapi.yaml'),
    pending: z
      .literal(true)
      .optional()
      .describe('It is under way still, and `data` tells where it stands: send it again with the same id'),
    retryAfterMs: z.int().optional(),
    problem: z.strictObject(Problem.shape).optional().describe('Why there is no answer, as over HTTP (RFC 9457)'),
  })
  .describe('Answers a `query` or a `command`, in whatever order answers are there: with `data` or with a `problem`')

const id = '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10'

/** An example of each, for the AsyncAPI document; tests run them. */
export const questionExamples: {
  readonly query: z.output<typeof querySchema>
  readonly command: z.output<typeof commandSchema>
  readonly answer: z.output<typeof answerSchema>
} = {
  query: { type: 'query', id, query: 'listMessages', params: { channelId: '1001', before: '4200', limit: '50' } },
  command: {
    type: 'command',
    id,
    command: 'changeSettings',
    params: { channelId: '1001' },
    body: { topic: 'Be kind' },
    expectedVersion: 7,
  },
  answer: {
    type: 'answer',
    id,
    problem: {
      type: '/problems/channel.forbidden',
      code: 'channel.forbidden',
      title: 'This account may not do that in this channel',
      status: 403,
      remedy: 'Ask the broadcaster or a moderator.',
      instance: `urn:uuid:${id}`,
      context: { action: 'read_moderation' },
    },
  },
}
