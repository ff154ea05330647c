import type { Offset } from '#libs/journal/log.ts'
import { type PublicTopic, topicFor } from '../public-topic.ts'
import { IntegratorError } from './errors.ts'
import { grantedTopics, grantTopics } from './grants.ts'
import { assertName, MOST_CHANNELS, MOST_OF_CHANNELS } from './integrator.ts'
import type { Parts } from './parts.ts'
import { type IntegratorRecord, type IntegratorRecords, readRecords, recordAdded } from './records.ts'
import { newPassword } from './scram.ts'

/** What somebody may read now. */
export type Given = {
  /** The topics of Kafka that were named, as they are for this integrator. */
  readonly topics: readonly string[]
  /** Ids of the channels that they hold; undefined where that is all. */
  readonly channels: readonly string[] | undefined
  /** Behind what was written of it: see `untilTakenUp`. */
  readonly revision: Offset
}

export const known = (records: IntegratorRecords, name: string): IntegratorRecord => {
  const record = records.get(name)
  if (record) return record
  throw new IntegratorError('integrator.unknown', `There is no integrator ${name}. See: whiply integrator list`)
}

const assertStays = (record: IntegratorRecord | undefined, name: string): void => {
  if (record?.leaving)
    throw new IntegratorError(
      'integrator.leaving',
      `${name} is being revoked, and not all of that is done. First: whiply integrator revoke ${name}`,
    )
}

const assertWithinBounds = (records: IntegratorRecords, name: string, channels: readonly string[]): void => {
  const others = [...records].filter(([other, record]) => other !== name && record.channels !== undefined)
  if (others.length >= MOST_OF_CHANNELS)
    throw new IntegratorError(
      'integrator.too_many',
      `${MOST_OF_CHANNELS} integrators are given some channels only, and each costs Kafka topics of its own. Give ${name} the ` +
        'public topic, or have it ask /v1/streams of the REST API for those channels.',
    )
  if (channels.length > MOST_CHANNELS)
    throw new IntegratorError(
      'integrator.too_many_channels',
      `${channels.length} channels would be given to ${name}, and ${MOST_CHANNELS} is the most. Give it the public topic.`,
    )
}

const wholeTopics = (name: string): IntegratorError =>
  new IntegratorError(
    'integrator.reads_whole_topics',
    `${name} reads the public topics of all channels. To give it some only, revoke it first, or add another name.`,
  )

/**
 * The channels that somebody has afterwards: once it was given some, it is never given all for want of a word.
 * @throws IntegratorError `integrator.reads_whole_topics`
 */
const channelsAfter = (
  name: string,
  record: IntegratorRecord | undefined,
  more: readonly string[] | undefined,
): readonly string[] | undefined => {
  if (record && !record.channels && more) throw wholeTopics(name)
  return record?.channels || more ? [...new Set([...(record?.channels ?? []), ...(more ?? [])])] : undefined
}

export const add = async (
  { admin, users, log, transactions, replication }: Parts,
  name: string,
  named: readonly PublicTopic['topic'][],
  more?: readonly string[],
): Promise<Given & { readonly password: string | undefined }> => {
  assertName(name)
  const granted = await grantedTopics(admin)
  const hasPassword = (await users.names()).includes(name)
  const records = await readRecords(log, transactions, replication)
  const record = records.get(name)
  if (!record && (hasPassword || granted.has(name)))
    throw new IntegratorError(
      'integrator.user_exists',
      `Kafka has a user ${name} already, or rights for one, and whiply did not make them. Choose another name.`,
    )
  assertStays(record, name)
  const channels = channelsAfter(name, record, more)
  if (channels) assertWithinBounds(records, name, channels)
  const topics = channels ? named.map((topic) => topicFor(topic, name)) : named
  const now = Date.now()
  const since = (topic: string) => (granted.get(name)?.includes(topic) ? record?.reads[topic] : undefined) ?? now
  const reads = { ...record?.reads, ...Object.fromEntries(topics.map((topic) => [topic, since(topic)])) }
  // First of all, so that whatever comes to nothing behind it is known to be an integrator's.
  const passwordSince = hasPassword ? record?.passwordSince : now
  const offset = await recordAdded(log, name, { reads, ...(channels && { channels }), passwordSince })
  const given = { topics, channels, revision: offset + 1 }
  await grantTopics(admin, name, topics)
  if (hasPassword) return { ...given, password: undefined }
  const password = newPassword()
  await users.setPassword(name, password)
  return { ...given, password }
}

export const setChannels = async (
  { log, transactions, replication }: Parts,
  name: string,
  channels: readonly string[],
): Promise<Given> => {
  const records = await readRecords(log, transactions, replication)
  const record = known(records, name)
  assertStays(record, name)
  if (!record.channels) throw wholeTopics(name)
  const distinct = [...new Set(channels)]
  assertWithinBounds(records, name, distinct)
  const offset = await recordAdded(log, name, { ...record, channels: distinct })
  return { topics: Object.keys(record.reads), channels: distinct, revision: offset + 1 }
}
