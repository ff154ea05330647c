import type { Codecs } from '#libs/contracts/codecs.ts'
import { eventId, type OutcomeRecord } from '#libs/journal/outcome.ts'

/** An event, sealed as the journal holds it, in the record that it came in. */
export type Happened<Event> = { readonly record: OutcomeRecord; readonly eventId: string; readonly event: Event }

/**
 * The events of accepted outcomes, in order; of other types than these nothing is decoded.
 * @throws UnknownContract, MalformedContract
 */
export const eventsIn = <
  Event extends { readonly type: string },
  Command extends { readonly type: string },
  const Type extends Event['type'],
>(
  codecs: Codecs<Event, Command>,
  outcomes: readonly OutcomeRecord[],
  types: readonly Type[],
): readonly Happened<Extract<Event, { readonly type: Type }>>[] => {
  const wanted = new Set<string>(types)
  const happened: Happened<Extract<Event, { readonly type: Type }>>[] = []
  for (const record of outcomes) {
    if (record.outcome.kind !== 'accepted') continue
    for (const [index, encoded] of record.outcome.events.entries())
      if (wanted.has(encoded.type)) {
        const event = codecs.decodeEvent(encoded) as Extract<Event, { readonly type: Type }>
        happened.push({ record, eventId: eventId(record.commandId, index), event })
      }
  }
  return happened
}

/** For `Projection.concerns`: whether an accepted outcome has an event of these types. */
export const hasEvent = (...types: readonly (readonly string[])[]): ((outcome: OutcomeRecord) => boolean) => {
  const wanted = new Set(types.flat())
  return ({ outcome }) => outcome.kind === 'accepted' && outcome.events.some(({ type }) => wanted.has(type))
}

/** Text as Postgres can hold it: without U+0000, which it has no place for; null where there is none to read. */
export const storable = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text
