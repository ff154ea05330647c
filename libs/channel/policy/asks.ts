import { Policy } from '#libs/policy/policy.ts'
import type { Classification } from '#libs/policy/subject.ts'
import type { Classify } from './classifier.ts'

/** What the rules of a channel's policy ask of an edge, which asks for nothing else. */
export type PolicyAsks = {
  /** An outside model of messages. */
  readonly classifier: boolean
  /** How old accounts are. */
  readonly accounts: boolean
}

export type PolicyAsksOf = {
  /** At once where it is known. Never rejects: while the read model is away, everything is asked for. */
  readonly of: (channel: string) => PolicyAsks | Promise<PolicyAsks>
  /** The policy of a channel was set, as the journal says it. */
  readonly learn: (channel: string, policy: string | null) => void
}

export type PolicyAsksOptions = {
  /** The policy as the read model has it, as JSON; null where there is none. */
  readonly policy: (channel: string) => Promise<string | null>
  readonly now?: () => number
}

/** How long it is believed, and of how many channels it is kept. */
const FRESH_MS = 5_000
const KEPT = 10_000

const nothing: PolicyAsks = { classifier: false, accounts: false }
const everything: PolicyAsks = { classifier: true, accounts: true }

/** A policy that cannot be read judges nothing, and asks for nothing. */
const asksOf = (policy: string | null): PolicyAsks => {
  if (policy === null) return nothing
  const kinds = new Set<string>(Policy.safeParse(JSON.parse(policy)).data?.rules.map(({ kind }) => kind))
  return { classifier: kinds.has('classifier'), accounts: kinds.has('new_account') }
}

/** What policies ask for, of the channels that an edge sends posts to. */
export const createPolicyAsks = ({ policy, now = Date.now }: PolicyAsksOptions): PolicyAsksOf => {
  const known = new Map<string, { readonly at: number; readonly asks: PolicyAsks | Promise<PolicyAsks> }>()

  const keep = (channel: string, asks: PolicyAsks | Promise<PolicyAsks>): void => {
    known.delete(channel)
    known.set(channel, { at: now(), asks })
    if (known.size > KEPT) for (const oldest of known.keys()) if (known.delete(oldest)) break
  }

  const read = (channel: string): Promise<PolicyAsks> => {
    const asked = policy(channel)
      .then(asksOf)
      .catch(() => everything)
      .then((asks) => {
        // What the journal has said meanwhile is younger.
        if (known.get(channel)?.asks === asked) keep(channel, asks)
        return asks
      })
    keep(channel, asked)
    return asked
  }

  return {
    of: (channel) => {
      const entry = known.get(channel)
      return entry && now() - entry.at < FRESH_MS ? entry.asks : read(channel)
    },
    learn: (channel, text) => keep(channel, asksOf(text)),
  }
}

/** Asks an outside model where the channel's rules ask for it; elsewhere it has no part in what is said. */
export type ClassifyWhereAsked = (message: Parameters<Classify>[0]) => Promise<Classification | undefined>

export const classifyWhereAsked =
  (classify: Classify, asks: Pick<PolicyAsksOf, 'of'>): ClassifyWhereAsked =>
  async (message) =>
    (await asks.of(message.channel)).classifier ? classify(message) : undefined
