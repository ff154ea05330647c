import type { CommandRange } from '../../envelope.ts'
import type { Offset } from '../../log.ts'
import { clockAheadMs } from './clock.ts'
import type { Hindrances } from './hindrances.ts'
import type { Host } from './host.ts'
import type { FamilyLinks } from './options.ts'

/** How much older by its record a command that came after a decision may seem, by which the owner's clock was ahead. */
const clocksMs = 2 * clockAheadMs

/**
 * Where to go on in a command topic that has lost commands which were decided, so that others may stand, or come to
 * stand, at their offsets: at the first command that may have come since the last decision. Those of a few seconds before
 * it are decided again with them, and answered as repeated (I7).
 * @throws LogError
 */
export const passOverLost = async <State, Command>(
  host: Host<State, Command>,
  links: Pick<FamilyLinks, 'commandsSince'>,
  partition: number,
  hindrances: Hindrances,
  resume: Offset,
): Promise<CommandRange> => {
  hindrances.set('journal.commands_truncated')
  return { from: resume, to: await links.commandsSince(partition, host.state().read.at - clocksMs) }
}

/** How long a log is left in peace that could not say what it has lost. */
const pauseMs = 1_000

/** Finds out for an owner that decides, whose next command would be the one at `resume`, where to go on. */
export const lostCommands =
  <State, Command>(
    host: Host<State, Command>,
    links: Pick<FamilyLinks, 'bounds' | 'commandsSince' | 'stopCommands'>,
    partition: number,
    hindrances: Hindrances,
    onGone: (range: CommandRange, commandsEnd: Offset) => void,
  ): ((resume: Offset) => void) =>
  (resume) => {
    links.stopCommands(partition)
    const owning = (): boolean => host.state().phase.name === 'owning'
    const find = async (): Promise<void> => {
      if (!owning()) return
      try {
        const { commands } = await links.bounds(partition)
        const range = await passOverLost(host, links, partition, hindrances, resume)
        if (owning()) onGone(range, commands.end)
      } catch {
        setTimeout(find, pauseMs).unref()
      }
    }
    void find()
  }
