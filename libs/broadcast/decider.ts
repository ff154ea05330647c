import type { Decider } from '#libs/journal/decider.ts'
import type { BroadcastCommand } from './commands.ts'
import { decide } from './decide.ts'
import type { BroadcastDraft, BroadcastEvent } from './events.ts'
import { libraryDue } from './recordings/library.ts'
import { type Broadcasts, evolve, initial } from './state.ts'

/** Commands whose events hold texts of who sent them. */
const personal: ReadonlySet<BroadcastCommand['type']> = new Set([
  'IssueStreamKey',
  'ChangeBroadcastInfo',
  'ChangeVod',
  'MakeClip',
])

/** The rules of the family `broadcast`: stream keys and live broadcasts of one channel. */
export const broadcastDecider: Decider<Broadcasts, BroadcastCommand, BroadcastEvent, BroadcastDraft> = {
  family: 'broadcast',
  stateVersion: 5,
  initial,
  decide,
  evolve,
  due: ({ open, library }) => {
    const at = libraryDue(library)
    if (open && (at === undefined || open.until <= at))
      return { name: open.isInterrupted ? 'grace' : 'lease', at: open.until }
    return at === undefined ? undefined : { name: 'library', at }
  },
  dueCommand: (_name, dueAt) => ({ type: 'EndDue', dueAt }),
  encodeState: (state) => state,
  decodeState: (value) => value as Broadcasts,
  subjects: (command, principal) => {
    if (command.type === 'AdmitEncoder') return [command.ownerId]
    return personal.has(command.type) ? [principal] : []
  },
}
