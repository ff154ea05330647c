import type { Bounds, Instant, Offset } from '../../log.ts'
import type { Hindrances } from './hindrances.ts'
import type { Host } from './host.ts'
import type { FamilyLinks, OwnerTimings } from './options.ts'

/** Sees to it that the owner claims when it may: assigned, and read to the end of the journal (I5). */
export type Claimer = {
  readonly look: () => void
  /** Somebody else has claimed: two that are both sure must not take turns at it, so it waits for a random while. */
  readonly standBack: () => void
  /** Assigned anew: no need to wait. */
  readonly hurry: () => void
}

/** How long commands that should be there are waited for before the log is asked again. */
const truncatedPauseMs = 5_000

export const openClaimer = <State, Command>(
  host: Host<State, Command>,
  links: FamilyLinks,
  partition: number,
  hindrances: Hindrances,
  { pauseMs }: Pick<OwnerTimings, 'pauseMs'>,
  now: () => Instant,
): Claimer => {
  let asking = false
  let goal: Offset = 0
  let notBefore: Instant = 0

  const claim = (commands: Bounds): void => {
    const { resume } = host.state().read
    if (commands.end < resume) {
      notBefore = now() + truncatedPauseMs
      hindrances.set('journal.commands_truncated')
      return
    }
    const agedOut = commands.start > resume ? { from: resume, to: commands.start } : undefined
    host.give({ type: 'claim', commandsEnd: commands.end, ...(agedOut && { agedOut }) })
  }

  const ask = async (): Promise<void> => {
    asking = true
    try {
      const { commands, journal } = await links.bounds(partition)
      goal = journal.end
      if (host.state().read.next >= goal) claim(commands)
    } catch {
      // The log is away: the next tick asks again.
    } finally {
      asking = false
    }
  }

  return {
    look: () => {
      const { assigned, phase, read } = host.state()
      if (assigned && phase.name === 'following' && !asking && read.next >= goal && now() >= notBefore) void ask()
    },
    standBack: () => {
      notBefore = now() + pauseMs * (1 + Math.random())
    },
    hurry: () => {
      notBefore = 0
    },
  }
}
