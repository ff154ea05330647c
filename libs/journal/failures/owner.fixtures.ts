import { pino } from 'pino'
import { prefixedLog } from '#libs/testing/prefixed-log.ts'
import { roomRules, tinySecrets } from '../family.fixtures.ts'
import { kafkaLog } from '../kafka/log.ts'
import type { Log } from '../log.ts'
import { openFolderObjects } from '../objects/folder.ts'
import { type FamilyOwner, openFamilyOwner } from '../owner/runtime/family.ts'
import { ensureTopics } from '../topics.ts'

/** What an owner under test needs to know, also in a process of its own. */
export type OwnerSetting = {
  readonly brokers: readonly string[]
  readonly prefix: string
  readonly partitions: number
  /** Folder of the snapshots. */
  readonly objects: string
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

export const openOwner = async (setting: OwnerSetting, over: Log): Promise<FamilyOwner> =>
  openFamilyOwner({
    log: over,
    meta: await ensureTopics(over, { replication: 1, partitions: { account: 1, channel: setting.partitions } }),
    objects: await openFolderObjects(setting.objects),
    rules: roomRules,
    keys: { prefetch: async () => {}, seal: tinySecrets.seal },
    fingerprint: tinySecrets.fingerprint,
    instance: setting.instance,
    logger: pino({ enabled: false }),
    timings: { tickMs: 50, pauseMs: 200 },
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
