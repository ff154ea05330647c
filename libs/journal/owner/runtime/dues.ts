import type { Cells, Due } from '../../cells.ts'
import type { CommandEnvelope } from '../../command.ts'
import { clockName, dueId } from '../../due.ts'
import type { Instant } from '../../log.ts'
import type { FamilyRules } from '../../turn.ts'

/** How long a due command that was sent is left to be decided before it is sent again. */
const patienceMs = 10_000

/** Commands sent at once, well below the broker's limit of 1 MiB; the others come at the next look. */
const atOnce = 500

/**
 * Finds the aggregates whose moment has passed (I16). The commands carry ids made of key, name and due time, so one that
 * two owners send, or that is sent again, is decided once.
 */
export type DueCommands<State> = {
  readonly of: (cells: Cells<State>, now: Instant) => readonly (CommandEnvelope & { readonly key: string })[]
}

export const dueCommands = <State, Command extends { type: string }, Event extends { type: string }>(
  { decider, codecs }: FamilyRules<State, Command, Event>,
  partition: number,
  origin: string,
): DueCommands<State> => {
  let looked: Cells<State>['dues'] | undefined
  let earliest = Number.POSITIVE_INFINITY
  const sent = new Map<string, { readonly due: Due; readonly at: Instant }>()

  const command = (key: string, due: Due): CommandEnvelope & { readonly key: string } => {
    const { type, version, bytes } = codecs.encodeCommand(decider.dueCommand(due.name, due.at))
    return {
      key,
      id: dueId(key, due, partition),
      principal: `manager/${clockName}`,
      type,
      version,
      payload: bytes,
      facts: {},
      manager: { name: clockName, partition, n: due.at },
      origin,
    }
  }

  const underWay = (key: string, due: Due, now: Instant): boolean => {
    const before = sent.get(key)
    return before?.due.at === due.at && before.due.name === due.name && now - before.at < patienceMs
  }

  return {
    of: ({ dues }, now) => {
      // Looked at again only when something changed, or a moment has come.
      if (dues !== looked) {
        looked = dues
        earliest = dues.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY)
        for (const key of sent.keys()) if (!dues.has(key)) sent.delete(key)
      }
      if (earliest > now) return []
      const passed = [...dues].filter(([key, due]) => due.at <= now && !underWay(key, due, now)).slice(0, atOnce)
      for (const [key, due] of passed) sent.set(key, { due, at: now })
      return passed.map(([key, due]) => command(key, due))
    },
  }
}
