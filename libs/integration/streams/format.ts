import type { StoredRecord } from '#libs/journal/log.ts'

/** How a stream is written: server-sent events (WHATWG HTML, section 9.2), or JSON texts separated by newlines. */
export type FormatName = 'sse' | 'ndjson'

/**
 * Why a stream ends: it is behind too far, the server stops, what comes next has aged out, or whoever reads it has been
 * logged out.
 */
export type Ending = 'slow-consumer' | 'closing' | 'gone' | 'logged-out'

/** What a stream says besides events: where it begins, that nothing has come for a while, and why it ends. */
export type Notice = 'opened' | 'heartbeat' | Ending

export type Format = {
  readonly mediaType: string
  /** `position` is that behind the event. */
  readonly event: (json: string, position: string) => string
  readonly notice: (notice: Notice, position: string) => string
}

const RECONNECT_MS = 2_000

/** A position without data sets what a browser sends as Last-Event-ID, and raises no event there. */
const sse: Format = {
  mediaType: 'text/event-stream',
  event: (json, position) => `id: ${position}\ndata: ${json}\n\n`,
  notice: (notice, position) => {
    switch (notice) {
      case 'opened':
        return `retry: ${RECONNECT_MS}\nid: ${position}\n\n`
      case 'heartbeat':
        return `: heartbeat\nid: ${position}\n\n`
      default:
        return `event: ${notice}\nid: ${position}\ndata: ${JSON.stringify({ position })}\n\n`
    }
  },
}

/** Every line is an object: an event has `specversion`, and anything else `notice`; both have `position`. */
const ndjson: Format = {
  mediaType: 'application/x-ndjson',
  event: (json, position) => `${json.slice(0, -1)},"position":"${position}"}\n`,
  notice: (notice, position) => `${JSON.stringify({ notice, position })}\n`,
}

export const formats: Readonly<Record<FormatName, Format>> = { sse, ndjson }

/**
 * A public record as a CloudEvent in structured mode (CloudEvents 1.0, JSON format, section 3), with its value decoded.
 * Attributes come from the headers of binary mode, so the event has the id that it has on the topic.
 */
export const cloudEventJson = ({ headers }: StoredRecord, data: unknown): string =>
  JSON.stringify({
    specversion: headers.ce_specversion,
    id: headers.ce_id,
    source: headers.ce_source,
    type: headers.ce_type,
    subject: headers.ce_subject,
    time: headers.ce_time,
    ...(headers.ce_dataschema !== undefined && { dataschema: headers.ce_dataschema }),
    ...(headers.ce_traceparent !== undefined && { traceparent: headers.ce_traceparent }),
    datacontenttype: 'application/json',
    data,
  })
