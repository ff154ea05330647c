import { z } from 'zod'

/** Why an encoder of a channel was not let in, or was let go over what it sent. Soft, as health is. */
export const refusalSchema = z.strictObject({
  /** Milliseconds since 1970. */
  at: z.int(),
  code: z.string().max(60),
  /** As the encoder itself was told. */
  words: z.string().max(300),
})

export type Refusal = z.output<typeof refusalSchema>
