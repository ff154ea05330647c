import { clockTopic } from './families.ts'
import type { Instant, Log } from './log.ts'
import { readAll } from './read-all.ts'

/**
 * The broker's time, by a record of one's own: other records may be hours old, or not be read at all while commands wait.
 * Callers that come while one is on its way share it.
 * @throws LogError
 */
export const openBrokerTime = (log: Log): (() => Promise<Instant>) => {
  let asked: Promise<Instant> | undefined

  const ask = async (): Promise<Instant> => {
    const appender = await log.appender()
    try {
      const offset = await appender.append(clockTopic, 0, [{ key: null, value: Buffer.alloc(0) }])
      const [record] = await readAll(log, clockTopic, 0, offset)
      return record?.timestamp ?? 0
    } finally {
      await appender.close()
    }
  }

  return () => {
    asked ??= ask().finally(() => {
      asked = undefined
    })
    return asked
  }
}
