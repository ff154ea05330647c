/** People by account id, each with the name to be shown. */
export type Names = ReadonlyMap<string, string>

/** Who is in a channel: connections of all kinds, and by name those with an account. */
export type Present = { readonly count: number; readonly names: Names }

/** What one edge says of its own connections in one channel; without names where there are too many. */
export type Report = { readonly count: number; readonly names: Names }

/** Of more people than this in one channel nobody is named. */
export const NAMED = 250

/** A lease runs out so long after the last word of an edge arrived. */
export const LEASE_MS = 15_000

type Here = { watchers: number; readonly accounts: Map<string, { name: string; connections: number }> }
type Edge = { until: number; readonly channels: Map<string, Report> }

/**
 * Who is where, at this edge and by what others say of theirs. Soft state: an edge that falls silent counts for nothing
 * once its lease is over. What is remembered is bounded by the connections there are and by `NAMED`.
 */
export type PresenceTable = {
  readonly entered: (channel: string, person: { readonly id: string; readonly name: string } | undefined) => void
  readonly left: (channel: string, id: string | undefined) => void
  /** What another edge says; `all` replaces whatever it said before. */
  readonly heard: (edge: string, reports: ReadonlyMap<string, Report>, all: boolean, now: number) => void
  /** Another edge says goodbye. */
  readonly gone: (edge: string) => void
  /** Forgets edges whose lease is over. */
  readonly expire: (now: number) => void
  readonly knows: (edge: string) => boolean
  readonly of: (channel: string) => Present
  /** Of this edge alone. */
  readonly here: (channel: string) => Report
  readonly channelsHere: () => Iterable<string>
  /** Channels whose connections at this edge have changed since the last call. */
  readonly takeChangedHere: () => ReadonlySet<string>
  /** Channels that have changed at any edge since the last call. */
  readonly takeChanged: () => ReadonlySet<string>
}

const nobody: Names = new Map()

export const createPresenceTable = (): PresenceTable => {
  const local = new Map<string, Here>()
  const edges = new Map<string, Edge>()
  let changedHere = new Set<string>()
  let changed = new Set<string>()

  const touchHere = (channel: string): void => {
    changedHere.add(channel)
    changed.add(channel)
  }

  const here = (channel: string): Report => {
    const found = local.get(channel)
    if (!found) return { count: 0, names: nobody }
    let count = found.watchers
    for (const { connections } of found.accounts.values()) count += connections
    const names =
      found.accounts.size > NAMED ? nobody : new Map([...found.accounts].map(([id, { name }]) => [id, name]))
    return { count, names }
  }

  const forget = (edge: string): void => {
    for (const channel of edges.get(edge)?.channels.keys() ?? []) changed.add(channel)
    edges.delete(edge)
  }

  return {
    entered: (channel, person) => {
      const found = local.get(channel) ?? { watchers: 0, accounts: new Map() }
      local.set(channel, found)
      if (person) {
        const account = found.accounts.get(person.id)
        if (account) account.connections++
        else found.accounts.set(person.id, { name: person.name, connections: 1 })
      } else found.watchers++
      touchHere(channel)
    },
    left: (channel, id) => {
      const found = local.get(channel)
      if (!found) return
      const account = id === undefined ? undefined : found.accounts.get(id)
      if (account) {
        if (--account.connections === 0 && id !== undefined) found.accounts.delete(id)
      } else if (id === undefined) found.watchers--
      if (found.watchers === 0 && found.accounts.size === 0) local.delete(channel)
      touchHere(channel)
    },
    heard: (edge, reports, all, now) => {
      if (all) forget(edge)
      const found = edges.get(edge) ?? { until: 0, channels: new Map() }
      edges.set(edge, found)
      found.until = now + LEASE_MS
      for (const [channel, report] of reports) {
        if (report.count === 0) found.channels.delete(channel)
        else found.channels.set(channel, report)
        changed.add(channel)
      }
    },
    gone: forget,
    expire: (now) => {
      for (const [edge, { until }] of edges) if (until <= now) forget(edge)
    },
    knows: (edge) => edges.has(edge),
    here,
    of: (channel) => {
      const own = here(channel)
      let count = own.count
      let names: Map<string, string> | undefined
      for (const { channels } of edges.values()) {
        const report = channels.get(channel)
        if (!report) continue
        count += report.count
        names ??= new Map(own.names)
        for (const [id, name] of report.names) names.set(id, name)
      }
      const all = names ?? own.names
      return { count, names: count > NAMED ? nobody : all }
    },
    channelsHere: () => local.keys(),
    takeChangedHere: () => {
      const taken = changedHere
      changedHere = new Set()
      return taken
    },
    takeChanged: () => {
      const taken = changed
      changed = new Set()
      return taken
    },
  }
}
