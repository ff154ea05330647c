import { codecs, type Encoded } from '#libs/contracts/codecs.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { Instant } from '#libs/journal/log.ts'
import { eventId, type OutcomeRecord } from '#libs/journal/outcome.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'
import { cloudEventHeaders } from '../cloud-event.ts'
import type { PublicEvent, PublicTopic, Source } from '../public-topic.ts'
import type { Outgoing, Prepared } from './turn.ts'

/** A value in the registry's wire format: a zero, the schema's id in four bytes, Avro. */
export type EncodedValue = { readonly value: Buffer; readonly dataSchema?: string | undefined }

/** @throws where the event is not what its schema says */
export type EncodeEvent = (topic: PublicTopic['topic'], event: PublicEvent) => Promise<EncodedValue>

export type PrepareOptions = {
  readonly logId: string
  readonly topics: readonly PublicTopic[]
  readonly keys: Pick<PersonalKeys, 'prefetch' | 'open'>
  readonly encode: EncodeEvent
}

/** An event that is mapped, sealed as the journal holds it. */
type Found = { readonly index: number; readonly event: ChannelEvent; readonly topics: readonly PublicTopic[] }

type Decoded = { readonly outcome: OutcomeRecord; readonly found: readonly Found[] | { readonly code: string } }

const codeOf = (error: unknown): string => {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown }
  return typeof code === 'string' ? code : String(name ?? 'Error')
}

/**
 * What outcomes come to in public topics. Rejections, repeated outcomes, events without a mapping and what is older than
 * the topics keep anything come to nothing, and are not even decoded. Texts are opened here; what belongs to somebody erased is undefined to the mapping.
 *
 * What is wrong with a record is told in its place, by code: no message, which may quote personal text.
 * @throws what the vault rejects with, when it is away
 */
export const preparer = ({ logId, topics, keys, encode }: PrepareOptions) => {
  const byType = new Map<string, readonly PublicTopic[]>()
  for (const topic of topics)
    for (const type of Object.keys(topic.mapping)) byType.set(type, [...(byType.get(type) ?? []), topic])

  const decode = (outcome: OutcomeRecord, oldest: Instant): Decoded => {
    if (outcome.outcome.kind !== 'accepted' || outcome.at < oldest) return { outcome, found: [] }
    try {
      const found = outcome.outcome.events.flatMap((encoded: Encoded, index) => {
        const wanting = byType.get(encoded.type)
        return wanting ? [{ index, event: codecs.channel.decodeEvent(encoded), topics: wanting }] : []
      })
      return { outcome, found }
    } catch (error) {
      return { outcome, found: { code: codeOf(error) } }
    }
  }

  const outgoing = async (outcome: OutcomeRecord, { index, event, topics: wanting }: Found) => {
    const id = eventId(outcome.commandId, index)
    const opened = codecs.channel.openEvent(event, id, keys.open)
    const { key, at, commandId, traceparent } = outcome
    return Promise.all(
      wanting.map(async ({ topic, mapping }): Promise<readonly Outgoing[]> => {
        const published = mapped(mapping, opened, { key, at, commandId })
        if (!published) return []
        const { value, dataSchema } = await encode(topic, published)
        const type = `${topic}.${published.type}`
        const headers = cloudEventHeaders({ id, logId, type, at, subject: key, dataSchema, traceparent })
        return [{ topic, record: { key: Buffer.from(key), value, headers, timestamp: at } }]
      }),
    )
  }

  const prepared = async ({ outcome, found }: Decoded): Promise<Prepared> => {
    if ('code' in found) return { outcome, made: found }
    if (found.length === 0) return { outcome, made: { outgoing: [] } }
    try {
      const made = await Promise.all(found.map((each) => outgoing(outcome, each)))
      return { outcome, made: { outgoing: made.flat(2) } }
    } catch (error) {
      return { outcome, made: { code: codeOf(error) } }
    }
  }

  return async (outcomes: readonly OutcomeRecord[], oldest: Instant): Promise<readonly Prepared[]> => {
    const decoded = outcomes.map((outcome) => decode(outcome, oldest))
    const subjects = new Set(
      decoded.flatMap(({ found }) =>
        'code' in found ? [] : found.flatMap(({ event }) => codecs.channel.subjectsOf(event)),
      ),
    )
    if (subjects.size > 0) await keys.prefetch(subjects)
    return Promise.all(decoded.map(prepared))
  }
}

/** The entry for an event's type takes that type alone, which the compiler cannot see from a table. */
const mapped = (
  mapping: PublicTopic['mapping'],
  event: Opened<ChannelEvent>,
  source: Source,
): PublicEvent | undefined => {
  const entry = mapping[event.type] as
    | ((event: Opened<ChannelEvent>, source: Source) => PublicEvent | undefined)
    | undefined
  if (entry === undefined) throw new TypeError(`${event.type} is not mapped`)
  return entry(event, source)
}
