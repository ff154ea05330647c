import type { Offset } from '../log.ts'

/** A partition, and the offset from which it is fetched. */
export type FetchFrom = { readonly topic: string; readonly partition: number; readonly offset: Offset }

/** What of a session stands in a request: the partitions that are new or moved, and those that are no longer wanted. */
export type SessionRequest = {
  readonly sessionId: number
  readonly sessionEpoch: number
  readonly wanted: readonly FetchFrom[]
  readonly forgotten: readonly Omit<FetchFrom, 'offset'>[]
}

/**
 * An incremental fetch session with one broker (KIP-227): the broker remembers what is fetched, so that a request names
 * only what has changed, and the answer only what is new. Made for one request under way at a time.
 */
export type FetchSession = {
  readonly next: (from: readonly FetchFrom[]) => SessionRequest
  /** The answer to the last request came, with the session's id: 0 where the broker has no room to remember. */
  readonly answered: (sessionId: number) => void
  /** The broker does not know the session any more: the next request begins another. */
  readonly forget: () => void
}

const NONE = 0
/** The first request of a session, which names everything. */
const BEGIN = 0
const lastEpoch = 2 ** 31 - 1

export const fetchSession = (): FetchSession => {
  let sessionId = NONE
  let sessionEpoch = BEGIN
  let known = new Map<string, FetchFrom>()

  const forget = (): void => {
    sessionId = NONE
    sessionEpoch = BEGIN
    known = new Map()
  }

  return {
    next: (from) => {
      const before = known
      known = new Map(from.map((each) => [`${each.topic}/${each.partition}`, each]))
      return {
        sessionId,
        sessionEpoch,
        wanted: [...known].filter(([key, { offset }]) => before.get(key)?.offset !== offset).map(([, each]) => each),
        forgotten: [...before].filter(([key]) => !known.has(key)).map(([, each]) => each),
      }
    },
    answered: (id) => {
      if (id === NONE) return forget()
      sessionId = id
      sessionEpoch = sessionEpoch === lastEpoch ? 1 : sessionEpoch + 1
    },
    forget,
  }
}
