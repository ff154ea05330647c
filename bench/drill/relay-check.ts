/** An event of a public topic: as the journal says that it should be there, or as it is there. */
export type PublicSeen = { readonly topic: string; readonly channel: string; readonly id: string }

export type RelayVerdict = { readonly missing: number; readonly duplicated: number; readonly outOfOrder: number }

const placeOf = ({ topic, channel }: PublicSeen): string => `${topic} ${channel}`

/**
 * Holds what is published against what the journal has, both in the order in which they were read.
 *
 * missing: an event of the journal that its topic does not have. duplicated: one that is there twice, or that the journal
 * does not have. outOfOrder: one that comes, in its channel and topic, before another that the journal has before it.
 */
export const checkRelay = (journal: readonly PublicSeen[], published: readonly PublicSeen[]): RelayVerdict => {
  const place = new Map(journal.map((event, index) => [`${event.topic} ${event.id}`, { event, index }]))
  const latest = new Map<string, number>()
  const seen = new Set<string>()
  let duplicated = 0
  let outOfOrder = 0
  for (const event of published) {
    const name = `${event.topic} ${event.id}`
    const known = place.get(name)
    if (known === undefined || seen.has(name) || known.event.channel !== event.channel) {
      duplicated++
      continue
    }
    seen.add(name)
    const before = latest.get(placeOf(event)) ?? -1
    if (known.index < before) outOfOrder++
    latest.set(placeOf(event), Math.max(before, known.index))
  }
  return { missing: place.size - seen.size, duplicated, outOfOrder }
}
