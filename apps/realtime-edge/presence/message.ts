import { z } from 'zod'
import type { Status } from './status.ts'
import type { Report } from './table.ts'

const statusSchema = z.strictObject({
  afk: z.literal(true).optional(),
  watching: z.strictObject({ platform: z.string(), id: z.string() }).optional(),
})

const messageSchema = z.strictObject({
  edge: z.string(),
  /** `all`: what was said before counts no more; `change`: only the channels named; `bye`: the edge goes away. */
  kind: z.enum(['all', 'change', 'bye']),
  /** Asks the others to say all that they know: the edge is new. */
  ask: z.boolean(),
  channels: z.record(
    z.string(),
    z.strictObject({
      count: z.int().min(0),
      names: z.record(z.string(), z.string()),
      statuses: z.record(z.string(), statusSchema).optional(),
    }),
  ),
})

export type PresenceMessage = {
  readonly edge: string
  readonly kind: 'all' | 'change' | 'bye'
  readonly ask: boolean
  readonly channels: ReadonlyMap<string, Report>
}

export const encodePresence = ({ channels, ...message }: PresenceMessage): Buffer =>
  Buffer.from(
    JSON.stringify({
      ...message,
      channels: Object.fromEntries(
        [...channels].map(([channel, { count, names, statuses }]) => [
          channel,
          { count, names: Object.fromEntries(names), ...(statuses && { statuses: Object.fromEntries(statuses) }) },
        ]),
      ),
    }),
  )

/** Undefined where it is none of these: the topic is shared with other releases. */
export const decodePresence = (bytes: Buffer): PresenceMessage | undefined => {
  try {
    const { channels, ...message } = messageSchema.parse(JSON.parse(bytes.toString('utf8')))
    return {
      ...message,
      channels: new Map(
        Object.entries(channels).map(([channel, { count, names, statuses }]) => [
          channel,
          {
            count,
            names: new Map(Object.entries(names)),
            ...(statuses && { statuses: new Map(Object.entries(statuses) as [string, Status][]) }),
          },
        ]),
      ),
    }
  } catch {
    return undefined
  }
}
