import type { AttemptEntry, ClaimEntry } from '../envelope.ts'
import type { Offset } from '../log.ts'
import { boundsOf, emptyPartition, type MemoryPartition, write } from '../memory/partition.ts'
import { beginning, type Followed, follow, type Read } from '../owner/follow.ts'
import { ownerMachine } from '../owner/machine.ts'
import { type OwnerLimits, type OwnerRules, ownerLimits } from '../owner/rules.ts'
import { newOwner, type OwnerEffect, type OwnerInput, type OwnerState } from '../owner/state.ts'
import { dawn, type ModelCommand, type ModelFold, type ModelOutcome, type ModelRules, modelDomain } from './domain.ts'

export type ModelEntry = Read<ModelOutcome>
export type ModelOwner = OwnerState<ModelFold>

/** How often each thing may go wrong. */
export type Budget = {
  /** Claims beyond those that follow a failure. */
  readonly claims: number
  /** All that may go wrong together, snapshots included. */
  readonly mishaps: number
  readonly crash: number
  readonly timeout: number
  readonly lost: number
  readonly doubled: number
  readonly late: number
  readonly hole: number
  readonly snapshot: number
  /** The log loses its last record, as it would by an unclean election. */
  readonly truncate: number
}

type Mishap = Exclude<keyof Budget, 'claims' | 'mishaps'>

export const noFaults: Budget = {
  claims: 2,
  mishaps: 0,
  crash: 0,
  timeout: 0,
  lost: 0,
  doubled: 0,
  late: 0,
  hole: 0,
  snapshot: 0,
  truncate: 0,
}

/** A request on its way to the log. An orphan's owner no longer waits for the answer. */
export type OpenSend = {
  readonly owner: number
  readonly orphan: boolean
  readonly send: number
  readonly entries: readonly (ClaimEntry | AttemptEntry | ModelOutcome)[]
  readonly writtenAt?: Offset
}

/** Everything there is at one moment, as an immutable value. */
export type World = {
  readonly journal: MemoryPartition
  /** What a reader from the beginning knows behind each record: the truth. */
  readonly truth: readonly Followed<ModelFold>[]
  readonly owners: readonly ModelOwner[]
  readonly sends: readonly OpenSend[]
  readonly snapshot?: Followed<ModelFold>
  readonly left: Budget
  readonly incarnations: number
}

export type Scope = {
  readonly owners: number
  /** Names of commands in the order of their topic; the same name twice is the same command sent twice. */
  readonly commands: readonly string[]
  /** How many commands a turn may take, which is as many as have come in by then. */
  readonly turns: readonly number[]
  /** Claims in vain after which commands are tried one by one, where it is not the library's own number. */
  readonly idleClaims?: number
  readonly budget: Budget
}

/** A rule that does not hold in a world. */
export class Violation extends Error {}

export type Model = {
  readonly start: World
  readonly moves: (world: World) => readonly Move[]
}

export type Move = { readonly name: string; readonly to: () => World }

const records = new WeakMap<Buffer, ModelEntry>()
const recordOf = (entry: ModelEntry) => {
  const value = Buffer.from(entry.kind)
  records.set(value, entry)
  return { key: null, value }
}

/** The entry at an offset of the journal. */
export const entryAt = ({ journal }: Pick<World, 'journal'>, offset: Offset): ModelEntry | undefined => {
  const value = journal.records.get(offset - journal.start)?.value
  return value && records.get(value)
}

