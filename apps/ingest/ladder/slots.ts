/** Somebody who wants a slot. */
export type Wanting = {
  /** It is theirs from here on. */
  readonly grant: () => void
  /** They have to do without, from the beginning or since one who goes first has come. */
  readonly refuse: () => void
}

/** A bounded number of slots, for those who go first and then for those who came first. */
export type Slots = {
  /** @returns gives up what is wanted; whoever waits is next */
  readonly want: (channelId: string, wanting: Wanting) => () => void
}

type Entry = Wanting & { readonly rank: number; readonly arrival: number; state: 'new' | 'granted' | 'refused' }

/** @param first channels in the order in which they go before all others */
export const createSlots = (slots: number, first: readonly string[]): Slots => {
  const entries = new Set<Entry>()
  let arrivals = 0

  const change = (entry: Entry, state: 'granted' | 'refused'): void => {
    if (entry.state === state) return
    entry.state = state
    if (state === 'granted') entry.grant()
    else entry.refuse()
  }

  const settle = (): void => {
    const ordered = [...entries].sort((one, other) => one.rank - other.rank || one.arrival - other.arrival)
    // Those who have to give one up do so before it is another's.
    for (const entry of ordered.slice(slots)) change(entry, 'refused')
    for (const entry of ordered.slice(0, slots)) change(entry, 'granted')
  }

  return {
    want: (channelId, wanting) => {
      const place = first.indexOf(channelId)
      const rank = place === -1 ? first.length : place
      const entry: Entry = { ...wanting, rank, arrival: arrivals++, state: 'new' }
      entries.add(entry)
      settle()
      return () => {
        if (entries.delete(entry)) settle()
      }
    },
  }
}
