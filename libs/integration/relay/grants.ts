import type { Offset } from '#libs/journal/log.ts'
import type { IntegratorRecords } from '../access/records.ts'
import { type PublicTopic, topicFor } from '../public-topic.ts'
import { publicTopics } from '../topics.ts'
import type { Outgoing } from './turn.ts'

/** Which integrators are given which channels, as of a place in the topic that says so. */
export type Grants = {
  /** Behind the newest record that they are made of; 0 before any. */
  readonly revision: Offset
  /** By public topic and channel, the topics that have its events too. */
  readonly topics: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>
}

export const noGrants: Grants = { revision: 0, topics: new Map() }

/** The topics of its own that an integrator reads, with the public ones that they are made of. */
const ownTopics = (name: string, reads: Readonly<Record<string, unknown>>) =>
  publicTopics.flatMap(({ topic }): readonly { readonly topic: PublicTopic['topic']; readonly own: string }[] => {
    const own = topicFor(topic, name)
    return own in reads ? [{ topic, own }] : []
  })

export const grantsOf = (records: IntegratorRecords, revision: Offset): Grants => {
  const topics = new Map<string, Map<string, string[]>>()
  for (const [name, { reads, channels = [] }] of records)
    for (const { topic, own } of ownTopics(name, reads)) {
      const byChannel = topics.get(topic) ?? new Map<string, string[]>()
      topics.set(topic, byChannel)
      for (const channel of channels) byChannel.set(channel, [...(byChannel.get(channel) ?? []), own])
    }
  return { revision, topics }
}

/** Every topic that anything goes to. */
export const topicsOf = ({ topics }: Grants): readonly string[] => [
  ...new Set([...topics.values()].flatMap((byChannel) => [...byChannel.values()].flat())),
]

/** What is published, and behind each record the same for those who are given its channel. */
export const withGrants = ({ topics }: Grants, outgoing: readonly Outgoing[]): readonly Outgoing[] => {
  if (topics.size === 0) return outgoing
  return outgoing.flatMap((each) => {
    const own = topics.get(each.topic)?.get(each.record.key?.toString() ?? '') ?? []
    return [each, ...own.map((topic) => ({ topic, record: each.record }))]
  })
}
