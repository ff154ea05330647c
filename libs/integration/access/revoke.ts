import { topicFor } from '../public-topic.ts'
import { publicTopics } from '../topics.ts'
import { known } from './give.ts'
import { revokeAll } from './grants.ts'
import type { Parts } from './parts.ts'
import { readRecords, recordAdded, recordRevoked } from './records.ts'
import { untilTakenUp } from './taken-up.ts'

/** A relay that does not say in time that it writes there no more finds the topic gone, and then asks what is given. */
const RELAY_PATIENCE_MS = 10_000

const removeOwnTopics = async ({ admin, log }: Parts, name: string): Promise<void> => {
  for (const { topic } of publicTopics) {
    const own = topicFor(topic, name)
    if (await log.describeTopic(own)) await admin.deleteTopics({ topics: [own] })
  }
}

export const revoke = async (parts: Parts, name: string): Promise<void> => {
  const { admin, users, log, transactions, replication } = parts
  const record = known(await readRecords(log, transactions, replication), name)
  // Rights first: they are asked for at each request, a password only at the next login.
  await revokeAll(admin, name)
  await users.removePassword(name)
  if (record.channels) {
    const offset = await recordAdded(log, name, { ...record, channels: [], leaving: true })
    await untilTakenUp(parts, offset + 1, [], RELAY_PATIENCE_MS)
    // Or whoever is given the name next would read what this one was given.
    await removeOwnTopics(parts, name)
  }
  await recordRevoked(log, name, Date.now())
}
