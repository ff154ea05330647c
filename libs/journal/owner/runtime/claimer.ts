import type { Bounds, Offset } from '../../log.ts'
import type { Hindrances } from './hindrances.ts'
import type { Host } from './host.ts'
import { passOverLost } from './lost-commands.ts'
import type { FamilyLinks, OwnerTimings } from './options.ts'

/** Sees to it that the owner claims when it may: assigned, and read to the end of the journal (I5). */
export type Claimer = {
  readonly look: () => void
  /** Somebody else has claimed: two that are both sure must not take turns at it, so it waits for a random while. */
  readonly standBack: () => void
  /** Assigned anew: no need to wait. */
  readonly hurry: () => void
}

/** What was asked longer ago tells nothing of where the journal ends now. */
const freshMs = 1_000

/** Where both topics ended, and how far the owner had read when it asked. */
type Answer = {
  /** On the monotonic clock. */
  readonly at: number
  readonly resume: Offset
  readonly commands: Bounds
  readonly journal: Bounds
}

export const openClaimer = <State, Command>(
  host: Host<State, Command>,
  links: Pick<FamilyLinks, 'bounds' | 'commandsSince'>,
  partition: number,
  hindrances: Hindrances,
  { pauseMs }: Pick<OwnerTimings, 'pauseMs'>,
): Claimer => {
  let asking = false
  let answer: Answer | undefined
  let notBefore = 0

  const claim = ({ commands }: Answer): void => {
    const { resume } = host.state().read
    const agedOut = commands.start > resume ? { from: resume, to: commands.start } : undefined
    host.give({ type: 'claim', commandsEnd: commands.end, ...(agedOut && { agedOut }) })
  }

  const claimBehindLost = async ({ commands, resume }: Answer): Promise<void> => {
    asking = true
    try {
      const agedOut = await passOverLost(host, links, partition, hindrances, resume)
      if (host.state().read.resume === resume) host.give({ type: 'claim', commandsEnd: commands.end, agedOut })
    } catch {
      // The log is away: the next tick asks again.
    } finally {
      asking = false
    }
  }

  const ask = async (): Promise<void> => {
    asking = true
    answer = undefined
    const { resume } = host.state().read
    try {
      const bounds = await links.bounds(partition)
      answer = { at: performance.now(), resume, ...bounds }
    } catch {
      // The log is away: the next tick asks again.
    } finally {
      asking = false
    }
    if (answer) look()
  }

  /** The end moves on while it is read up to: who would stand at the very end of a busy journal might wait for ever. */
  const look = (): void => {
    const { assigned, phase, read } = host.state()
    if (!assigned || phase.name !== 'following' || asking || performance.now() < notBefore) return
    if (!answer || performance.now() - answer.at > freshMs) void ask()
    else if (read.next >= answer.journal.end) {
      const reached = answer
      answer = undefined
      // By what was decided when the log was asked: somebody else may have decided newer commands since.
      if (reached.commands.end < reached.resume) void claimBehindLost(reached)
      else claim(reached)
    }
  }

  return {
    look,
    standBack: () => {
      notBefore = performance.now() + pauseMs * (1 + Math.random())
    },
    hurry: () => {
      notBefore = 0
    },
  }
}
