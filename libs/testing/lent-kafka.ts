import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { Kafka, logLevel } from 'kafkajs'
import { isLocked, lockFolder } from '#infra/embedded/lock.ts'
import { rememberedProcess, stopOrphan } from '#infra/embedded/orphan.ts'
import { inContainers } from './engines.ts'
import { freshKafka } from './fresh-kafka.ts'
import { isolatedKafka } from './isolated-kafka.ts'
import { enginesFolder } from './shared-engines.ts'
import { until } from './until.ts'

/** A broker that one test has for itself until it ends, and another has after it. */
export type LentKafka = { readonly brokers: readonly string[] }

const EMPTY_WITHIN_MS = 20_000

/** Takes every topic and group away; what Kafka keeps for itself stays. */
const empty = async (brokers: readonly string[]): Promise<void> => {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const topicsLeft = async () => (await admin.listTopics()).filter((topic) => !topic.startsWith('__'))
  const groupsLeft = async () => (await admin.listGroups()).groups.map(({ groupId }) => groupId)
  try {
    // A group that its members have not left, since they were killed, goes when their sessions are over.
    await until(
      async () => {
        const [topics, groups] = [await topicsLeft(), await groupsLeft()]
        if (topics.length > 0) await admin.deleteTopics({ topics })
        if (groups.length > 0) await admin.deleteGroups(groups).catch(() => {})
        return topics.length === 0 && groups.length === 0
      },
      { timeoutMs: EMPTY_WITHIN_MS, what: 'the broker is empty' },
    )
  } finally {
    await admin.disconnect()
  }
}

/** The broker that runs in this folder, if there is one that can be emptied. */
const left = async (dataDir: string, addressFile: string): Promise<readonly string[] | undefined> => {
  if (rememberedProcess(dataDir) === undefined) return undefined
  try {
    const brokers = (await readFile(addressFile, 'utf8')).split(',')
    await empty(brokers)
    return brokers
  } catch {
    return undefined
  }
}

const startAnew = async (dataDir: string, addressFile: string): Promise<readonly string[]> => {
  await stopOrphan(dataDir, 0)
  await rm(dataDir, { recursive: true, force: true })
  const { broker } = await freshKafka(dataDir)
  await writeFile(addressFile, broker.brokers.join(','))
  return broker.brokers
}

/**
 * A broker for this test alone, without topics or groups: a whole platform has topics of fixed names. It was another
 * test's before, which is much quicker than starting one; so nothing may be done to the broker itself. Who stops or
 * freezes one takes `isolatedKafka`.
 */
export const lentKafka = async (t: Pick<TestContext, 'after'>): Promise<LentKafka> => {
  if (inContainers()) return isolatedKafka(t)
  const folder = enginesFolder()
  for (let number = 0; ; number++) {
    const dataDir = join(folder, `lent-${number}`)
    const lock = lockFolder(`${dataDir}.lock`)
    if (!isLocked(lock)) continue
    t.after(lock.release)
    const addressFile = join(dataDir, 'address')
    return { brokers: (await left(dataDir, addressFile)) ?? (await startAnew(dataDir, addressFile)) }
  }
}
