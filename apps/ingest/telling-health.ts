import { encodeTelemetry, type TelemetryRecord } from '#libs/broadcast/telemetry-record.ts'
import { telemetryTopic } from '#libs/journal/families.ts'
import type { Appender, Log } from '#libs/journal/log.ts'

/** Tells how encoders do over the log, a second's worth at a time. What cannot be told is forgotten. */
export type TellingHealth = {
  readonly tell: (record: TelemetryRecord) => void
  readonly close: () => Promise<void>
}

const TELL_MS = 1_000

export const startTellingHealth = (log: Pick<Log, 'appender'>, onError: (error: unknown) => void): TellingHealth => {
  let waiting: TelemetryRecord[] = []
  let appender: Appender | undefined
  let busy = false

  const send = async (): Promise<void> => {
    if (busy || waiting.length === 0) return
    busy = true
    const records = waiting.map((record) => ({ key: null, value: encodeTelemetry(record) }))
    waiting = []
    try {
      appender ??= await log.appender()
      await appender.append(telemetryTopic, 0, records)
    } catch (error) {
      await appender?.close().catch(() => {})
      appender = undefined
      onError(error)
    } finally {
      busy = false
    }
  }

  const ticking = setInterval(() => void send(), TELL_MS).unref()
  return {
    // One encoder says one thing in two seconds: while the log is away the oldest are of no interest any more.
    tell: (record) => {
      waiting = [...waiting.slice(-1_000), record]
    },
    close: async () => {
      clearInterval(ticking)
      await appender?.close()
    },
  }
}
