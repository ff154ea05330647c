import { setTimeout as sleep } from 'node:timers/promises'
import type { Codecs } from '#libs/contracts/codecs.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import { derivedId } from '#libs/journal/command.ts'
import type { Family } from '#libs/journal/families.ts'
import { type CommandGateway, GatewayBusy } from '#libs/journal/gateway.ts'
import type { ManagedCommand, Manager as ManagerRules } from '#libs/journal/manager.ts'
import { type EncodedEvent, eventId, type OutcomeRecord } from '#libs/journal/outcome.ts'
import { continueStage } from '#libs/telemetry/trace.ts'
import { decidedBefore } from './decided-before.ts'
import type { ReaderKeys } from './erased.ts'
import type { OpenReader } from './share.ts'

/** How far a task has come, kept where its record is parked. */
export type Progress = {
  /** Commands of it, from the first on, whose outcome is known. */
  decided: number
  /** Whether the record was parked, so that younger ones of its source may have gone before it. */
  readonly parked: boolean
}

/** What one record asks for. Tasks with a key in common run one after another, in the order of the records. */
export type Task = {
  readonly record: OutcomeRecord
  readonly keys: readonly string[]
  /**
   * Resolves once it is done for good, and counts in `progress` on its way. It may be run again after a restart, and then
   * changes nothing more.
   */
  readonly run: (signal: AbortSignal, progress: Progress) => Promise<void>
}

/** A process manager: reads the journal of a family, and acts on what happened, once for each record (I7). */
export type Manager = {
  readonly name: string
  readonly family: Family
  /** How long records are gathered before they are looked at: 0 where somebody waits for what is done about them. */
  readonly gatherMs: number
  /** What a run of records asks for; nothing of it is done yet. */
  readonly prepare: (outcomes: readonly OutcomeRecord[]) => Promise<readonly Task[]>
}

type CommandManagerOptions<Event extends { readonly type: string }, Command extends { readonly type: string }> = {
  readonly rules: ManagerRules<Opened<Event>>
  readonly codecs: Codecs<Event, Command>
  readonly keys: ReaderKeys
  readonly gateway: Pick<CommandGateway, 'submit'>
  readonly openReader: OpenReader
}

const BUSY_MS = 200

/** At most so many commands follow on one another's rejection. */
const CHAIN = 8

/**
 * Sends until its outcome is read from the target journal. Sent again it has the same id and source, so it is decided
 * once, however often it arrives.
 */
const untilDecided = async (
  gateway: Pick<CommandGateway, 'submit'>,
  command: Parameters<CommandGateway['submit']>[0],
  signal: AbortSignal,
): Promise<OutcomeRecord> => {
  for (;;) {
    signal.throwIfAborted()
    const outcome = await gateway.submit(command).catch(async (error: unknown) => {
      if (!(error instanceof GatewayBusy)) throw error
      await sleep(BUSY_MS, undefined, { signal })
    })
    if (outcome) return outcome
  }
}

const concerning = (types: readonly string[] | undefined): ((events: readonly EncodedEvent[]) => boolean) => {
  if (!types) return () => true
  const wanted = new Set(types)
  return (events) => events.some(({ type }) => wanted.has(type))
}

const wasRejected = ({ outcome }: OutcomeRecord): boolean =>
  outcome.kind === 'rejected' || (outcome.kind === 'repeated' && outcome.summary.kind === 'rejected')

/** The aggregate has an outcome of a younger record of the source: whether it ever had this command it does not know. */
const wasPassedOver = ({ outcome }: OutcomeRecord): boolean => outcome.kind === 'repeated' && outcome.firstN === 0

/**
 * A manager that answers events with commands.
 *
 * Where a record was parked, younger ones may have reached its aggregate first. What it is then told is no outcome of its
 * own. Its command may have been decided before the record was parked, by a process that died before it moved its
 * position: then that is the outcome, found in the journal. Else the command goes again as from a source that this
 * record has to itself: as often as it takes, and decided once.
 */
