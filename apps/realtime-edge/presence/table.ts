import { changedStatus, jointStatus, type Status, type StatusChange, type Statuses, sameStatus } from './status.ts'

/** People by account id, each with the name to be shown. */
export type Names = ReadonlyMap<string, string>

/** Who is in a channel: connections of all kinds, and by name those with an account. */
export type Present = { readonly count: number; readonly names: Names; readonly statuses?: Statuses }

/** What one edge says of its own connections in one channel; without names where there are too many. */
export type Report = { readonly count: number; readonly names: Names; readonly statuses?: Statuses }

/** Of more people than this in one channel nobody is named. */
export const NAMED = 250

/** A lease runs out so long after the last word of an edge arrived. */
export const LEASE_MS = 15_000

type Here = { count: number; watchers: number; readonly accounts: Map<string, { name: string; connections: number }> }
type Edge = { until: number; readonly channels: Map<string, Report> }

/**
 * Who is where, at this edge and by what others say of theirs. Soft state: an edge that falls silent counts for nothing
 * once its lease is over. What is remembered is bounded by the connections there are and by `NAMED`.
 */
export type PresenceTable = {
  readonly entered: (channel: string, person: { readonly id: string; readonly name: string } | undefined) => void
  readonly left: (channel: string, id: string | undefined) => void
  /** Somebody says something else of themselves, until they have left every channel here. False where they are in none. */
  readonly says: (id: string, change: StatusChange) => boolean
  /** Nobody is named in this channel, by its own choice. */
  readonly isHidden: (channel: string) => boolean
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

/** Of these people those who say something of themselves. */
const statusesOf = (names: Names, said: ReadonlyMap<string, Status>): { readonly statuses?: Statuses } => {
  if (said.size === 0) return {}
  const found = [...names.keys()].flatMap((id) => {
    const status = said.get(id)
    return status ? [[id, status] as const] : []
  })
  return found.length === 0 ? {} : { statuses: new Map(found) }
}

/** Who is at several edges is named once, and says what they say at all of them. */
const merged = (reports: readonly Report[]): Omit<Present, 'count'> => {
  const names = new Map<string, string>()
  const statuses = new Map<string, Status>()
  for (const report of reports)
    for (const [id, name] of report.names) {
      const status = names.has(id) ? jointStatus(statuses.get(id), report.statuses?.get(id)) : report.statuses?.get(id)
      names.set(id, name)
      if (status) statuses.set(id, status)
      else statuses.delete(id)
    }
  return { names, ...(statuses.size > 0 && { statuses }) }
}

export const createPresenceTable = (isHidden: (channel: string) => boolean = () => false): PresenceTable => {
  const said = new Map<string, Status>()
  /** Where each account is. */
  const channelsOf = new Map<string, Set<string>>()
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
    const names =
      found.accounts.size > NAMED ? nobody : new Map([...found.accounts].map(([id, { name }]) => [id, name]))
    return { count: found.count, names, ...statusesOf(names, said) }
  }

  /** What somebody says goes with them. */
  const leaveLast = (id: string, channel: string): void => {
    const channels = channelsOf.get(id)
    channels?.delete(channel)
    if (channels?.size !== 0) return
    channelsOf.delete(id)
    said.delete(id)
  }

  const forget = (edge: string): void => {
    for (const channel of edges.get(edge)?.channels.keys() ?? []) changed.add(channel)
    edges.delete(edge)
  }

  return {
    entered: (channel, person) => {
      const found = local.get(channel) ?? { count: 0, watchers: 0, accounts: new Map() }
      local.set(channel, found)
      found.count++
      if (person) {
        const account = found.accounts.get(person.id)
        if (account) account.connections++
        else {
          found.accounts.set(person.id, { name: person.name, connections: 1 })
          channelsOf.set(person.id, (channelsOf.get(person.id) ?? new Set<string>()).add(channel))
        }
      } else found.watchers++
      touchHere(channel)
    },
    left: (channel, id) => {
      const found = local.get(channel)
      if (!found) return
      const account = id === undefined ? undefined : found.accounts.get(id)
      if (account) {
        found.count--
        if (--account.connections === 0 && id !== undefined) {
          found.accounts.delete(id)
          leaveLast(id, channel)
        }
      } else if (id === undefined) {
        found.count--
        found.watchers--
      }
      if (found.watchers === 0 && found.accounts.size === 0) local.delete(channel)
      touchHere(channel)
    },
    says: (id, change) => {
      const channels = channelsOf.get(id)
      if (!channels) return false
      const [before, status] = [said.get(id), changedStatus(said.get(id), change)]
      if (sameStatus(before, status)) return true
      if (status) said.set(id, status)
      else said.delete(id)
      for (const channel of channels) touchHere(channel)
      return true
    },
    isHidden,
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
      const reports = [here(channel), ...[...edges.values()].flatMap(({ channels }) => channels.get(channel) ?? [])]
      const count = reports.reduce((sum, report) => sum + report.count, 0)
      if (count > NAMED || isHidden(channel)) return { count, names: nobody }
      const [own] = reports
      return own && reports.length === 1 ? own : { count, ...merged(reports) }
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
