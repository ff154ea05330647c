import { setTimeout as sleep } from 'node:timers/promises'
import type { Codecs } from '#libs/contracts/codecs.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import { derivedId } from '#libs/journal/command.ts'
import type { Family } from '#libs/journal/families.ts'
import { type CommandGateway, GatewayBusy } from '#libs/journal/gateway.ts'
import { eventId, type OutcomeRecord } from '#libs/journal/outcome.ts'
import { continueStage } from '#libs/telemetry/trace.ts'
import type { ReaderKeys } from './erased.ts'

/** What one record asks for. Tasks with a key in common run one after another, in the order of the records. */
export type Task = {
  readonly record: OutcomeRecord
  readonly keys: readonly string[]
  /** Resolves once it is done for good. It may be run again after a restart, and then changes nothing more. */
  readonly run: (signal: AbortSignal) => Promise<void>
}

/** A process manager: reads the journal of a family, and acts on what happened, once for each record (I7). */
export type Manager = {
  readonly name: string
  readonly family: Family
  /** What a run of records asks for; nothing of it is done yet. */
  readonly prepare: (outcomes: readonly OutcomeRecord[]) => Promise<readonly Task[]>
}

/** A command of a process manager; its id, principal and source are the kit's. */
export type ManagedCommand = {
  readonly family: Family
  readonly key: string
  readonly type: string
  readonly version: number
  readonly payload: Buffer
  /** Sent where this one is rejected, whatever for. */
  readonly ifRejected?: ManagedCommand
}

/** The rules of a manager: what follows on one outcome, a function of its arguments alone. */
export type ManagerRules<Event> = {
  readonly name: string
  readonly family: Family
  readonly react: (outcome: OutcomeRecord, events: readonly Opened<Event>[]) => readonly ManagedCommand[]
}

type CommandManagerOptions<Event extends { readonly type: string }, Command extends { readonly type: string }> = {
  readonly rules: ManagerRules<Event>
  readonly codecs: Codecs<Event, Command>
  readonly keys: ReaderKeys
  readonly gateway: Pick<CommandGateway, 'submit'>
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

const wasRejected = ({ outcome }: OutcomeRecord): boolean =>
  outcome.kind === 'rejected' || (outcome.kind === 'repeated' && outcome.summary.kind === 'rejected')

/** A manager that answers events with commands. */
export const commandManager = <Event extends { readonly type: string }, Command extends { readonly type: string }>({
  rules,
  codecs,
  keys,
  gateway,
}: CommandManagerOptions<Event, Command>): Manager => {
  const { name, family } = rules

  const send = async (record: OutcomeRecord, command: ManagedCommand, index: number, signal: AbortSignal) => {
    const { partition, n, correlation } = record
    const { ifRejected, ...content } = command
    const stage = continueStage(`manage ${name}`, record.traceparent, { command: command.type })
    const traceparent = stage.traceparent ?? record.traceparent
    const outcome = await untilDecided(
      gateway,
      {
        ...content,
        id: derivedId(name, partition, n, index),
        principal: `manager/${name}`,
        facts: {},
        manager: { name, partition, n },
        ...(traceparent !== undefined && { traceparent }),
        ...(correlation !== undefined && { correlation }),
      },
      signal,
    ).finally(() => stage.end())
    if (ifRejected && wasRejected(outcome)) await send(record, ifRejected, index + 1, signal)
  }

  const taskOf = (record: OutcomeRecord, commands: readonly ManagedCommand[]): Task => ({
    record,
    // An aggregate keeps the highest n of a source, so an older one must not come to it behind a younger.
    keys: commands.map((command) => `${command.family} ${command.key}`),
    run: async (signal) => {
      for (const [index, command] of commands.entries()) await send(record, command, index * CHAIN, signal)
    },
  })

  return {
    name,
    family,
    prepare: async (outcomes) => {
      const decoded = outcomes.flatMap((record) =>
        record.outcome.kind === 'accepted'
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
  /** Undefined where the event asks for nothing. What is returned is idempotent. */
  readonly effect: (event: Event) => (() => Promise<void>) | undefined
}

/** A manager that answers events with effects outside the journals, in the vault say. */
export const effectManager = <Event extends { readonly type: string }, Command extends { readonly type: string }>({
  name,
  family,
  codecs,
  effect,
}: EffectManagerOptions<Event, Command>): Manager => ({
  name,
  family,
  prepare: async (outcomes) =>
    outcomes.flatMap((record) => {
      if (record.outcome.kind !== 'accepted') return []
      const effects = record.outcome.events.flatMap((encoded) => effect(codecs.decodeEvent(encoded)) ?? [])
      const run = async () => {
        for (const each of effects) await each()
      }
      return effects.length === 0 ? [] : [{ record, keys: [record.key], run }]
    }),
})
