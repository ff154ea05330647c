import type { Due } from './cells.ts'
import { derivedId, type ManagerSource } from './command.ts'
import { type CommandIdentity, type DedupeAnswer, type DedupeWindow, recall } from './dedupe.ts'

/** The manager in whose name owners send due commands (I16). */
export const clockName = 'clock'

/** The id of a due command: of its aggregate, its moment and that moment's name. */
export const dueId = (key: string, { name, at }: Due, partition: number): string =>
  derivedId(`${clockName}/${key}/${name}`, partition, at)

const doneBefore: DedupeAnswer = { kind: 'repeated', firstN: 0, summary: { kind: 'accepted', summary: {} } }

/**
 * Whether a due command is still wanted: it is while its moment is the one that the aggregate waits for, for what has
 * been done is no longer due. So a moment may come before one that was done already (the clocks of two owners differ),
 * or come a second time. One that nobody could decide stays given up.
 */
export const checkDue = (
  window: DedupeWindow,
  due: Due | undefined,
  key: string,
  command: CommandIdentity & { readonly manager: ManagerSource },
): DedupeAnswer => {
  const seen = recall(window, command)
  const wanted = due !== undefined && dueId(key, due, command.manager.partition) === command.id
  const givenUp = seen?.summary.kind === 'rejected' && seen.summary.code === 'command.poisoned'
  if (wanted && !givenUp) return { kind: 'new' }
  return seen ? { kind: 'repeated', firstN: seen.n, summary: seen.summary } : doneBefore
}
