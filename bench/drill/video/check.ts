import type { BroadcastEvent } from '#libs/broadcast/events.ts'

/** What lies in the object store of a recording. */
export type Stored = { readonly segments: number; readonly bytes: number; readonly durationMs: number }

/** How far a broadcast has come, by what the journal has said of it so far. */
type Told = {
  state: 'live' | 'interrupted' | 'ended'
  hasRecording: boolean
  isFinished: boolean
  sealed: Stored | undefined
  readonly takes: Map<string, Stored>
}

type OfBroadcast = Extract<BroadcastEvent, { readonly broadcastId: string }>

const isOfBroadcast = (event: BroadcastEvent): event is OfBroadcast =>
  'broadcastId' in event && typeof event.broadcastId === 'string'

/** From where events of an encoder's session lead, and to where. */
const steps: Readonly<Record<string, readonly [from: readonly Told['state'][], to: Told['state']]>> = {
  BroadcastInterrupted: [['live'], 'interrupted'],
  BroadcastResumed: [['interrupted'], 'live'],
  BroadcastEnded: [['live', 'interrupted'], 'ended'],
  LeaseRenewed: [['live'], 'live'],
}

/** Takes in what is told of a session. @returns what is wrong with it */
const followSession = (told: Told, { type }: OfBroadcast): string | undefined => {
  const step = steps[type]
  if (!step) return undefined
  const wrong = step[0].includes(told.state) ? undefined : `it was ${told.state}`
  told.state = step[1]
  return wrong
}

/** Takes in what is told of a recording. @returns what is wrong with it */
const followRecording = (told: Told, event: OfBroadcast): string | undefined => {
  switch (event.type) {
    case 'RecordingStarted':
      told.hasRecording = true
      return undefined
    case 'RecordingReported': {
      const before = told.takes.get(event.take)
      told.takes.set(event.take, event)
      if (told.isFinished) return 'it was finished'
      return before && (event.segments < before.segments || event.bytes < before.bytes) ? 'less than before' : undefined
    }
    case 'RecordingFinished': {
      const wrong = told.isFinished ? 'it was finished before' : undefined
      told.isFinished = true
      return wrong
    }
    case 'RecordingSealed': {
      const wrong = !told.isFinished || told.sealed ? 'it was not finished, or sealed before' : undefined
      told.sealed = event
      return wrong
    }
    default:
      return undefined
  }
}

const differs = (one: Stored, other: Stored): boolean =>
  one.segments !== other.segments || one.bytes !== other.bytes || one.durationMs !== other.durationMs

const untrueOf = ({ sealed, hasRecording }: Told, found: Stored | undefined): string | undefined => {
  if (found && !hasRecording) return 'stored, and never said to be recorded'
  if (found && (!sealed || differs(found, sealed))) return 'what is stored is not what was sealed'
  return sealed && sealed.segments > 0 && !found ? 'sealed, and not there' : undefined
}

/**
 * Where the journal of a channel's broadcasts contradicts itself, or what lies in the object store: in words, none where
 * it is true. The events are all of that channel's, in their order.
 */
export const untrueIn = (events: readonly BroadcastEvent[], stored: ReadonlyMap<string, Stored>): readonly string[] => {
  const broadcasts = new Map<string, Told>()

  const begin = (broadcastId: string): readonly string[] => {
    const open = [...broadcasts].find(([, { state }]) => state !== 'ended')
    const wrong = [
      ...(broadcasts.has(broadcastId) ? ['it has begun before'] : []),
      ...(open ? [`${open[0]} has not ended`] : []),
    ]
    const nothing = { hasRecording: false, isFinished: false, sealed: undefined, takes: new Map() }
    broadcasts.set(broadcastId, { state: 'live', ...nothing })
    return wrong
  }

  const follow = (event: OfBroadcast): readonly string[] => {
    if (event.type === 'BroadcastStarted') return begin(event.broadcastId)
    const told = broadcasts.get(event.broadcastId)
    if (!told) return ['it has not begun']
    return [followSession(told, event), followRecording(told, event)].filter((wrong) => wrong !== undefined)
  }

  const contradictions = events
    .filter(isOfBroadcast)
    .flatMap((event) => follow(event).map((wrong) => `${event.type} of ${event.broadcastId}: ${wrong}`))
  const differences = [...broadcasts].flatMap(([broadcastId, told]) => {
    const untrue = untrueOf(told, stored.get(broadcastId))
    return untrue === undefined ? [] : [`${broadcastId}: ${untrue}`]
  })
  return [...contradictions, ...differences]
}
