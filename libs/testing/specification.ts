import assert from 'node:assert/strict'
import type { Seal } from '#libs/contracts/sealed.ts'
import type { DecideContext, Decider, Decision } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { Detail } from '#libs/journal/outcome.ts'
import { purely } from './purely.ts'

/** Sealing for tests of rules: bytes that say what they stand for, and that no rule can read as text by mistake. */
export const stubSeal: Seal = (subject, eventId, field, text) =>
  Buffer.from(JSON.stringify([subject, eventId, field, text])) as ReturnType<Seal>

/** The time at which a specification's history begins, unless it says otherwise. */
export const t0: Instant = 1_800_000_000_000

/** A draft that happened at another time than `t0`, or by a command of another id than `given-<n>`. */
export type Happened<Draft> = { readonly draft: Draft; readonly at?: Instant; readonly commandId?: string }

export const happened = <Draft>(draft: Draft, when: Omit<Happened<Draft>, 'draft'>): Happened<Draft> => ({
  draft,
  ...when,
})

export type SpecificationOptions<Draft, Event> = {
  readonly key: string
  /** `sealEvent` of the family's codecs. */
  readonly seal: (draft: Draft, eventId: string, seal: Seal) => Event
  /** What commands are decided with, unless `when` says otherwise. */
  readonly context?: Partial<DecideContext>
}

type Then<Draft> = {
  /** The command is accepted with these events, and with this summary where one is named. */
  readonly then: (events: readonly Draft[], summary?: Detail) => void
  /** The command is accepted, whatever with. */
  readonly thenAccepted: () => void
  /** The command is rejected with this code and exactly this detail. */
  readonly thenRejected: (rejection: { readonly code: string } & Detail) => void
}

export type Specification<Command, Draft> = {
  readonly given: (history: readonly (Draft | Happened<Draft>)[]) => {
    /** Decides with `n` one above that of the last event given, at its time. */
    readonly when: (command: Command, context?: Partial<DecideContext>) => Then<Draft>
  }
}

const isHappened = <Draft extends { type: string }>(entry: Draft | Happened<Draft>): entry is Happened<Draft> =>
  'draft' in entry

/** A history, as far as it has been evolved. What begins alike is evolved once: `evolve` is held to be pure. */
type Past<State> = {
  readonly state: State
  readonly at: Instant
  readonly n: number
  readonly longer: WeakMap<object, Past<State>>
}

/**
 * Given these events, when that command comes, then those events follow, or a rejection. Events are written as drafts,
 * in clear, and sealed with stubs before they are evolved. Fails where a decider reads a clock or a random source, or
 * changes a state that it was given (I6).
 *
 * @example given([created()]).when(post('hi'), { principal: viewer }).then([posted('hi')])
 */
export const specification = <
  State,
  Command extends { type: string },
  Event extends { type: string },
  Draft extends { type: string },
>(
  decider: Decider<State, Command, Event, Draft>,
  options: SpecificationOptions<Draft, Event>,
): Specification<Command, Draft> => {
  const evolve = (past: Past<State>, entry: Draft | Happened<Draft>): Past<State> => {
    const { draft, at = past.at, commandId = `given-${past.n + 1}` } = isHappened(entry) ? entry : { draft: entry }
    const context = { at, n: past.n + 1, commandId }
    const event = options.seal(draft, `${commandId}/0`, stubSeal)
    const state = unchanged(decider, past.state, () => decider.evolve(past.state, event, context))
    return { state, at, n: context.n, longer: new WeakMap() }
  }

  const pastWith = (past: Past<State>, entry: Draft | Happened<Draft>): Past<State> => {
    const longer = past.longer.get(entry) ?? evolve(past, entry)
    past.longer.set(entry, longer)
    return longer
  }

  const before: Past<State> = { state: decider.initial(options.key), at: t0, n: 0, longer: new WeakMap() }

  return {
    given: (history) => {
      const { state, at, n } = history.reduce(pastWith, before)
      return {
        when: (command, context) => {
          const full: DecideContext = {
            at,
            n: n + 1,
            commandId: 'when',
            principal: 'system',
            facts: {},
            fingerprint: (text) => `fingerprint of ${text}`,
            ...options.context,
            ...context,
          }
          return thenOf(unchanged(decider, state, () => decider.decide(command, state, full)))
        },
      }
    },
  }
}

const unchanged = <State, Result>(
  decider: { readonly encodeState: (state: State) => unknown },
  state: State,
  act: () => Result,
): Result => {
  const before = JSON.stringify(decider.encodeState(state))
  const result = purely(act)
  assert.equal(JSON.stringify(decider.encodeState(state)), before, 'the state that was given has changed')
  return result
}

const thenOf = <Draft>(decision: Decision<Draft>): Then<Draft> => ({
  // biome-ignore lint/suspicious/noThenProperty: given, when, then; nobody awaits it
  then: (events, summary) => {
    if (decision.kind === 'rejected') assert.fail(`rejected: ${decision.code} ${JSON.stringify(decision.detail)}`)
    assert.deepEqual(decision.events, events)
    if (summary) assert.deepEqual(decision.summary, summary)
  },
  thenAccepted: () => {
    if (decision.kind === 'rejected') assert.fail(`rejected: ${decision.code} ${JSON.stringify(decision.detail)}`)
  },
  thenRejected: (rejection) => {
    if (decision.kind !== 'rejected') assert.fail(`accepted: ${JSON.stringify(decision.events)}`)
    assert.deepEqual({ code: decision.code, ...decision.detail }, rejection)
  },
})
