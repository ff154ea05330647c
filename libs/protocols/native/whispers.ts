import { z } from 'zod'
import { commandIdSchema, idSchema } from './ids.ts'

/** Who may whisper to an account. */
export const whisperAllowances = ['everybody', 'followed', 'nobody'] as const

const seq = z.int().min(0)
const instant = z.int().min(0).describe('Milliseconds since 1970-01-01T00:00:00Z')
const allow = z
  .enum(whisperAllowances)
  .describe('Who may whisper: everybody; whom the account follows or has whispered to; nobody')

export const followWhispersSchema = z
  .strictObject({
    type: z.literal('follow-whispers'),
    from: z.strictObject({ epoch: z.string().min(1).max(64), whisperSeq: seq }).optional(),
    last: z.int().min(0).max(200).optional(),
  })
  .describe(
    "Follows the lane of one's own whispers: on from the last number seen (`from`), or beginning with the last ones (`last`)",
  )

/** Whispering, and what is done with whispers. */
export const whisperActSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('send'), to: idSchema, text: z.string().min(1).max(4096) }),
  z
    .strictObject({ kind: z.literal('read'), with: idSchema, upTo: z.int().min(1) })
    .describe('What somebody has whispered was read, up to a number of the lane'),
  z.strictObject({ kind: z.literal('settings'), allow }),
])

export const whisperSchema = z
  .strictObject({
    type: z.literal('whisper'),
    id: commandIdSchema,
    act: whisperActSchema,
    traceparent: z.string().max(55).optional(),
  })
  .describe('Whispers to an account, or does something with whispers; sent again with the same id it is done once')

export const followingWhispersSchema = z
  .strictObject({
    type: z.literal('whispers'),
    epoch: z.string(),
    whisperSeq: seq.describe('The last number of the lane as of now'),
    next: seq.describe('The number of the first `whispered` that follows; every later one is one more'),
    missed: z
      .strictObject({ from: seq, to: seq })
      .optional()
      .describe('Numbers that were asked for and are too many, or of another log: to be read again over HTTP'),
    allow,
    blocked: z
      .array(idSchema)
      .describe(
        'Whom the account blocks: what they post, and answers to it, a client hides; kept by `whispered` frames',
      ),
  })
  .describe("The lane of one's own whispers is followed: first what was asked for of the past, then what happens")

export const whisperedSchema = z
  .strictObject({
    type: z.literal('whispered'),
    whisperSeq: seq,
    at: instant,
    event: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('received'),
        id: commandIdSchema,
        from: z.strictObject({ id: idSchema, name: z.string().nullable() }),
        text: z.string().nullable().describe('null, like the name: they are erased'),
      }),
      z
        .strictObject({ kind: z.literal('sent'), id: commandIdSchema, to: idSchema, text: z.string().nullable() })
        .describe('It has arrived'),
      z.strictObject({ kind: z.literal('read'), with: idSchema, upTo: seq }),
      z.strictObject({ kind: z.literal('settings'), allow }),
      z.strictObject({ kind: z.literal('blocked'), account: idSchema }),
      z.strictObject({ kind: z.literal('unblocked'), account: idSchema }),
    ]),
  })
  .describe("Something in one's own lane of whispers, numbered without a hole; nobody else is told")

const id = '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10'
const epoch = '01937b00-0000-7000-8000-000000000001'
const at = 1_733_000_000_000

/** An example of each, for the AsyncAPI document; tests run them. */
export const whisperExamples: {
  readonly 'follow-whispers': z.infer<typeof followWhispersSchema>
  readonly whisper: z.infer<typeof whisperSchema>
  readonly whispers: z.infer<typeof followingWhispersSchema>
  readonly whispered: z.infer<typeof whisperedSchema>
} = {
  'follow-whispers': { type: 'follow-whispers', from: { epoch, whisperSeq: 6 } },
  whisper: { type: 'whisper', id, act: { kind: 'send', to: '43', text: 'Psst' } },
  whispers: { type: 'whispers', epoch, whisperSeq: 7, next: 7, allow: 'everybody', blocked: ['99'] },
  whispered: {
    type: 'whispered',
    whisperSeq: 7,
    at,
    event: { kind: 'received', id, from: { id: '43', name: 'Bob' }, text: 'Psst' },
  },
}

/** More of a frame, by its type. */
export const moreWhisperExamples = {
  whisper: [
    { type: 'whisper', id, act: { kind: 'read', with: '43', upTo: 7 } },
    { type: 'whisper', id, act: { kind: 'settings', allow: 'followed' } },
  ],
  whispered: [
    { type: 'whispered', whisperSeq: 8, at, event: { kind: 'sent', id, to: '43', text: 'Psst' } },
    { type: 'whispered', whisperSeq: 9, at, event: { kind: 'read', with: '43', upTo: 7 } },
    { type: 'whispered', whisperSeq: 10, at, event: { kind: 'settings', allow: 'followed' } },
    { type: 'whispered', whisperSeq: 11, at, event: { kind: 'blocked', account: '99' } },
    { type: 'whispered', whisperSeq: 12, at, event: { kind: 'unblocked', account: '99' } },
  ],
} satisfies {
  readonly whisper: readonly z.infer<typeof whisperSchema>[]
  readonly whispered: readonly z.infer<typeof whisperedSchema>[]
}
