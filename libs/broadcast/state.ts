import type { EvolveContext } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { BroadcastEvent, BroadcastEventOf } from './events.ts'
import { emptyLibrary, evolveLibrary, type Library } from './recordings/library.ts'

/** A broadcast that has not ended: an encoder is there, or may return. */
export type OpenBroadcast = {
  readonly broadcastId: string
  readonly sessionId: string
  readonly keyId: string
  readonly graceMs: number
  readonly isInterrupted: boolean
  /** When the lease is over; of an interrupted one the time of grace. */
  readonly until: Instant
  readonly warnings: readonly string[]
}

/** How often encoders took over from others that still published, since one ended otherwise. */
export type Takeovers = { readonly count: number; readonly lastAt: Instant }

/** What is decided by of a channel's broadcasts. */
export type Broadcasts = {
  readonly channelId: string
  /** Stream keys in the order in which they were issued. */
  readonly keys: readonly Pick<BroadcastEventOf<'StreamKeyIssued'>, 'keyId' | 'expiresAt' | 'purpose'>[]
  readonly open: OpenBroadcast | null
  readonly takeovers: Takeovers | null
  /** Until when no new one may begin. */
  readonly restUntil: Instant | null
  /** What is kept of them. */
  readonly library: Library
}

export const initial = (channelId: string): Broadcasts => ({
  channelId,
  keys: [],
  open: null,
  takeovers: null,
  restUntil: null,
  library: emptyLibrary,
})

const changed = (state: Broadcasts, change: Partial<OpenBroadcast>): Broadcasts =>
  state.open ? { ...state, open: { ...state.open, ...change } } : state

/** The state behind an event. */
export const evolve = (state: Broadcasts, event: BroadcastEvent, context: EvolveContext): Broadcasts => ({
  ...evolveLive(state, event),
  takeovers: evolveTakeovers(state, event, context),
  library: evolveLibrary(state.library, event, context),
})

/** Whoever follows one that was interrupted takes nothing away from anybody. */
const evolveTakeovers = (
  { open, takeovers }: Broadcasts,
  event: BroadcastEvent,
  { at }: EvolveContext,
): Takeovers | null => {
  const isByAnother =
    event.type === 'BroadcastResumed' || (event.type === 'BroadcastEnded' && event.reason === 'replaced')
  if (isByAnother) return open?.isInterrupted === false ? { count: (takeovers?.count ?? 0) + 1, lastAt: at } : takeovers
  return event.type === 'BroadcastEnded' ? null : takeovers
}

const evolveLive = (state: Broadcasts, event: BroadcastEvent): Broadcasts => {
  switch (event.type) {
    case 'StreamKeyIssued': {
      const { keyId, expiresAt, purpose } = event
      return { ...state, keys: [...state.keys, { keyId, expiresAt, purpose }] }
    }
    case 'StreamKeyRevoked':
      return { ...state, keys: state.keys.filter(({ keyId }) => keyId !== event.keyId) }
    case 'BroadcastStarted': {
      const { broadcastId, sessionId, keyId, graceMs, leaseUntil: until } = event
      return { ...state, open: { broadcastId, sessionId, keyId, graceMs, isInterrupted: false, until, warnings: [] } }
    }
    case 'LeaseRenewed':
      return changed(state, { until: event.leaseUntil })
    case 'BroadcastInterrupted':
      return changed(state, { isInterrupted: true, until: event.graceUntil })
    case 'BroadcastResumed':
      return changed(state, { isInterrupted: false, sessionId: event.sessionId, until: event.leaseUntil })
    case 'BroadcastEnded':
      return { ...state, open: null, restUntil: event.restUntil }
    case 'WarningAppeared':
      return changed(state, { warnings: [...(state.open?.warnings ?? []), event.warning] })
    case 'WarningCleared':
      return changed(state, { warnings: (state.open?.warnings ?? []).filter((warning) => warning !== event.warning) })
    default:
      return state
  }
}
