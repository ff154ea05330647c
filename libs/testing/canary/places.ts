import { integratorsTopic, readOn, withRecords } from '#libs/integration/access/records.ts'
import { topicFor } from '#libs/integration/public-topic.ts'
import { positionsTopic } from '#libs/integration/topic-settings.ts'
import { publicTopics } from '#libs/integration/topics.ts'
import {
  commandTopic,
  families,
  journalTopic,
  metaTopic,
  presenceTopic,
  telemetryTopic,
} from '#libs/journal/families.ts'
import type { Log } from '#libs/journal/log.ts'
import type { TransactionalLog } from '#libs/journal/publisher.ts'

/** Every topic that whiply writes. */
const everyTopic: readonly string[] = [
  ...families.flatMap((family) => [commandTopic(family), journalTopic(family)]),
  presenceTopic,
  telemetryTopic,
  metaTopic,
  positionsTopic,
  integratorsTopic,
  ...publicTopics.map(({ topic }) => topic),
]

/** Topics of integrators who are given some channels only. */
const ownTopics = async (transactions: Pick<TransactionalLog, 'committed'>): Promise<readonly string[]> => {
  const reader = await transactions.committed()
  try {
    const names = withRecords(new Map(), await readOn(reader, 0)).keys()
    return [...names].flatMap((name) => publicTopics.map(({ topic }) => topicFor(topic, name)))
  } finally {
    await reader.close()
  }
}

/** Those of them that are there: public ones only once a relay has run. */
export const topicsThere = async (
  log: Pick<Log, 'describeTopic'>,
  transactions: Pick<TransactionalLog, 'committed'>,
): Promise<readonly string[]> => {
  const isThere = async (topic: string): Promise<boolean> => (await log.describeTopic(topic)) !== undefined
  const own = (await isThere(integratorsTopic)) ? await ownTopics(transactions) : []
  const there: string[] = []
  for (const topic of [...everyTopic, ...own]) if (await isThere(topic)) there.push(topic)
  return there
}
