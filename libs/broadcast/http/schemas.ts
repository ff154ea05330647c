import { z } from 'zod'
import { NumericId, Position, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { warningWords } from '../warnings.ts'
import type { BroadcastEdge, BroadcastInfo, BroadcastView } from './edge.ts'

export const channelParams = z.strictObject({ channelId: NumericId })

export const Done = z.strictObject({ commandId: Uuidv7, position: Position }).meta({ id: 'BroadcastDone' })

export const visibilities = ['public', 'unlisted'] as const
export const audiences = ['everybody', 'subscribers', 'private'] as const

const info = {
  title: z.string().nullable(),
  category: z.string().nullable(),
  tags: z.array(z.string()),
  language: z.string().nullable().meta({ description: 'A tag of BCP 47' }),
  visibility: z.enum(visibilities).meta({ description: 'Whether it is found in lists' }),
  audience: z.enum(audiences).meta({ description: 'Who may watch; private: those with a role in the channel' }),
} as const

export const Info = z.strictObject(info).meta({ id: 'BroadcastInfo' })

export const Broadcast = z
  .strictObject({
    id: Uuidv7,
    channelId: NumericId,
    slug: z.string().nullable().meta({ description: 'The name of its channel' }),
    state: z.enum(['live', 'interrupted', 'ended']).meta({ description: 'interrupted: its encoder may return' }),
    startedAt: Timestamp,
    endedAt: Timestamp.nullable(),
    ...info,
    viewers: z.int().min(0).meta({ description: 'That have said so within the last 30 s' }),
    preview: z.string().nullable().meta({ description: 'Where a picture of it is, while it is live, if there is one' }),
    playlist: z
      .string()
      .nullable()
      .meta({ description: 'The multivariant playlist, while it is live; null where watching it needs a token' }),
    sourceOnly: z
      .string()
      .nullable()
      .meta({ description: 'Why it is shown as its encoder sends it alone, in words; null where nobody was refused' }),
  })
  .meta({ id: 'Broadcast' })

export const infoBody = ({ title, category, tags, language, visibility, audience }: BroadcastInfo) => ({
  title,
  category,
  tags: [...tags],
  language,
  visibility,
  audience,
})

/** A broadcast as everybody is shown it. */
export const shown = async (edge: BroadcastEdge, broadcast: BroadcastView): Promise<z.input<typeof Broadcast>> => {
  const { broadcastId, channelId, state, startedAt, endedAt, audience } = broadcast
  const isOpen = state !== 'ended'
  const refused = broadcast.warnings.no_renditions
  const folder = isOpen && audience === 'everybody' ? `/live/${channelId}/${broadcastId}` : undefined
  return {
    id: broadcastId,
    channelId,
    slug: await edge.slugOf(channelId),
    state,
    startedAt: timestamp(startedAt),
    endedAt: endedAt === null ? null : timestamp(endedAt),
    ...infoBody(broadcast),
    viewers: isOpen ? edge.telemetry.viewers(channelId) : 0,
    preview: folder === undefined ? null : `${folder}/preview.jpg`,
    playlist: folder === undefined ? null : `${folder}/index.m3u8`,
    sourceOnly: isOpen && refused !== undefined ? warningWords('no_renditions', refused) : null,
  }
}
