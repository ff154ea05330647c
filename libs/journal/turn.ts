import type { Codecs } from '#libs/contracts/codecs.ts'
import type { Clear, Seal } from '#libs/contracts/sealed.ts'
import { SubjectErased } from '#libs/vault/vault.ts'
import { type Cell, type Cells, newCell, noCells, withCell } from './cells.ts'
import type { ReceivedCommand } from './command.ts'
import type { Decider, EvolveContext } from './decider.ts'
import { checkCommand, rememberCommand } from './dedupe.ts'
import { checkDue, clockName } from './due.ts'
import { decodeCommandRecord, type OutcomeEntry } from './envelope.ts'
import type { CommandErrorCode } from './errors.ts'
import type { Offset, StoredRecord } from './log.ts'
import { type Detail, type EncodedEvent, eventId, type Outcome } from './outcome.ts'
import type { Domain, Stamp } from './owner/domain.ts'

/** What a context gives for its family: the rules, and the codecs of what it writes. */
export type FamilyRules<State, Command extends { type: string }, Event extends { type: string }> = {
  readonly decider: Decider<State, Command, Event, Clear<Event>>
  readonly codecs: Codecs<Event, Command>
}

/** What the shell around pure rules needs from the vault; both are synchronous. */
export type TurnSecrets = {
  /** `PersonalKeys.seal`; the keys were prefetched. */
  readonly seal: Seal
  readonly fingerprint: (value: string | Buffer) => string
}

/** A command as far as it can be read without asking anybody. */
export type PreparedCommand<Command> = {
  readonly offset: Offset
  readonly id: string
  readonly received: ReceivedCommand
  /** Undefined where envelope or payload cannot be read: it will be rejected. */
  readonly command: Command | undefined
  readonly fingerprint: string
}

const fingerprintChars = 22

/** Decodes a command, once: for its subjects before the turn, and for the turn. @throws EnvelopeVersionUnknown */
export const prepareCommand = <State, Command extends { type: string }, Event extends { type: string }>(
  record: StoredRecord,
  { codecs }: FamilyRules<State, Command, Event>,
  { fingerprint }: TurnSecrets,
): PreparedCommand<Command> => {
  const received = decodeCommandRecord(record) ?? unreadable(record)
  const { type, version, payload } = received
  const hashed = fingerprint(Buffer.concat([Buffer.from(`${type}\0`), payload])).slice(0, fingerprintChars)
  return {
    offset: received.offset,
    id: received.id,
    received,
    command: orUndefined(() => codecs.decodeCommand({ type, version, bytes: payload })),
    fingerprint: hashed,
  }
}

/** It gets an outcome too, though nobody can be told. */
const unreadable = ({ key, offset }: StoredRecord): ReceivedCommand => ({
  key: key?.toString() ?? '',
  offset,
  id: '',
  principal: '',
  type: '',
  version: 0,
  payload: Buffer.alloc(0),
  facts: {},
  origin: '',
})

const orUndefined = <Value>(read: () => Value): Value | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Accounts whose personal keys must be in memory before the commands are decided. */
export const subjectsOf = <State, Command extends { type: string }, Event extends { type: string }>(
  commands: readonly PreparedCommand<Command>[],
  { decider }: FamilyRules<State, Command, Event>,
): ReadonlySet<string> =>
  new Set(
    commands.flatMap(({ command, received }) =>
      command ? decider.subjects(command, received.principal, received.key, received.facts) : [],
    ),
  )

const cellOf = <State>(
  decider: { readonly initial: (key: string) => State },
  cells: Cells<State>,
  key: string,
): Cell<State> => cells.byKey.get(key) ?? newCell(decider.initial(key))

/** Folds a valid outcome into the aggregate that it is about. For every reader, whatever it can or cannot seal. */
export const foldOutcome = <State, Command extends { type: string }, Event extends { type: string }>({
  decider,
  codecs,
}: FamilyRules<State, Command, Event>): ((cells: Cells<State>, entry: OutcomeEntry) => Cells<State>) => {
  const evolveAll = (state: State, events: readonly EncodedEvent[], context: EvolveContext): State =>
    events.reduce((before, event) => decider.evolve(before, codecs.decodeEvent(event), context), state)

  return (cells, entry) => {
    const { key, n, at, commandId, outcome } = entry
    const cell = cellOf(decider, cells, key)
    const window = rememberCommand(cell.window, identityOf(entry), n, outcome)
    const events = outcome.kind === 'accepted' ? outcome.events : []
    if (events.length === 0 && window === cell.window) return cells
    const state = evolveAll(cell.state, events, { at, n, commandId })
    return withCell(cells, key, { state, window, n: events.length > 0 ? n : cell.n }, decider.due(state))
  }
}

