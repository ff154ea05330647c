import { z } from 'zod'
import { NumericId, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { emoteModifiers, mostModifiers } from '../emotes/modifiers.ts'
import type { EmoteView, Manifest } from '../emotes/reads.ts'
import { Reason } from './schemas.ts'

export const Emote = z
  .strictObject({
    id: Uuidv7,
    name: z.string().meta({ description: 'What is written for it, by its very letters' }),
    moving: z.boolean().meta({ description: 'It moves: each of its pictures has a `-still` beside it' }),
    width: z.int().meta({ description: 'Where it is 32 pixels high' }),
    tier: z
      .int()
      .nullable()
      .meta({ description: 'The lowest tier of a subscription that it takes; null: for everybody' }),
    enabled: z.boolean().meta({ description: 'It is one for now; otherwise a word like any other' }),
    addedBy: NumericId,
    addedAt: Timestamp,
  })
  .meta({ id: 'Emote' })

export const EmoteManifest = z
  .strictObject({
    picture: z.literal('/v1/emotes/{id}/{size}').meta({ description: 'Where their pictures are' }),
    sizes: z.array(z.string()).meta({ description: '1x is 32 pixels high' }),
    modifiers: z.array(z.string()).meta({ description: 'What may stand behind an emote, each after a colon' }),
    mostModifiers: z.int(),
    channel: z.array(Emote).meta({ description: 'Of the channel; of two of one name its own counts' }),
    platform: z.array(Emote).meta({ description: 'For every channel' }),
  })
  .meta({ id: 'EmoteManifest' })

export const shownEmote = ({ emoteId, addedById, addedAt, ...emote }: EmoteView) => ({
  id: emoteId,
  ...emote,
  addedBy: addedById,
  addedAt: timestamp(addedAt),
})

export const shownManifest = (sizes: readonly string[], { channel, platform }: Manifest) => ({
  picture: '/v1/emotes/{id}/{size}' as const,
  sizes: [...sizes],
  modifiers: [...emoteModifiers],
  mostModifiers,
  channel: channel.map(shownEmote),
  platform: platform.map(shownEmote),
})

/** What is called an emote, to be judged by the channel. */
const name = z
  .string()
  .min(1)
  .max(64)
  .meta({ description: '2 to 32 of A-Z, a-z, 0-9 and _', examples: ['catJAM'] })

export const NewEmote = z.strictObject({
  name,
  tier: z
    .string()
    .regex(/^[0-9]{1,4}$/)
    .transform(Number)
    .optional()
    .meta({ description: 'The lowest tier of a subscription that it takes to use it; for everybody without' }),
  reason: Reason,
})

export const EmoteChange = z.strictObject({
  name: name.optional(),
  tier: z.int().min(0).max(1000).optional().meta({ description: '0: for everybody' }),
  enabled: z.boolean().optional(),
  reason: Reason,
})
