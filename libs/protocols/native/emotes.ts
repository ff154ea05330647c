import { z } from 'zod'
import { commandIdSchema, idSchema } from './client-frames.ts'

const tier = z.int().nullable().describe('The lowest tier of a subscription that it takes; null: for everybody')

/** What everybody in a channel is shown of its emotes; their pictures are at `/v1/emotes/{id}/{size}`. */
export const emoteBodies = [
  z
    .strictObject({
      kind: z.literal('emote-added'),
      actor: idSchema,
      emote: z.strictObject({
        id: commandIdSchema,
        name: z.string(),
        moving: z.boolean(),
        width: z.int().describe('Where it is 32 pixels high'),
        tier,
      }),
    })
    .describe('The channel has one more emote'),
  z.strictObject({
    kind: z.literal('emote-changed'),
    actor: idSchema,
    emote: z.strictObject({ id: commandIdSchema, name: z.string(), tier, enabled: z.boolean() }),
  }),
  z
    .strictObject({
      kind: z.literal('emote-removed'),
      actor: idSchema,
      emote: z.strictObject({ id: commandIdSchema }),
    })
    .describe('It is written no more; messages that show it go on showing it'),
] as const
