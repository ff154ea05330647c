import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { inContainers } from './engines.ts'
import { freshKafka } from './fresh-kafka.ts'
import { temporaryFolder } from './shared-engines.ts'

/** A broker that belongs to one test, which may do to it what it likes. Its address stays the same for its life. */
export type IsolatedKafka = {
  readonly brokers: readonly string[]
  /** Ends the broker without a goodbye, as a crash would. */
  readonly kill: () => Promise<void>
  /** Ends the broker in order. */
  readonly stop: () => Promise<void>
  /** Starts the broker again on its port and data; resolves when it answers. */
  readonly start: () => Promise<void>
  /** Freezes the broker: connections stay open, and nothing is answered until `resume`. */
  readonly pause: () => Promise<void>
  readonly resume: () => Promise<void>
}

/**
 * Starts a broker for this test alone, embedded or in a container as the run has it; it is killed and its data removed
 * after the test.
 */
export const isolatedKafka = async (t: Pick<TestContext, 'after'>): Promise<IsolatedKafka> => {
  if (!inContainers()) return embeddedKafka(t)
  const { remove, ...kafka } = await (await import('./containers.ts')).containerKafka()
  t.after(remove)
  return kafka
}

const embeddedKafka = async (t: Pick<TestContext, 'after'>): Promise<IsolatedKafka> => {
  const dataDir = await mkdtemp(join(temporaryFolder(), 'whiply-kafka-'))
  const { broker: first, launch } = await freshKafka(dataDir)
  let broker = first
  const kill = async () => {
    process.kill(broker.pid, 'SIGKILL')
    await broker.exited
  }
  let ended = false
  const once = (end: () => Promise<void>) => async () => {
    if (!ended) await end()
    ended = true
  }
  t.after(async () => {
    await once(kill)()
    await rm(dataDir, { recursive: true, force: true })
  })
  return {
    brokers: broker.brokers,
    kill: once(kill),
    stop: once(() => broker.stop()),
    start: async () => {
      broker = await launch()
      ended = false
    },
    pause: async () => {
      process.kill(broker.pid, 'SIGSTOP')
    },
    resume: async () => {
      process.kill(broker.pid, 'SIGCONT')
    },
  }
}
