import { z } from 'zod'
import { clientFrameSchemas } from './client-frames.ts'
import { closeCodes } from './closing.ts'
import { clientExamples, moreExamples, serverExamples } from './examples.ts'
import { serverFrameSchemas } from './server-frames.ts'
import type { Json } from './yaml.ts'

/** Something that is asked for by a `query` or a `command`, named `query.listMessages`. */
export type QuestionDocument = {
  readonly name: string
  readonly summary: string
  readonly schema: z.ZodType
  /** Where the form of its answer stands. */
  readonly answer: string
  readonly example: Json
}

/** With what it names written out: a message has no place for definitions. */
const inlined = (value: Json | undefined, definitions: Readonly<Record<string, Json>>): Json => {
  if (Array.isArray(value)) return value.map((each) => inlined(each, definitions))
  if (typeof value !== 'object' || value === null) return value ?? null
  const { $ref, id: _, ...members } = value as Readonly<Record<string, Json>>
  const named = typeof $ref === 'string' ? definitions[$ref.replace('#/$defs/', '')] : undefined
  if (named !== undefined) return inlined({ ...(named as object), ...members }, definitions)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inlined(member, definitions)]))
}

const questionOf = ({ name, summary, schema, answer, example }: QuestionDocument): readonly [string, Json] => {
  const { $schema: _, $defs = {}, ...payload } = z.toJSONSchema(schema, { io: 'input' })
  return [
    name,
    {
      name,
      summary,
      contentType: 'application/json',
      payload: inlined(payload as Json, $defs as Readonly<Record<string, Json>>),
      examples: [{ payload: example }],
      'x-answer': { $ref: answer },
    },
  ]
}

/** `io`: whether the payload is what is read, which may leave out what there is a default for, or what is written. */
const messageOf = (type: string, schema: z.ZodType, io: 'input' | 'output', examples: readonly Json[]): Json => {
  const { $schema: _, description, ...payload } = z.toJSONSchema(schema, { io })
  return {
    name: type,
    summary: description,
    contentType: 'application/json',
    payload: payload as Json,
    examples: examples.map((payload) => ({ payload })),
  }
}

const messagesOf = (
  schemas: Readonly<Record<string, z.ZodType>>,
  io: 'input' | 'output',
  examples: Readonly<Record<string, Json>>,
) =>
  Object.entries(schemas).map(
    ([type, schema]) =>
      [
        type,
        messageOf(type, schema, io, [examples[type] ?? null, ...((moreExamples[type] ?? []) as readonly Json[])]),
      ] as const,
  )

const references = (where: string, types: readonly string[]): Json =>
  types.map((type) => ({ $ref: `#/${where}/${type}` }))

const closing = Object.entries(closeCodes)
  .map(([reason, code]) => `${code} ${reason}`)
  .join(', ')

/** The native protocol as an AsyncAPI 3.0 document, made of the schemas that the edge itself parses by. */
export const asyncApiDocument = (questions: readonly QuestionDocument[]): Json => {
  const frames = messagesOf(clientFrameSchemas, 'input', clientExamples as Readonly<Record<string, Json>>)
  const sent = [...frames, ...questions.map(questionOf)]
  const received = messagesOf(serverFrameSchemas, 'output', serverExamples as Readonly<Record<string, Json>>)
  const namesOf = (messages: readonly (readonly [string, Json])[]) => messages.map(([type]) => type)
  const onChannel = 'channels/live/messages'
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'whiply live',
      version: '1.0.0',
      description: `Chat as it happens: JSON text frames over a WebSocket. Close codes: ${closing}.`,
    },
    defaultContentType: 'application/json',
    servers: { edge: { host: 'localhost:8081', protocol: 'ws', description: 'GET /v1/config names the address' } },
    channels: {
      live: {
        address: '/v1/live',
        messages: Object.fromEntries(
          [...sent, ...received].map(([type]) => [type, { $ref: `#/components/messages/${type}` }]),
        ),
      },
    },
    operations: {
      send: {
        action: 'receive',
        summary: 'What a client sends',
        channel: { $ref: '#/channels/live' },
        messages: references(onChannel, namesOf(sent)),
      },
      receive: {
        action: 'send',
        summary: 'What the edge sends',
        channel: { $ref: '#/channels/live' },
        messages: references(onChannel, namesOf(received)),
      },
    },
    components: { messages: Object.fromEntries([...sent, ...received]) },
  }
}
