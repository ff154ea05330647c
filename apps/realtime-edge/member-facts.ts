import type { MemberFacts } from '#libs/channel/edge.ts'
import type { PolicyAsksOf } from '#libs/channel/policy/asks.ts'
import { judgesMembers } from '#libs/channel/state/modes.ts'
import type { Room } from './room.ts'

export type MemberFactsOptions = {
  readonly rooms: { readonly get: (channel: string) => Pick<Room, 'view'> | undefined }
  /** What the read models say of an account in a channel. */
  readonly load: (channel: string, accountId: string) => Promise<MemberFacts>
  /** What the policies of channels ask for; nothing where it is left out. */
  readonly asks?: Pick<PolicyAsksOf, 'of'> | undefined
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

/**
 * What the edge knows of who posts, for modes that ask for it (I9). At once where it is known or not asked for; a promise
 * otherwise, and those who wait for the same one go on in their order.
 */
export type Knowing = {
  readonly of: (channel: string, accountId: string, always?: boolean) => MemberFacts | Promise<MemberFacts>
  /** Something has changed of a member: read from the journal, so the read model may not have it yet. */
  readonly learn: (channel: string, accountId: string, lesson: Lesson) => void
  /** The account's e-mail address is confirmed, whichever channel it is in. */
  readonly confirmed: (accountId: string) => void
}

/** What is different from what was known; undefined: it is so no more. */
export type Lesson = { readonly followedAt?: string | undefined; readonly rulesAccepted?: string }

/** How long it is believed, and how much is kept. */
const FRESH_MS = 15_000
const KEPT = 20_000

type Entry<Value> = { readonly at: number; value: Value }

/** A map that forgets its oldest entries beyond a bound, and does not tell what is not fresh. */
const recently = <Value>(now: () => number) => {
  const entries = new Map<string, Entry<Value>>()
  return {
    get: (key: string): Entry<Value> | undefined => {
      const entry = entries.get(key)
      return entry && now() - entry.at < FRESH_MS ? entry : undefined
    },
    set: (key: string, value: Value): Entry<Value> => {
      const entry = { at: now(), value }
      entries.delete(key)
      entries.set(key, entry)
      if (entries.size > KEPT) for (const oldest of entries.keys()) if (entries.delete(oldest)) break
      return entry
    },
    delete: (key: string) => entries.delete(key),
  }
}

const nothing: MemberFacts = {}

export const createMemberFacts = ({ rooms, load, asks, onError, now }: MemberFactsOptions): Knowing => {
  const known = recently<MemberFacts | Promise<MemberFacts>>(now)
  const learned = recently<Lesson>(now)
  const confirmed = recently<{ readonly verified: 'true' }>(now)

  /** What was read from the journal lately counts before what the read model says, which lags behind it. */
  const corrected = (key: string, facts: MemberFacts): MemberFacts => {
    const lesson = learned.get(key)?.value
    const [, accountId = ''] = key.split(' ')
    const verified = confirmed.get(accountId)?.value
    if (!lesson && !verified) return facts
    const known = Object.entries({ ...facts, ...verified, ...lesson }).filter(([, value]) => value !== undefined)
    return Object.fromEntries(known)
  }

  const ask = (key: string, channel: string, accountId: string): Promise<MemberFacts> => {
    const asked = load(channel, accountId).then(
      (facts) => {
        entry.value = facts
        return corrected(key, facts)
      },
      // What is not known counts as not being so; the rule of the channel says what follows.
      (error: unknown) => {
        onError(error)
        known.delete(key)
        return corrected(key, nothing)
      },
    )
    const entry = known.set(key, asked)
    return asked
  }

  const found = (channel: string, accountId: string): MemberFacts | Promise<MemberFacts> => {
    const key = `${channel} ${accountId}`
    const facts = known.get(key)?.value
    if (!facts) return ask(key, channel, accountId)
    return facts instanceof Promise ? facts : corrected(key, facts)
  }

  return {
    of: (channel, accountId, always = false) => {
      const view = rooms.get(channel)?.view
      if (always || !view || judgesMembers(view.modes) || view.texts?.rules) return found(channel, accountId)
      const asked = asks?.of(channel)
      if (asked instanceof Promise)
        return asked.then(({ accounts }) => (accounts ? found(channel, accountId) : nothing))
      return asked?.accounts ? found(channel, accountId) : nothing
    },
    learn: (channel, accountId, lesson) => {
      const key = `${channel} ${accountId}`
      learned.set(key, { ...learned.get(key)?.value, ...lesson })
    },
    confirmed: (accountId) => void confirmed.set(accountId, { verified: 'true' }),
  }
}
