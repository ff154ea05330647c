import type { Decider } from '#libs/journal/decider.ts'
import type { BroadcastCommand } from './commands.ts'
import { decide } from './decide.ts'
import type { BroadcastDraft, BroadcastEvent } from './events.ts'
import { type Broadcasts, evolve, initial } from './state.ts'

/** The rules of the family `broadcast`: stream keys and live broadcasts of one channel. */
export const broadcastDecider: Decider<Broadcasts, BroadcastCommand, BroadcastEvent, BroadcastDraft> = {
  family: 'broadcast',
  stateVersion: 1,
  initial,
  decide,
  evolve,
  due: ({ open }) => (open ? { name: open.isInterrupted ? 'grace' : 'lease', at: open.until } : undefined),
  dueCommand: (_name, dueAt) => ({ type: 'EndDue', dueAt }),
  encodeState: (state) => state,
  decodeState: (value) => value as Broadcasts,
  subjects: () => [],
}
