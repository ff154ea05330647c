import type { Offset } from '../../log.ts'
import { awaitedOf } from '../machine.ts'
import type { Host } from './host.ts'
import type { FamilyLinks, OwnerTimings } from './options.ts'

/** Ticks for which a record that was acknowledged may stay unread before the log is asked whether it is there at all. */
const patienceTicks = 4

/**
 * Looks after records that were acknowledged and are not read back: a log that was set back behind its acknowledgement
 * would let its owner wait for ever.
 */
export const watchForLost = <State, Command>(
  host: Host<State, Command>,
  links: Pick<FamilyLinks, 'bounds'>,
  partition: number,
  { tickMs }: Pick<OwnerTimings, 'tickMs'>,
): { readonly look: () => void } => {
  let awaited: Offset | undefined
  let since = 0
  let asking = false

  const ask = async (): Promise<void> => {
    asking = true
    const before = awaited
    try {
      const { journal } = await links.bounds(partition)
      if (awaitedOf(host.state().phase) === before) host.give({ type: 'end', end: journal.end })
    } catch {
      // The log is away: it is asked again.
    } finally {
      asking = false
      since = performance.now()
    }
  }

  return {
    look: () => {
      const now = awaitedOf(host.state().phase)
      if (now !== awaited) {
        awaited = now
        since = performance.now()
      } else if (now !== undefined && !asking && performance.now() - since > patienceTicks * tickMs) void ask()
    },
  }
}
