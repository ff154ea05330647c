import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '#infra/embedded/engine.ts'
import { startKafka } from '#infra/embedded/kafka.ts'
import { startPostgres } from '#infra/embedded/postgres.ts'
import { channelDecider } from '#libs/channel/decider.ts'
import { readConfig, withSettings } from '#libs/config/config.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { ensureConfiguredTopics, openConfiguredLog } from '#libs/journal/configured-log.ts'
import { openConfiguredObjects } from '#libs/journal/configured-objects.ts'
import { decodeEntry } from '#libs/journal/envelope.ts'
import { journalTopic } from '#libs/journal/families.ts'
import type { Log } from '#libs/journal/log.ts'
import { type FamilyOwner, openFamilyOwner } from '#libs/journal/owner/runtime/family.ts'
import { readAll } from '#libs/journal/read-all.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { openVault } from '#libs/vault/open.ts'
import type { Bench, BenchOptions, BenchResult } from '../bench.ts'
import { cpuSeconds } from '../processes.ts'
import { authorsOf, openCommands } from './commands.ts'
import { measureRules } from './rules.ts'

const POSTS_PER_SECOND = 20_000
const SECONDS = 10
const WARM_UP_POSTS = 60_000
const RULES_MESSAGES = 100_000
const RULES_BYTES = 100
const PATIENCE_MS = 120_000

const logger = createLogger('bench', 'warn')

/** Outcomes that were written and read back. */
const decided = (owner: FamilyOwner): number => [...owner.status().values()].reduce((sum, { n }) => sum + n, 0)

const until = async (owner: FamilyOwner, count: number): Promise<void> => {
  const deadline = performance.now() + PATIENCE_MS
  while (decided(owner) < count) {
    if (performance.now() > deadline) throw new Error(`${decided(owner)} of ${count} decided in time`)
    await sleep(5)
  }
}

/** Messages that were accepted, as the journal has them. */
const acceptedPosts = async (log: Log, partitions: number): Promise<number> => {
  let accepted = 0
  for (let partition = 0; partition < partitions; partition++)
    for (const record of await readAll(log, journalTopic('channel'), partition)) {
      const entry = decodeEntry(record)
      if (entry.kind !== 'outcome' || entry.commandType !== 'PostMessage') continue
      if (entry.outcome.kind === 'accepted') accepted++
    }
  return accepted
}

/** Commands that lie ready are decided by one process, alone with its broker. */
const measure = async (
  config: ReturnType<typeof readConfig>,
  count: number,
  rulesUsPerMessage: number,
  say: BenchOptions['say'],
): Promise<BenchResult> => {
  const stack = new AsyncDisposableStack()
  try {
    const log = stack.adopt(openConfiguredLog(config, 'bench', logger), (open) => open.close())
    const meta = await ensureConfiguredTopics(log, config)
    const vault = stack.adopt(await openVault(config), (open) => open.close())
    for (const author of authorsOf()) await vault.keys.create(author)
    const commands = stack.adopt(await openCommands(log, meta), (open) => open.close())
    const rooms = await commands.openRooms()
    await commands.posts(WARM_UP_POSTS)
    const rules = { decider: channelDecider, codecs: codecs.channel }
    const objects = await openConfiguredObjects(config)
    const { fingerprint } = vault.hashes
    const open = () =>
      openFamilyOwner({ log, meta, objects, rules, keys: vault.keys, fingerprint, instance: randomUUID(), logger })

    const warm = await open()
    await until(warm, rooms + WARM_UP_POSTS)
    await warm.close()
    await commands.posts(count)
    say(`${count} posts lie ready`)

    const owner = stack.adopt(await open(), (opened) => opened.close())
    await until(owner, rooms + WARM_UP_POSTS + 1)
    const before = decided(owner)
    const [began, cpu] = [performance.now(), cpuSeconds([process.pid])]
    await until(owner, rooms + WARM_UP_POSTS + count)
    const elapsedMs = performance.now() - began
    const measured = rooms + WARM_UP_POSTS + count - before
    const cpuMicrosPerPost = Math.round(((cpuSeconds([process.pid]) - cpu) * 1e6) / measured)
    const acceptedPerSecond = Math.round((measured * 1000) / elapsedMs)
    const lost = WARM_UP_POSTS + count - (await acceptedPosts(log, meta.partitions.channel))
    say(`${acceptedPerSecond} accepted/s at ${cpuMicrosPerPost} µs of CPU each`)
    return {
      figures: { acceptedPerSecond, rulesUsPerMessage, cpuMicrosPerPost, posts: count, lost },
      failed: lost !== 0,
    }
  } finally {
    await stack.disposeAsync()
  }
}

const run = async ({ say, seconds }: BenchOptions): Promise<BenchResult> => {
  // Before anything else runs in the process.
  const rulesUsPerMessage = Math.round(measureRules(RULES_MESSAGES, RULES_BYTES) * 10) / 10
  say(`${rulesUsPerMessage} µs of CPU a message for the rules alone`)
  const data = await mkdtemp(join(tmpdir(), 'whiply-bench-'))
  const stack = new AsyncDisposableStack()
  stack.defer(() => rm(data, { recursive: true, force: true }))
  try {
    const kafka = await startKafka({ dataDir: join(data, 'kafka'), port: await freePort() })
    stack.defer(() => kafka.stop())
    const postgres = await startPostgres({
      dataDir: join(data, 'postgres'),
      port: await freePort(),
      database: 'whiply',
    })
    stack.defer(() => postgres.stop())
    const config = withSettings(readConfig({}), {
      data,
      objectStore: join(data, 'objects'),
      kafkaBrokers: [...kafka.brokers],
      databaseUrl: postgres.databaseUrl,
      masterKey: randomBytes(32).toString('base64'),
    })
    return await measure(config, (seconds ?? SECONDS) * POSTS_PER_SECOND, rulesUsPerMessage, say)
  } finally {
    await stack.disposeAsync()
  }
}

export const deciderBench: Bench = {
  name: 'decider',
  summary: 'Posts that one decider process accepts a second over 16 channels, every rule on; and the cost of the rules',
  run,
}
