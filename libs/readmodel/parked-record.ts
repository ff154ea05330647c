import type { JSONValue } from 'postgres'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'

/** A record as JSON, its bytes in base64. Sealed fields stay sealed. */
export const recordToJson = (record: OutcomeRecord): JSONValue =>
  ({
    ...record,
    outcome:
      record.outcome.kind === 'accepted'
        ? {
            ...record.outcome,
            events: record.outcome.events.map((event) => ({ ...event, bytes: event.bytes.toString('base64') })),
          }
        : record.outcome,
  }) as unknown as JSONValue

export const recordFromJson = (json: unknown): OutcomeRecord => {
  const record = json as OutcomeRecord
  if (record.outcome.kind !== 'accepted') return record
  const events = record.outcome.events.map((event) => ({
    ...event,
    bytes: Buffer.from(event.bytes as unknown as string, 'base64'),
  }))
  return { ...record, outcome: { ...record.outcome, events } }
}
