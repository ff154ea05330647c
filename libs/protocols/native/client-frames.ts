import { z } from 'zod'
import { checkStrictJson } from '#libs/http/json.ts'
import { actSchema } from './acts.ts'
import { commandIdSchema, idSchema } from './ids.ts'
import { nukeSchema } from './nukes.ts'
import { commandSchema, querySchema } from './questions.ts'
import { followWhispersSchema, whisperSchema } from './whispers.ts'

export { commandIdSchema, idSchema }

/** How a message is meant, where it is more than one like any other. */
export const messageForms = ['action', 'announcement'] as const

export const announcementColors = ['primary', 'blue', 'green', 'orange', 'purple'] as const

const seqSchema = z.int().min(0)

const authSchema = z
  .strictObject({
    type: z.literal('auth'),
    token: z.string().min(1).max(4096).optional(),
  })
  .describe('Says who is here: by an access token, or without one by the session cookie that came with the handshake')

const joinSchema = z
  .strictObject({
    type: z.literal('join'),
    channel: idSchema,
    from: z
      .strictObject({ epoch: z.string().min(1).max(64), seq: seqSchema, moderationSeq: seqSchema.optional() })
      .optional(),
    last: z.int().min(0).max(200).optional(),
  })
  .describe('Follows a channel: on from the last number seen (`from`), or beginning with the last messages (`last`)')

const leaveSchema = z
  .strictObject({ type: z.literal('leave'), channel: idSchema })
  .describe('Stops following a channel')

const postSchema = z
  .strictObject({
    type: z.literal('post'),
    id: commandIdSchema,
    channel: idSchema,
    text: z.string().max(4096).describe('Empty only where pictures are shown'),
    form: z.enum(messageForms).optional(),
    color: z.enum(announcementColors).optional(),
    replyTo: commandIdSchema.optional(),
    attachments: z.array(z.string().max(160)).max(16).optional().describe('Uploads: 4 at most'),
    traceparent: z.string().max(55).optional(),
  })
  .describe('Posts a message; sent again with the same id it is posted once')

const actFrameSchema = z
  .strictObject({
    type: z.literal('act'),
    id: commandIdSchema,
    channel: idSchema,
    act: actSchema,
    traceparent: z.string().max(55).optional(),
  })
  .describe('Does something in a channel besides posting; sent again with the same id it is done once')

/** What somebody watches elsewhere, as they say themselves. */
export const watchingSchema = z
  .strictObject({
    platform: z.string().regex(/^[a-z0-9-]{1,32}$/),
    id: z.string().regex(/^[A-Za-z0-9_.:-]{1,128}$/),
  })
  .describe('What they watch elsewhere')

const statusSchema = z
  .strictObject({
    type: z.literal('status'),
    afk: z.boolean().optional().describe('Away; the next post takes it back'),
    watching: watchingSchema.nullable().optional(),
  })
  .describe('Says something of oneself to those who are told who is there; what is left out stays')

const pingSchema = z.strictObject({ type: z.literal('ping') }).describe('Asks for a sign of life and the time')

/** Every frame that a client may send, by type; strict: a member that is not known is refused. */
export const clientFrameSchemas = {
  auth: authSchema,
  join: joinSchema,
  leave: leaveSchema,
  post: postSchema,
  act: actFrameSchema,
  nuke: nukeSchema,
  'follow-whispers': followWhispersSchema,
  whisper: whisperSchema,
  status: statusSchema,
  query: querySchema,
  command: commandSchema,
  ping: pingSchema,
} as const

export const clientFrameSchema = z.discriminatedUnion('type', [
  authSchema,
  joinSchema,
  leaveSchema,
  postSchema,
  actFrameSchema,
  nukeSchema,
  followWhispersSchema,
  whisperSchema,
  statusSchema,
  querySchema,
  commandSchema,
  pingSchema,
])

export type ClientFrame = z.infer<typeof clientFrameSchema>

export type ParsedFrame =
  | { readonly ok: true; readonly frame: ClientFrame }
  | { readonly ok: false; readonly message: string; readonly id?: string }

/** What is wrong with a frame, and where. A name that the client made up goes no further than 64 characters. */
const wrongIn = (issue: z.core.$ZodIssue): string => {
  const at = (path: readonly PropertyKey[]) => path.map(String).join('.') || 'frame'
  if (issue.code === 'unrecognized_keys') {
    return `${at([...issue.path, String(issue.keys[0]).slice(0, 64)])}: is not known here`
  }
  if (issue.code === 'invalid_union') return `${at(issue.path)}: is none of those that there are`
  return `${at(issue.path)}: ${issue.message}`
}

const wrongWith = ({ issues: [issue] }: z.ZodError): string | undefined => issue && wrongIn(issue)

/** What carries a body is read in one way only, as a body over HTTP is: no name twice, no depth without end. */
const unlikeHttp = ({ type }: ClientFrame, text: string): string | undefined => {
  if (type !== 'query' && type !== 'command') return undefined
  try {
    checkStrictJson(text)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** Reads a text frame of a client. Never throws; `message` says what is wrong, and where, without repeating the text. */
export const parseClientFrame = (text: string): ParsedFrame => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, message: 'not JSON' }
  }
  const parsed = clientFrameSchema.safeParse(value)
  const message = parsed.success ? unlikeHttp(parsed.data, text) : wrongWith(parsed.error)
  if (parsed.success && message === undefined) return { ok: true, frame: parsed.data }
  const id = commandIdSchema.safeParse((value as { id?: unknown } | null)?.id)
  return { ok: false, message: message ?? 'not of the protocol', ...(id.success && { id: id.data }) }
}
