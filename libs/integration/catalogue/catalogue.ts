import { topicFor } from '../public-topic.ts'
import { type PublicField, type PublicRecord, publicSchemas } from '../schemas.ts'
import { publicTopics } from '../topics.ts'

/** A field of an event as the catalogue tells of it. */
export type FieldEntry = {
  readonly name: string
  /** In words. */
  readonly type: string
  /** As its Avro schema has it. */
  readonly avro: unknown
  readonly doc: string
  readonly example: unknown
  readonly since: string
}

export type TypeEntry = {
  readonly type: string
  /** In the schema registry, and `type` of the CloudEvent. */
  readonly subject: string
  readonly doc: string
  readonly since: string
  /** How many versions of its schema there are; the newest is described. */
  readonly version: number
  readonly fields: readonly FieldEntry[]
  /** A whole event, as a stream has it in `data`. */
  readonly example: Readonly<Record<string, unknown>>
}

export type TopicEntry = {
  readonly name: string
  readonly topic: string
  readonly doc: string
  readonly key: string
  readonly retentionDays: number
  readonly compatibility: 'FULL_TRANSITIVE'
  readonly since: string
  /** What an integrator of some channels reads in its place, with its name for `NAME`. */
  readonly ofSomeChannels: string
  /** Where it can be read over HTTP. */
  readonly stream: string
  readonly types: readonly TypeEntry[]
}

/** Every public topic: made of the very schemas with which the relay encodes. */
export type Catalogue = { readonly topics: readonly TopicEntry[] }

type Logical = {
  readonly type?: unknown
  readonly logicalType?: unknown
  readonly symbols?: readonly string[]
  readonly items?: unknown
}

/** An Avro type in words. */
export const typeInWords = (type: unknown): string => {
  if (typeof type === 'string') return type
  if (Array.isArray(type)) return type.map(typeInWords).toSorted(nullLast).join(' or ')
  const { type: base, logicalType, symbols, items } = type as Logical
  if (base === 'array') return `list of ${typeInWords(items)}`
  if (logicalType === 'timestamp-millis') return 'time, in milliseconds since 1970'
  if (symbols) return `${typeInWords(base)}: ${symbols.join(', ')}`
  return typeInWords(base)
}

const nullLast = (a: string, b: string): number => Number(a === 'null') - Number(b === 'null')

const fieldEntry = ({ name, type, doc, example, since }: PublicField): FieldEntry => ({
  name,
  type: typeInWords(type),
  avro: type,
  doc,
  example,
  since,
})

const typeEntry = (subject: string, versions: readonly [...PublicRecord[], PublicRecord]): TypeEntry => {
  const newest = versions.at(-1) as PublicRecord
  return {
    type: newest.name,
    subject,
    doc: newest.doc,
    since: newest.since,
    version: versions.length,
    fields: newest.fields.map(fieldEntry),
    example: Object.fromEntries(newest.fields.map(({ name, example }) => [name, example])),
  }
}

/** Releases in the order of their numbers (Semantic Versioning, section 11, without pre-releases). */
export const byRelease = (a: string, b: string): number => {
  const [left = [], right = []] = [a, b].map((release) => release.split('.').map(Number))
  return left.map((part, index) => part - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0
}

export const makeCatalogue = ({ retentionDays }: { readonly retentionDays: number }): Catalogue => {
  const schemas = Map.groupBy(publicSchemas(), ({ topic }) => topic)
  return {
    topics: publicTopics.map(({ name, topic, doc }) => {
      const types = (schemas.get(topic) ?? []).map(({ subject, versions }) =>
        typeEntry(subject, versions as [PublicRecord]),
      )
      return {
        name,
        topic,
        doc,
        key: 'The id of the channel, as text: what happened in one channel is in one partition, in its order.',
        retentionDays,
        compatibility: 'FULL_TRANSITIVE',
        since: types.map(({ since }) => since).toSorted(byRelease)[0] ?? '',
        ofSomeChannels: topicFor(topic, 'NAME'),
        stream: `/v1/streams/${topic.replace('whiply.public.', '')}`,
        types,
      }
    }),
  }
}
