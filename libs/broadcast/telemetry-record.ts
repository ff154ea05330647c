import { z } from 'zod'
import { healthSchema } from './health.ts'
import { refusalSchema } from './refusal.ts'

/** What stands in the topic of telemetry: how encoders do, why one is refused, and who watches, gathered for a second at one edge. */
const recordSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('health'), channel: z.string(), health: healthSchema }),
  z.strictObject({ type: z.literal('refused'), channel: z.string(), refusal: refusalSchema }),
  z.strictObject({
    type: z.literal('watching'),
    /** Of each channel the players that have said so, each by the name that it has given itself. */
    viewers: z.record(z.string(), z.array(z.string())),
  }),
])

export type TelemetryRecord = z.output<typeof recordSchema>

export const encodeTelemetry = (record: TelemetryRecord): Buffer => Buffer.from(JSON.stringify(record))

/** Undefined where it is none of these: the topic is shared with other releases. */
export const decodeTelemetry = (bytes: Buffer): TelemetryRecord | undefined => {
  try {
    return recordSchema.parse(JSON.parse(bytes.toString('utf8')))
  } catch {
    return undefined
  }
}
