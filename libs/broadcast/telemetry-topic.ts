import { telemetryTopic } from '#libs/journal/families.ts'
import type { Log } from '#libs/journal/log.ts'

const config = { 'cleanup.policy': 'delete', 'retention.ms': '600000', 'segment.ms': '600000' }

/** Makes the topic of telemetry where it is missing; every app that writes or reads it calls this first. */
export const ensureTelemetryTopic = async (log: Log, replication: number): Promise<void> => {
  await log.createTopic(telemetryTopic, { partitions: 1, replication, config })
}
