import type { PersonalKeys } from '#libs/vault/vault.ts'
import type { CommandRange } from '../../envelope.ts'
import type { Instant, Offset, StoredRecord } from '../../log.ts'
import { type FamilyRules, type PreparedCommand, prepareCommand, subjectsOf, type TurnSecrets } from '../../turn.ts'
import { ownerLimits } from '../rules.ts'
import type { ClockGuard } from './clock.ts'
import type { Hindrances } from './hindrances.ts'
import type { Host } from './host.ts'
import { commandQueue } from './queue.ts'
import type { OwnerReport } from './report.ts'
import type { DecisionTraces } from './traces.ts'

/** Commands read ahead of the turn; the reader waits beyond. */
const queueBound = 2_000

/** An engine that has not answered by then is away. */
const keysWithinMs = 5_000

const within = async (ms: number, work: Promise<void>): Promise<void> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms} ms`)), ms)
  try {
    await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Gathers commands, and takes a turn whenever the owner may. */
export type Turns = {
  /** @throws EnvelopeVersionUnknown */
  readonly onCommands: (records: readonly StoredRecord[]) => void | Promise<void>
  /** The first command that is read is this one, which was decided before: it is held against it, and no more. */
  readonly expect: (offset: Offset, id: string) => void
  /** The first command to be decided, behind the one that is expected. */
  readonly first: (read: Offset) => Offset
  /** Commands are gone; the owner says so by a claim once it has decided what came before them. */
  readonly onGone: (range: CommandRange, commandsEnd: Offset) => void
  readonly look: () => void
  /** Other commands will be read, or none. */
  readonly clear: () => void
  /** Takes no more turns; resolves when nothing is in flight. */
  readonly drain: () => Promise<void>
  readonly queued: () => number
}

export type TurnParts<State, Command extends { type: string }, Event extends { type: string }> = {
  readonly rules: FamilyRules<State, Command, Event>
  readonly secrets: TurnSecrets
  readonly keys: Pick<PersonalKeys, 'prefetch'>
  readonly guard: ClockGuard
  readonly hindrances: Hindrances
  readonly report: OwnerReport
  readonly traces: DecisionTraces
  readonly now: () => Instant
  /** Where a command that was decided should stand there is another: the topic has lost its end since. */
  readonly onLost: (resume: Offset) => void
}

export const openTurns = <State, Command extends { type: string }, Event extends { type: string }>(
  host: Host<State, Command>,
  { rules, secrets, keys, guard, hindrances, report, traces, now, onLost }: TurnParts<State, Command, Event>,
): Turns => {
  const queue = commandQueue<PreparedCommand<Command>>(queueBound)
  let fetching = false
  let expected: { readonly offset: Offset; readonly id: string } | undefined
  let gone: { readonly agedOut: CommandRange; readonly commandsEnd: Offset } | undefined
  let drained: PromiseWithResolvers<void> | undefined

  const take = async (commands: readonly PreparedCommand<Command>[]): Promise<void> => {
    fetching = true
    try {
      await within(keysWithinMs, keys.prefetch(subjectsOf(commands, rules)))
    } catch (error) {
      // An engine that is away is waited for; that is no attempt (I10).
      hindrances.set('journal.keys_away', error)
      return
    } finally {
      fetching = false
    }
    if (drained) return
    const began = performance.now()
    host.give({ type: 'turn', commands, clock: now() })
    report.stage('decide', performance.now() - began)
  }

  const passOver = (): void => {
    const { phase, read } = host.state()
    if (!gone || phase.name !== 'owning' || phase.unread.length > 0 || read.resume !== gone.agedOut.from) return
    const backlog = gone
    gone = undefined
    host.give({ type: 'claim', ...backlog })
  }

  const look = (): void => {
    const { phase } = host.state()
    const inFlight = phase.name === 'owning' && phase.inFlight !== undefined
    if (drained && !inFlight) drained.resolve()
    if (phase.name !== 'owning' || inFlight || fetching || drained) return
    const commands = queue.take(phase.ahead.resume, ownerLimits.batchRecords)
    if (commands.length === 0) passOver()
    else if (guard.aheadMs() > 0) {
      hindrances.set('journal.clock_ahead')
      guard.ask()
    } else void take(commands)
  }

  /** Whether the first record is the one that is expected, where there is one. */
  const asExpected = ([first]: readonly StoredRecord[]): boolean =>
    !first || !expected || first.offset !== expected.offset || prepareCommand(first, rules, secrets).id === expected.id

  return {
    onCommands: (records) => {
      if (host.state().phase.name !== 'owning') return
      if (!asExpected(records)) return onLost((records[0]?.offset ?? 0) + 1)
      const commands = records.filter(({ offset }) => offset !== expected?.offset)
      expected = undefined
      const room = queue.push(commands.map((record) => traces.begin(prepareCommand(record, rules, secrets))))
      look()
      return room
    },
    expect: (offset, id) => {
      expected = { offset, id }
    },
    first: (read) => (read === expected?.offset ? read + 1 : read),
    onGone: (agedOut, commandsEnd) => {
      gone = { agedOut, commandsEnd }
      look()
    },
    look,
    clear: () => {
      expected = undefined
      gone = undefined
      queue.clear()
      traces.clear()
    },
    drain: () => {
      drained ??= Promise.withResolvers()
      look()
      return drained.promise
    },
    queued: queue.size,
  }
}
