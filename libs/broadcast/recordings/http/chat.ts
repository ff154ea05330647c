import { z } from 'zod'
import { Cursor, NumericId, pageLimit, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { routesOf } from '#libs/http/route.ts'
import { capturedAt, playedAt } from '#libs/media/recording/timeline.ts'
import { type RecordingEdge, reading, vodOr404, watchersOnly } from './edge.ts'
import { vodParams } from './schemas.ts'

const route = routesOf<RecordingEdge>()

const seconds = (most: number) =>
  z
    .string()
    .regex(/^\d{1,7}(\.\d{1,3})?$/)
    .transform(Number)
    .pipe(z.number().max(most))

/** No broadcast is as long. */
const MOST_SECONDS = 1_000_000
const MOST_AT_ONCE_SECONDS = 600

/**
 * What was said while that part of the video was captured: the times of the journal are those of the day, and so are
 * those of the segments, by the clock of the platform. What was said in a gap stands where the video goes on.
 */
const getVodChat = route({
  ...reading,
  reads: ['vods', 'messages'],
  path: '/v1/vods/{vodId}/chat',
  id: 'getVodChat',
  summary: 'The chat beside a recording, as it was then; without what was deleted since',
  params: vodParams,
  query: z.strictObject({
    at: seconds(MOST_SECONDS).default(0).meta({ description: 'Seconds from the beginning of the recording' }),
    for: seconds(MOST_AT_ONCE_SECONDS).default(30).meta({ description: 'How many seconds of it' }),
    after: Cursor.optional().meta({ description: 'The `next` of the page before' }),
    limit: pageLimit(200, 100),
  }),
  responses: {
    200: {
      description: 'What was said in that time, in its order',
      body: z
        .strictObject({
          messages: z.array(
            z
              .strictObject({
                id: Uuidv7,
                seq: z.int(),
                seconds: z.number().meta({ description: 'Where in the recording it stands' }),
                at: Timestamp,
                author: z.strictObject({ id: NumericId, name: z.string().nullable() }),
                text: z.string(),
              })
              .meta({ id: 'ReplayedMessage' }),
          ),
          next: z.int().nullable().meta({ description: 'Ask with `after` for more of that time; null: no more' }),
        })
        .meta({ id: 'VodChat' }),
    },
  },
  errors: ['broadcast.vod_unknown', 'playback.forbidden', 'http.unauthenticated'],
  handler: async ({ params: { vodId }, query: { at, for: lasts, after, limit }, caller }, edge) => {
    const vod = await vodOr404(edge, vodId)
    await watchersOnly(edge, vod, caller)
    const pieces = await edge.pieces(vod)
    const [fromMs, toMs] = [capturedAt(pieces, at), capturedAt(pieces, at + lasts)]
    if (fromMs === undefined || toMs === undefined || fromMs >= toMs)
      return { status: 200, body: { messages: [], next: null } }
    const found = await edge.chat({ channelId: vod.channelId, fromMs, toMs, after, limit })
    const messages = found.map(({ messageId, seq, at: saidAt, authorId, authorName, text }) => ({
      id: messageId,
      seq,
      seconds: playedAt(pieces, saidAt) ?? 0,
      at: timestamp(saidAt),
      author: { id: authorId, name: authorName },
      text,
    }))
    return { status: 200, body: { messages, next: found.length === limit ? (found.at(-1)?.seq ?? null) : null } }
  },
})

export const vodChatRoutes = [getVodChat]
