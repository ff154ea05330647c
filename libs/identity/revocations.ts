import { codecs } from '#libs/contracts/codecs.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import type { IdentityErrorCode } from './errors.ts'

/** Sessions that were ended and accounts that were erased while tokens of theirs may still hold. */
export type Revocations = {
  readonly observe: (outcomes: readonly OutcomeRecord[]) => void
  /** Why a token of theirs is refused; undefined where it is not. */
  readonly refusal: (session: {
    readonly accountId: string
    readonly sessionId: string
  }) => Extract<IdentityErrorCode, 'identity.token_invalid'> | undefined
  readonly size: () => number
}

export type RevocationOptions = {
  /** How long a token may hold: after that a revocation need not be remembered. */
  readonly tokenMs: number
  readonly onErased: (accountId: string) => void
  readonly now?: () => number
}

/** Clocks of edges and owners may differ by so much. */
const SLACK_MS = 60_000

export const createRevocations = ({ tokenMs, onErased, now = Date.now }: RevocationOptions): Revocations => {
  /** By session or account, in the order of time; ids of sessions are UUIDs and never those of accounts. */
  const until = new Map<string, number>()

  const remember = (id: string, at: number): void => {
    const end = at + tokenMs + SLACK_MS
    if (end > now()) until.set(id, end)
    for (const [oldest, endOfOldest] of until) {
      if (endOfOldest > now()) break
      until.delete(oldest)
    }
  }

  return {
    observe: (outcomes) => {
      for (const { outcome, at } of outcomes) {
        if (outcome.kind !== 'accepted') continue
        for (const encoded of outcome.events) {
          if (encoded.type !== 'SessionsRevoked' && encoded.type !== 'AccountErased') continue
          const event = codecs.account.decodeEvent(encoded)
          if (event.type === 'SessionsRevoked') for (const sessionId of event.sessionIds) remember(sessionId, at)
          if (event.type !== 'AccountErased') continue
          remember(event.accountId, at)
          onErased(event.accountId)
        }
      }
    },
    refusal: ({ accountId, sessionId }) =>
      until.size > 0 && (until.has(sessionId) || until.has(accountId)) ? 'identity.token_invalid' : undefined,
    size: () => until.size,
  }
}
