import { z } from 'zod'
import { reasonSchema as reason } from './reason.ts'

/** For how long the history of a channel is kept. */
export const retentionAct = z
  .strictObject({
    kind: z.literal('set-retention'),
    days: z.int().min(1).max(100_000).nullable().describe('null: for ever'),
    reason,
  })
  .describe('Sets for how long the history is kept to be read; what is older is let go of within the hour')

export const retentionExample = { kind: 'set-retention', days: 90 } as const