export const commandManager = <Event extends { readonly type: string }, Command extends { readonly type: string }>({
  rules,
  codecs,
  keys,
  gateway,
  openReader,
}: CommandManagerOptions<Event, Command>): Manager => {
  const { name, family } = rules
  const concerns = concerning(rules.types)

  const send = async (
    record: OutcomeRecord,
    command: ManagedCommand,
    index: number,
    signal: AbortSignal,
    parked: boolean,
  ): Promise<void> => {
    const { partition, n, correlation } = record
    const { ifRejected, ...content } = command
    const stage = continueStage(`manage ${name}`, record.traceparent, { command: command.type })
    const traceparent = stage.traceparent ?? record.traceparent
    const sendAs = (source: string): Promise<OutcomeRecord> =>
      untilDecided(
        gateway,
        {
          ...content,
          id: derivedId(source, partition, n, index),
          principal: `manager/${name}`,
          facts: {},
          manager: { name: source, partition, n },
          ...(traceparent !== undefined && { traceparent }),
          ...(correlation !== undefined && { correlation }),
        },
        signal,
      )
    try {
      const first = await sendAs(name)
      const outcome =
        parked && wasPassedOver(first)
          ? ((await decidedBefore(openReader, first, signal)) ?? (await sendAs(`${name}/parked/${n}`)))
          : first
      if (ifRejected && wasRejected(outcome)) await send(record, ifRejected, index + 1, signal, parked)
    } finally {
      stage.end()
    }
  }

  const taskOf = (record: OutcomeRecord, commands: readonly ManagedCommand[]): Task => ({
    record,
    // An aggregate keeps the highest n of a source, so an older one must not come to it behind a younger.
    keys: commands.map((command) => `${command.family} ${command.key}`),
    run: async (signal, progress) => {
      for (const [index, command] of commands.entries()) {
        if (index < progress.decided) continue
        await send(record, command, index * CHAIN, signal, progress.parked)
        progress.decided = index + 1
      }
    },
  })

  return {
    name,
    family,
    gatherMs: rules.gatherMs ?? 0,
    prepare: async (outcomes) => {
      const decoded = outcomes.flatMap((record) =>
        record.outcome.kind === 'accepted' && concerns(record.outcome.events)
          ? [{ record, events: record.outcome.events.map((encoded) => codecs.decodeEvent(encoded)) }]
          : [],
      )
      await keys.prefetch(new Set(decoded.flatMap(({ events }) => events.flatMap((event) => codecs.subjectsOf(event)))))
      return decoded.flatMap(({ record, events }) => {
        const opened = events.map((event, index) =>
          codecs.openEvent(event, eventId(record.commandId, index), keys.open),
        )
        const commands = rules.react(record, opened)
        return commands.length === 0 ? [] : [taskOf(record, commands)]
      })
    },
  }
}

type EffectManagerOptions<Event extends { readonly type: string }, Command extends { readonly type: string }> = {
  readonly name: string
  readonly family: Family
  readonly codecs: Codecs<Event, Command>
  /** As of rules. */
  readonly types?: readonly string[]
  /** Whether a record with such an event is of interest: of no other is anything decoded either. */
  readonly concerns?: (record: OutcomeRecord) => boolean
  /** Undefined where the event of a record asks for nothing; its id opens it. What is returned may be run again. */
  readonly effect: (event: Event, record: OutcomeRecord, eventId: string) => (() => Promise<void>) | undefined
}

/** Nobody waits for effects, and many managers that look at each record alone cost. */
const EFFECTS_GATHER_MS = 100

/** A manager that answers events with effects outside the journals, in the vault say. */
export const effectManager = <Event extends { readonly type: string }, Command extends { readonly type: string }>({
  name,
  family,
  codecs,
  types,
  concerns = () => true,
  effect,
}: EffectManagerOptions<Event, Command>): Manager => {
  const hasType = concerning(types)
  return {
    name,
    family,
    gatherMs: EFFECTS_GATHER_MS,
    prepare: async (outcomes) =>
      outcomes.flatMap((record) => {
        if (record.outcome.kind !== 'accepted' || !hasType(record.outcome.events) || !concerns(record)) return []
        const effects = record.outcome.events.flatMap(
          (encoded, index) => effect(codecs.decodeEvent(encoded), record, eventId(record.commandId, index)) ?? [],
        )
        const run = async () => {
          for (const each of effects) await each()
        }
        return effects.length === 0 ? [] : [{ record, keys: [record.key], run }]
      }),
  }
}
