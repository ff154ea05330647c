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

/** Every topic that whiply writes. */
const everyTopic: readonly string[] = [
  ...families.flatMap((family) => [commandTopic(family), journalTopic(family)]),
  presenceTopic,
  telemetryTopic,
  metaTopic,
  positionsTopic,
  ...publicTopics.map(({ topic }) => topic),
]

/** Those of them that are there: public ones only once a relay has run. */
export const topicsThere = async (log: Pick<Log, 'describeTopic'>): Promise<readonly string[]> => {
  const there: string[] = []
  for (const topic of everyTopic) if (await log.describeTopic(topic)) there.push(topic)
  return there
}
