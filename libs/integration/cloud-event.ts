import type { Instant, RecordHeaders } from '#libs/journal/log.ts'

/** What the headers of a public record are made of. */
export type CloudEvent = {
  /** The same however often the journal is read, and with the source unique for ever. */
  readonly id: string
  readonly logId: string
  /** Full name of the record's schema. */
  readonly type: string
  readonly at: Instant
  /** The channel. */
  readonly subject: string
  /** Where the schema can be read, if an address of the registry is known that others reach. */
  readonly dataSchema?: string | undefined
  readonly traceparent?: string | undefined
}

/** A platform's source: its log's id as a URN (RFC 9562, section 4), so that two platforms are never taken for one. */
export const sourceOf = (logId: string): string => `urn:uuid:${logId}`

/**
 * Headers of a record in binary content mode (CloudEvents 1.0, Kafka protocol binding, section 3.2): attributes carry the
 * prefix `ce_`, the type of the value is `content-type`. The trace is that of the command (Distributed Tracing extension).
 */
export const cloudEventHeaders = (event: CloudEvent): RecordHeaders => ({
  ce_specversion: '1.0',
  ce_id: event.id,
  ce_source: sourceOf(event.logId),
  ce_type: event.type,
  ce_time: new Date(event.at).toISOString(),
  ce_subject: event.subject,
  'content-type': 'application/avro',
  ...(event.dataSchema !== undefined && { ce_dataschema: event.dataSchema }),
  ...(event.traceparent !== undefined && { ce_traceparent: event.traceparent }),
})
