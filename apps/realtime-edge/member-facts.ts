import type { MemberFacts } from '#libs/channel/edge.ts'
import { judgesMembers } from '#libs/channel/modes.ts'
import type { Room } from './room.ts'

export type MemberFactsOptions = {
  readonly rooms: { readonly get: (channel: string) => Room | undefined }
  /** What the read models say of an account in a channel. */
  readonly load: (channel: string, accountId: string) => Promise<MemberFacts>
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

/**
 * What the edge knows of who posts, for modes that ask for it (I9). At once where it is known or not asked for; a promise
 * otherwise, and those who wait for the same one go on in their order.
 */
export type Knowing = {
  readonly of: (channel: string, accountId: string, always?: boolean) => MemberFacts | Promise<MemberFacts>
  /** Somebody has begun or ceased to follow. */
  readonly forget: (channel: string, accountId: string) => void
}

/** How long it is believed, and how much is kept. */
const FRESH_MS = 15_000
const KEPT = 20_000

type Entry = { readonly at: number; facts: MemberFacts | Promise<MemberFacts> }

const nothing: MemberFacts = {}

export const createMemberFacts = ({ rooms, load, onError, now }: MemberFactsOptions): Knowing => {
  const known = new Map<string, Entry>()

  const ask = (key: string, channel: string, accountId: string): Promise<MemberFacts> => {
    const asked = load(channel, accountId).then(
      (facts) => {
        entry.facts = facts
        return facts
      },
      // What is not known counts as not being so; the rule of the channel says what follows.
      (error: unknown) => {
        onError(error)
        known.delete(key)
        return nothing
      },
    )
    const entry: Entry = { at: now(), facts: asked }
    known.set(key, entry)
    if (known.size > KEPT) for (const oldest of known.keys()) if (known.delete(oldest)) break
    return asked
  }

  return {
    of: (channel, accountId, always = false) => {
      const view = rooms.get(channel)?.view
      if (!always && view && !judgesMembers(view.modes)) return nothing
      const key = `${channel} ${accountId}`
      const entry = known.get(key)
      if (entry && now() - entry.at < FRESH_MS) return entry.facts
      known.delete(key)
      return ask(key, channel, accountId)
    },
    forget: (channel, accountId) => {
      known.delete(`${channel} ${accountId}`)
    },
  }
}
