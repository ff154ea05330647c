import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '#infra/embedded/engine.ts'
import { type EmbeddedKafka, startKafka } from '#infra/embedded/kafka.ts'
import { enginesFolder } from './shared-engines.ts'

/** What Kafka's own tool writes into a new folder, in the order in which it must be there: the last one says that it is. */
const FORMATTED = ['bootstrap.checkpoint', 'meta.properties']

/** Takes it from the folder of another broker, which saves a virtual machine; where that has none, the tool writes it. */
export const formatLike = async (other: string, dataDir: string): Promise<void> => {
  const [from, to] = [join(other, 'log'), join(dataDir, 'log')]
  await mkdir(to, { recursive: true })
  try {
    for (const file of FORMATTED) await copyFile(join(from, file), join(to, file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

export type FreshKafka = {
  readonly broker: EmbeddedKafka
  /** Starts it again once it has ended, on its port and data. */
  readonly launch: () => Promise<EmbeddedKafka>
}

/** Starts a small broker on a new data folder and a free port. It has the same cluster id as the one that the run's tests share. */
export const freshKafka = async (dataDir: string): Promise<FreshKafka> => {
  await formatLike(join(enginesFolder(), 'kafka'), dataDir)
  const port = await freePort()
  const launch = () => startKafka({ dataDir, port, quickStart: true, heapMb: 256 })
  return { broker: await launch(), launch }
}