/** A world in which owners, network and log do whatever they may; each rule may be replaced. */
export const modelOf = (scope: Scope, rules: OwnerRules, modelRules: ModelRules = { dedupe: true }): Model => {
  const domain = modelDomain(modelRules)
  const limits: OwnerLimits = { ...ownerLimits, idleClaims: scope.idleClaims ?? ownerLimits.idleClaims }
  const step = ownerMachine({ domain, rules, limits })
  const commands: readonly ModelCommand[] = scope.commands.map((id, offset) => ({ offset, id }))

  const truthBehind = (world: World, offset: Offset): Followed<ModelFold> =>
    world.truth[offset] ?? beginning(domain.empty)

  const can = ({ left }: World, what: Mishap): boolean => left.mishaps > 0 && left[what] > 0

  const spend = (world: World, what: Mishap): World => ({
    ...world,
    left: { ...world.left, [what]: world.left[what] - 1, mishaps: world.left.mishaps - 1 },
  })

  const append = (world: World, entries: readonly ModelEntry[]): World => {
    let { journal } = world
    const truth = [...world.truth]
    for (const entry of entries) {
      const { end } = boundsOf(journal)
      const before = truth.at(-1) ?? beginning(domain.empty)
      journal = write(journal, [recordOf(entry)], 0)
      const { verdict, followed } = follow(before, end, entry, domain.evolve, rules)
      if (verdict === 'valid' && entry.kind === 'outcome') checkOutcome(before, entry)
      truth.push(followed)
    }
    return { ...world, journal, truth }
  }

  const input = (world: World, index: number, what: OwnerInput<ModelFold, ModelCommand, ModelOutcome>): World => {
    const owner = world.owners[index]
    if (!owner) return world
    const { state, effects } = step(owner, what)
    const owners = world.owners.with(index, state)
    const next = effects.reduce<World>((current, effect) => carryOut(current, index, effect), { ...world, owners })
    checkOwner(next, state)
    return next
  }

  const carryOut = (world: World, index: number, effect: OwnerEffect<ModelOutcome>): World => {
    switch (effect.type) {
      case 'claim': {
        const { nonce, send } = effect
        const claim: ClaimEntry = { kind: 'claim', nonce, owner: nonce, stateVersion: 1, logId: 'log', partitions: 1 }
        return { ...world, sends: [...world.sends, { owner: index, orphan: false, send, entries: [claim] }] }
      }
      case 'append': {
        const { send, entries } = effect
        return { ...world, sends: [...world.sends, { owner: index, orphan: false, send, entries }] }
      }
      case 'discard':
        return orphan(world, index)
      case 'judged':
        checkVerdict(world, effect)
        return world
      default:
        return world
    }
  }

  /** What is under way when nobody waits for it any more may still be written; what is written is there. */
  const orphan = (world: World, index: number): World => ({
    ...world,
    sends: world.sends.flatMap((send) => {
      if (send.owner !== index) return [send]
      return send.writtenAt === undefined ? [{ ...send, orphan: true }] : []
    }),
  })

  const checkOutcome = (before: Followed<ModelFold>, { n, commandOffset, id, result }: ModelOutcome): void => {
    if (n !== before.n + 1) throw new Violation(`n ${n} is valid behind n ${before.n}`)
    if (commandOffset !== before.resume)
      throw new Violation(`command ${commandOffset} has a valid outcome where ${before.resume} is the next`)
    if (result === 'accepted' && before.fold.accepted.includes(`${id}@`)) throw new Violation(`${id} is accepted twice`)
  }

  const checkVerdict = (
    world: World,
    { verdict, offset }: Extract<OwnerEffect<ModelOutcome>, { type: 'judged' }>,
  ): void => {
    const entry = entryAt(world, offset)
    if (!entry) throw new Violation(`a record was judged that is not there, at ${offset}`)
    const truly = follow(truthBehind(world, offset - 1), offset, entry, domain.evolve, rules).verdict
    if (truly !== verdict) throw new Violation(`the record at ${offset} was told to be ${verdict}, and is ${truly}`)
  }

  const checkOwner = (world: World, { owner, read, phase }: ModelOwner): void => {
    const truly = truthBehind(world, read.next - 1)
    const same =
      read.n === truly.n &&
      read.claim === truly.claim &&
      read.resume === truly.resume &&
      read.counted === truly.counted &&
      read.at === truly.at &&
      read.attempts === truly.attempts &&
      read.idleClaims === truly.idleClaims &&
      read.fold.accepted === truly.fold.accepted
    if (!same) throw new Violation(`${owner} believes ${print(read)} where the journal says ${print(truly)}`)
    if (phase.name === 'owning' && phase.claim !== read.claim)
      throw new Violation(`${owner} owns by claim ${phase.claim} and has read up to claim ${read.claim}`)
  }

  /**
   * What an owner reads while it follows, or up to its claim, moves nobody else and makes it send nothing: those reads
   * are one move, which leaves out no order of events that anybody could tell.
   */
  const readOn = (world: World, index: number): World => {
    const owner = world.owners[index]
    const entry = owner && entryAt(world, owner.read.next)
    if (!entry) return world
    const next = input(world, index, { type: 'record', offset: owner.read.next, entry })
    return next.owners[index]?.phase.name === owner.phase.name ? readOn(next, index) : next
  }

  const ownerMoves = (world: World, index: number): readonly Move[] => {
    const owner = world.owners[index]
    if (!owner || owner.phase.name === 'stopped') return []
    const { phase, read } = owner
    const moves: Move[] = []
    const move = (name: string, to: () => World) => moves.push({ name: `${owner.owner} ${name}`, to })
    const next = entryAt(world, read.next)
    if (next && (phase.name === 'claiming' || phase.name === 'owning'))
      move('reads', () => input(world, index, { type: 'record', offset: read.next, entry: next }))
    if (next && phase.name === 'reading') move('reads up to its claim', () => readOn(world, index))
    const beyond = entryAt(world, read.next + 1)
    if (beyond && can(world, 'hole'))
      move('misses a record', () =>
        input(spend(world, 'hole'), index, { type: 'record', offset: read.next + 1, entry: beyond }),
      )
    if (phase.name === 'following' && world.left.claims > 0)
      move('catches up and claims', () => claim(readOn(world, index), index))
    if (phase.name === 'owning' && phase.inFlight === undefined) {
      const { resume } = phase.ahead
      for (const size of scope.turns) {
        const turn = commands.slice(resume, resume + size)
        if (turn.length > 0)
          move(`decides ${turn.map(({ id }) => id).join(', ')}`, () =>
            input(world, index, { type: 'turn', commands: turn, clock: clockOf(owner) }),
          )
      }
    }
    if (can(world, 'crash')) move('crashes', () => crash(world, index))
    if (can(world, 'snapshot') && phase.name === 'owning')
      move('writes a snapshot', () => ({ ...spend(world, 'snapshot'), snapshot: read }))
    const { snapshot } = world
    if (snapshot && snapshot.next > read.next && (phase.name === 'following' || phase.name === 'reading'))
      move('restores', () =>
        input(world, index, { type: 'restore', snapshot, found: entryAt(world, snapshot.counted) }),
      )
    return moves
  }

  const claim = (world: World, index: number): World =>
    input({ ...world, left: { ...world.left, claims: world.left.claims - 1 } }, index, {
      type: 'claim',
      commandsEnd: commands.length,
    })

  const crash = (world: World, index: number): World => {
    const { owners, incarnations } = world
    const fresh = { ...newOwner(`${nameOf(index)}${incarnations}`, domain.empty), assigned: true }
    return {
      ...orphan(spend(world, 'crash'), index),
      owners: owners.with(index, fresh),
      incarnations: incarnations + 1,
    }
  }

  const sendMoves = (world: World, at: number): readonly Move[] => {
    const send = world.sends[at]
    if (!send) return []
    const { orphan: orphaned, writtenAt } = send
    const name = `${world.owners[send.owner]?.owner}'s send ${send.send}${orphaned ? ', given up,' : ''}`
    const gone = (from: World): World => ({ ...from, sends: from.sends.toSpliced(at, 1) })
    const kept = (from: World, changed: OpenSend): World => ({ ...from, sends: from.sends.with(at, changed) })
    const fail = (from: World) => input(from, send.owner, { type: 'failed', send: send.send })
    const moves: Move[] = []
    const move = (what: string, to: () => World) => moves.push({ name: `${name} ${what}`, to })
    const written = (from: World, copies: readonly ModelEntry[]): World => {
      const { end } = boundsOf(from.journal)
      const there = append(from, copies)
      return orphaned ? gone(there) : kept(there, { ...send, writtenAt: end })
    }
    if (writtenAt !== undefined) {
      move('is acknowledged', () =>
        input(gone(world), send.owner, { type: 'acknowledged', send: send.send, offset: writtenAt }),
      )
      if (can(world, 'timeout')) move('is written, unanswered', () => fail(gone(spend(world, 'timeout'))))
      return moves
    }
    move('is written', () => written(world, send.entries))
    if (can(world, 'doubled'))
      move('is written twice', () => written(spend(world, 'doubled'), [...send.entries, ...send.entries]))
    if (orphaned) return moves
    if (can(world, 'lost')) move('is lost', () => fail(gone(spend(world, 'lost'))))
    if (can(world, 'late')) move('is late', () => fail(kept(spend(world, 'late'), { ...send, orphan: true })))
    return moves
  }

  /** Only what nobody alive has read, or knows to be written, can be lost without anybody's noticing. */
  const truncateMoves = (world: World): readonly Move[] => {
    const { end } = boundsOf(world.journal)
    const unnoticed =
      world.owners.every(({ read }) => read.next < end) && world.sends.every(({ writtenAt }) => writtenAt === undefined)
    if (!can(world, 'truncate') || end === 0 || !unnoticed) return []
    const journal = { ...world.journal, records: world.journal.records.pop() }
    return [
      {
        name: 'the log loses a record',
        to: () => ({ ...spend(world, 'truncate'), journal, truth: world.truth.slice(0, -1) }),
      },
    ]
  }

  return {
    start: {
      journal: emptyPartition,
      truth: [],
      owners: Array.from({ length: scope.owners }, (_, index) => ({
        ...newOwner(nameOf(index), domain.empty),
        assigned: true,
      })),
      sends: [],
      left: scope.budget,
      incarnations: 0,
    },
    moves: (world) => [
      ...world.owners.flatMap((_, index) => ownerMoves(world, index)),
      ...world.sends.flatMap((_, at) => sendMoves(world, at)),
      ...truncateMoves(world),
    ],
  }
}

/** A clock that moves on with each send, so that a command decided again is decided at another time. */
const clockOf = ({ sends }: ModelOwner): number => dawn + sends * 1_000

const nameOf = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index)

const print = ({ n, claim, resume, counted, fold }: Followed<ModelFold>): string =>
  `n ${n}, claim ${claim}, next command ${resume}, counted ${counted}, accepted ${fold.accepted}`
