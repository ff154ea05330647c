import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { Instant } from '#libs/journal/log.ts'

/** An event of a public topic before it is encoded. */
export type PublicEvent = {
  /** Name of its schema: `schemas/public/<topic>/<type>.v<version>.avsc`. */
  readonly type: string
  /** As the schema has it. */
  readonly data: Readonly<Record<string, unknown>>
}

/** Where an event of a journal stands, as mappings are told of it. */
export type Source = {
  /** Key of its aggregate. */
  readonly key: string
  readonly at: Instant
  /** Of the command that it came of, and so of a message. */
  readonly commandId: string
}

/** What a journal's event is in a public topic; undefined where it does not leave. A field that is undefined could not be opened: its person was erased. */
export type Mapping<Event extends { readonly type: string }> = {
  readonly [Type in Event['type']]?: (
    event: Opened<Extract<Event, { readonly type: Type }>>,
    source: Source,
  ) => PublicEvent | undefined
}

/**
 * A topic that others read. Only those events of the journal leave for which its mapping has an entry; all else, and
 * every type of event that is added later, stays until somebody enters it here.
 */
export type PublicTopic = {
  /** As integrators call it: `chat`. */
  readonly name: string
  /** Of the Kafka topic, and the namespace of its schemas. */
  readonly topic: `whiply.public.${string}.v${number}`
  /** One sentence for the catalogue. */
  readonly doc: string
  /** The journal that it is made of; its records have the key, the partition and the order of that journal's. */
  readonly family: 'channel'
  readonly mapping: Mapping<ChannelEvent>
}

/**
 * The topic of an integrator who is given some channels only: what `topic` holds of those, with its partitions, its
 * schemas and its retention. No name of an integrator has a dot, so that none stands for another's topic.
 */
export const topicFor = (topic: PublicTopic['topic'], name: string): string => `${topic}.for.${name}`