/** Bytes of an outcome's envelope beside its events, about. */
const envelopeBytes = 400

/**
 * A family as an owner runs it: each aggregate with its dedupe window; commands checked, decided, sealed and encoded;
 * and one's own bytes decoded and evolved before they are sent (I6), so that what cannot be read is never written.
 */
export const familyDomain = <State, Command extends { type: string }, Event extends { type: string }>(
  rules: FamilyRules<State, Command, Event>,
  secrets: TurnSecrets,
): Domain<Cells<State>, PreparedCommand<Command>, OutcomeEntry> => {
  const { decider, codecs } = rules

  const evolve = foldOutcome(rules)

  const accept = (
    drafts: readonly Clear<Event>[],
    summary: Detail,
    commandId: string,
  ): Extract<Outcome, { kind: 'accepted' | 'rejected' }> => {
    try {
      const events = drafts.map((draft, index) =>
        codecs.encodeEvent(codecs.sealEvent(draft, eventId(commandId, index), secrets.seal)),
      )
      return { kind: 'accepted', events, summary }
    } catch (error) {
      if (error instanceof SubjectErased) return rejected('command.subject_erased')
      throw error
    }
  }

  const decideNew = (state: State, prepared: PreparedCommand<Command>, { at, n }: Stamp): Outcome => {
    const { received, command } = prepared
    if (!command) return rejected('command.malformed')
    if (!received.manager && received.expiresAt !== undefined && received.expiresAt < at)
      return rejected('command.expired', { serverTime: at })
    const decision = decider.decide(command, state, {
      at,
      n,
      commandId: received.id,
      principal: received.principal,
      facts: received.facts,
      fingerprint: secrets.fingerprint,
      ...(received.expectedVersion !== undefined && { expectedVersion: received.expectedVersion }),
    })
    return decision.kind === 'rejected' ? decision : accept(decision.events, decision.summary, received.id)
  }

  const stamped = (prepared: PreparedCommand<Command>, stamp: Stamp, outcome: Outcome): OutcomeEntry => {
    const { received, fingerprint } = prepared
    return {
      kind: 'outcome',
      ...stamp,
      key: received.key,
      commandOffset: received.offset,
      commandId: received.id,
      commandType: received.type,
      principal: received.principal,
      origin: received.origin,
      stateVersion: decider.stateVersion,
      fingerprint,
      ...(received.manager && { manager: received.manager }),
      outcome,
      ...(received.traceparent !== undefined && { traceparent: received.traceparent }),
      ...(received.correlation !== undefined && { correlation: received.correlation }),
      ...(received.impersonator !== undefined && { impersonator: received.impersonator }),
    }
  }

  /** The dedupe window answers first, whatever becomes of commands that are new. */
  const decideBy =
    (decideFresh: (state: State, prepared: PreparedCommand<Command>, stamp: Stamp) => Outcome) =>
    (cells: Cells<State>, prepared: PreparedCommand<Command>, stamp: Stamp) => {
      const cell = cellOf(decider, cells, prepared.received.key)
      const { id, principal, manager } = prepared.received
      const identity = { id, principal, fingerprint: prepared.fingerprint }
      const answer =
        manager?.name === clockName
          ? checkDue(cell.window, decider.due(cell.state), prepared.received.key, { ...identity, manager })
          : checkCommand(cell.window, { ...identity, ...(manager && { manager }) }, stamp.at)
      const outcome = stamped(
        prepared,
        stamp,
        answer.kind === 'new' ? decideFresh(cell.state, prepared, stamp) : answer,
      )
      return { outcome, fold: evolve(cells, outcome) }
    }

  return {
    empty: noCells(),
    evolve,
    decide: decideBy(decideNew),
    poisoned: decideBy(() => rejected('command.poisoned')),
    sizeOf: ({ outcome }) =>
      outcome.kind === 'accepted'
        ? outcome.events.reduce((sum, { bytes }) => sum + bytes.length + envelopeBytes / 4, envelopeBytes)
        : envelopeBytes,
  }
}

const identityOf = (entry: OutcomeEntry) => ({
  id: entry.commandId,
  principal: entry.principal,
  fingerprint: entry.fingerprint,
  ...(entry.manager && { manager: entry.manager }),
})

const rejected = (code: CommandErrorCode, detail: Detail = {}): Extract<Outcome, { kind: 'rejected' }> => ({
  kind: 'rejected',
  code,
  detail,
})
