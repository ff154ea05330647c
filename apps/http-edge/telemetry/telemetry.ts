import type { Health } from '#libs/broadcast/health.ts'
import type { Telemetry } from '#libs/broadcast/http/edge.ts'
import type { Refusal } from '#libs/broadcast/refusal.ts'
import { decodeTelemetry, encodeTelemetry } from '#libs/broadcast/telemetry-record.ts'
import { ensureTelemetryTopic } from '#libs/broadcast/telemetry-topic.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { telemetryTopic } from '#libs/journal/families.ts'
import type { Appender, Log, StoredRecord, Tail } from '#libs/journal/log.ts'
import { gauge } from '#libs/telemetry/instruments.ts'
import { createAudience } from './audience.ts'

export type TelemetryOptions = {
  readonly log: Log
  readonly replication: number
  readonly onError: (error: unknown) => void
  readonly now?: () => number
}

/** What is said in a second goes out as one record; more is refused. */
const MOST_WAITING = 50_000
/** Names in one record: well below what a broker takes. */
const NAMES_A_RECORD = 5_000
const TELL_MS = 1_000
/** Health that nobody has renewed says nothing any more. */
const HEALTH_MS = 10_000
/** For so long a broadcaster is told why an encoder was refused. */
const REFUSAL_MS = 600_000
/** What sends on for so long after a refusal was not refused for the same: of a bitrate it shows after ten seconds. */
const DOES_WELL_MS = 30_000

/** What is said in one go, in records that are small enough. */
const records = (waiting: ReadonlyMap<string, ReadonlySet<string>>): readonly Buffer[] => {
  const found: Buffer[] = []
  let viewers: Record<string, string[]> = {}
  let names = 0
  const close = (): void => {
    if (names > 0) found.push(encodeTelemetry({ type: 'watching', viewers }))
    viewers = {}
    names = 0
  }
  for (const [channelId, ofChannel] of waiting)
    for (const viewer of ofChannel) {
      viewers[channelId] ??= []
      viewers[channelId].push(viewer)
      if (++names === NAMES_A_RECORD) close()
    }
  close()
  return found
}

/**
 * Telemetry over the log, so that every edge counts the same. A log that is away costs what was said meanwhile, nothing
 * else.
 */
export const startTelemetryFeed = async (
  options: TelemetryOptions,
): Promise<Telemetry & { readonly close: () => Promise<void> }> => {
  const { log, replication, onError, now = Date.now } = options
  await ensureTelemetryTopic(log, replication)
  const audience = createAudience(now)
  const healths = new Map<string, Health>()
  const refusals = new Map<string, Refusal>()
  let waiting = new Map<string, Set<string>>()
  let waitingNames = 0
  let appender: Appender | undefined
  let tail: Tail | undefined
  let busy = false

  const hear = (recordsHeard: readonly StoredRecord[]): void => {
    for (const { value } of recordsHeard) {
      const told = decodeTelemetry(value)
      if (told?.type === 'health') {
        healths.set(told.channel, told.health)
        if ((refusals.get(told.channel)?.at ?? told.health.at) < told.health.at - DOES_WELL_MS)
          refusals.delete(told.channel)
      }
      if (told?.type === 'refused') refusals.set(told.channel, told.refusal)
      if (told?.type === 'watching')
        for (const [channelId, viewers] of Object.entries(told.viewers)) audience.heard(channelId, viewers)
    }
  }

  const listen = async (): Promise<void> => {
    const [bounds] = await log.bounds(telemetryTopic)
    const opened = await log.tail([telemetryTopic], {
      onRecords: (_topic, _partition, heard) => hear(heard),
      onOutOfRange: (topic, partition, _expected, { end }) => tail?.read(topic, partition, end),
      onError: (error) => {
        onError(error)
        void tail?.close().catch(() => {})
        tail = undefined
      },
    })
    tail = opened
    opened.read(telemetryTopic, 0, bounds?.end ?? 0)
  }

  const tell = async (): Promise<void> => {
    if (waitingNames === 0) return
    const values = records(waiting)
    waiting = new Map()
    waitingNames = 0
    try {
      appender ??= await log.appender()
      await appender.append(
        telemetryTopic,
        0,
        values.map((value) => ({ key: null, value })),
      )
    } catch (error) {
      await appender?.close().catch(() => {})
      appender = undefined
      onError(error)
    }
  }

  const tick = async (): Promise<void> => {
    if (busy) return
    busy = true
    try {
      if (!tail) await listen()
      await tell()
      audience.sweep()
      for (const [channelId, { at }] of healths) if (at < now() - HEALTH_MS) healths.delete(channelId)
      for (const [channelId, { at }] of refusals) if (at < now() - REFUSAL_MS) refusals.delete(channelId)
    } catch (error) {
      onError(error)
    } finally {
      busy = false
    }
  }

  await listen()
  const ticking = setInterval(() => void tick(), TELL_MS).unref()
  const removeGauge = gauge('whiply_viewers', 'Players that show live video, on the whole platform', () => [
    { value: audience.total() },
  ])
  return {
    viewers: audience.count,
    health: (channelId) => healths.get(channelId),
    refusal: (channelId) => refusals.get(channelId),
    watching: (channelId, viewer) => {
      if (waitingNames >= MOST_WAITING) throw new HttpProblem('platform.busy')
      const ofChannel = waiting.get(channelId) ?? new Set<string>()
      waiting.set(channelId, ofChannel)
      if (ofChannel.has(viewer)) return
      ofChannel.add(viewer)
      waitingNames++
    },
    close: async () => {
      clearInterval(ticking)
      removeGauge()
      await tail?.close()
      await appender?.close()
    },
  }
}
