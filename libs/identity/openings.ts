import { codecs } from '#libs/contracts/codecs.ts'
import { type EncodedEvent, type OutcomeRecord, positionToken } from '#libs/journal/outcome.ts'
import type { Opening } from './http/edge.ts'

/** What became of claimed handles, as the journals tell it, for those who wait for an account or a channel to open. */
export type Openings = {
  /**
   * Resolves with what the journal says, or undefined once nobody asks any more. What it said lately it says at once. Of
   * a change of handle that is said by `<account or channel id> <the handle's key>`, to those who ask already.
   */
  readonly wait: (holderId: string, signal: AbortSignal) => Promise<Opening | undefined>
  readonly observe: (outcomes: readonly OutcomeRecord[]) => void
  readonly waiting: () => number
}

/** Remembers the last `capacity` openings; a registration that is sent again finds its own among them. */
export const createOpenings = (capacity = 10_000): Openings => {
  const waiters = new Map<string, Set<(opening: Opening) => void>>()
  const recent = new Map<string, Opening>()

  const tell = (holderId: string, opening: Opening): void => {
    // A handle may be taken, and given back, more than once: of those nothing is remembered.
    if (!holderId.includes(' ')) {
      recent.delete(holderId)
      recent.set(holderId, opening)
      const [oldest] = recent.keys()
      if (recent.size > capacity && oldest !== undefined) recent.delete(oldest)
    }
    for (const resolve of waiters.get(holderId) ?? []) resolve(opening)
    waiters.delete(holderId)
  }

  return {
    wait: (holderId, signal) => {
      const known = recent.get(holderId)
      if (known || signal.aborted) return Promise.resolve(known)
      const { promise, resolve } = Promise.withResolvers<Opening | undefined>()
      const set = waiters.get(holderId) ?? new Set()
      waiters.set(holderId, set.add(resolve))
      const leave = (): void => {
        set.delete(resolve)
        if (set.size === 0 && waiters.get(holderId) === set) waiters.delete(holderId)
        resolve(undefined)
      }
      signal.addEventListener('abort', leave, { once: true })
      return promise.finally(() => signal.removeEventListener('abort', leave))
    },
    observe: (outcomes) => {
      for (const outcome of outcomes) {
        const opening = openingIn(outcome)
        for (const holderId of opening?.holderIds ?? [])
          tell(holderId, { kind: opening?.kind ?? 'opened', position: positionToken(outcome) })
      }
    },
    waiting: () => waiters.size,
  }
}

/** By the outcome's own command and key; only of a release the event has to be decoded. */
const openingIn = ({ outcome, commandType, key }: OutcomeRecord) => {
  if (outcome.kind !== 'accepted') return undefined
  switch (commandType) {
    case 'OpenAccount':
    case 'CreateChannel':
      return { kind: 'opened', holderIds: [key] } as const
    case 'ChangeHandle':
      return changeIn(outcome.events)
    case 'RenameChannel':
      return renameIn(key, outcome.events)
    case 'ReleaseHandle':
      return releaseIn(key, outcome.events)
    default:
      return undefined
  }
}

/** Of a change both are told: the account, and which handle. */
const changeIn = (events: readonly EncodedEvent[]) => {
  for (const encoded of events) {
    if (encoded.type !== 'HandleChanged') continue
    const event = codecs.account.decodeEvent(encoded)
    if (event.type === 'HandleChanged')
      return { kind: 'opened', holderIds: [`${event.accountId} ${event.handleKey}`] } as const
  }
  return undefined
}

/** Of a slug too. */
const renameIn = (channelId: string, events: readonly EncodedEvent[]) => {
  for (const encoded of events) {
    if (encoded.type !== 'ChannelRenamed') continue
    const event = codecs.channel.decodeEvent(encoded)
    if (event.type === 'ChannelRenamed')
      return { kind: 'opened', holderIds: [`${channelId} ${event.slugKey}`] } as const
  }
  return undefined
}

const releaseIn = (handleKey: string, events: readonly EncodedEvent[]) => {
  for (const encoded of events) {
    if (encoded.type !== 'HandleReleased') continue
    const event = codecs.account.decodeEvent(encoded)
    if (event.type === 'HandleReleased')
      return { kind: 'released', holderIds: [event.holderId, `${event.holderId} ${handleKey}`] } as const
  }
  return undefined
}
