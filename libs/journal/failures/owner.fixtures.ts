import { pino } from 'pino'
import type { Logger } from '#libs/telemetry/logger.ts'
import { prefixedLog } from '#libs/testing/prefixed-log.ts'
import { roomRules, tinySecrets } from '../family.fixtures.ts'
import { kafkaLog } from '../kafka/log.ts'
import type { Log } from '../log.ts'
import { openFolderObjects } from '../objects/folder.ts'
import { openS3Objects, type S3Options } from '../objects/s3/open.ts'
import { type FamilyOwner, openFamilyOwner } from '../owner/runtime/family.ts'
import { ensureTopics } from '../topics.ts'

/** What an owner under test needs to know, also in a process of its own. */
export type OwnerSetting = {
  readonly brokers: readonly string[]
  readonly prefix: string
  readonly partitions: number
  /** Folder or bucket of the snapshots. */
  readonly objects: string | S3Options
  readonly snapshotRecords?: number
  readonly instance: string
  /** How soon a member that fell silent is replaced; shorter than in production, so that tests are quick. */
  readonly sessionTimeoutMs: number
}

export const logOf = ({
  brokers,
  prefix,
  sessionTimeoutMs,
}: Omit<OwnerSetting, 'objects' | 'instance' | 'partitions'>) =>
  prefixedLog(kafkaLog({ brokers, sessionTimeoutMs, requestTimeoutMs: 2_000 }), prefix)

const silent: Pick<Logger, 'info' | 'warn' | 'error'> = pino({ enabled: false })

export const openOwner = async (setting: OwnerSetting, over: Log, logger = silent): Promise<FamilyOwner> =>
  openFamilyOwner({
    log: over,
    meta: await ensureTopics(over, {
      replication: 1,
      partitions: { account: 1, channel: setting.partitions, broadcast: 1, conversation: 1 },
    }),
    objects:
      typeof setting.objects === 'string' ? await openFolderObjects(setting.objects) : openS3Objects(setting.objects),
    rules: roomRules,
    keys: { prefetch: async () => {}, seal: tinySecrets.seal },
    fingerprint: tinySecrets.fingerprint,
    instance: setting.instance,
    logger,
    timings: {
      tickMs: 50,
      pauseMs: 200,
      ...(setting.snapshotRecords !== undefined && { snapshotRecords: setting.snapshotRecords }),
    },
  })

// Run as a program of its own: an owner that can be stopped and killed like any process.
if (import.meta.main) {
  const setting = JSON.parse(process.argv[2] ?? '') as OwnerSetting
  const log = logOf(setting)
  const owner = await openOwner(setting, log)
  process.send?.('started')
  process.once('SIGTERM', async () => {
    await owner.close()
    await log.close()
    process.exit()
  })
}
