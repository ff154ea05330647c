import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Logger } from '#libs/telemetry/logger.ts'
import { testEngines, uniqueName } from '#libs/testing/engines.ts'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'
import { until } from '#libs/testing/until.ts'
import type { ReceivedCommand } from '../command.ts'
import { decodeEntry, encodeCommandRecord, type JournalEntry, type OutcomeEntry } from '../envelope.ts'
import { commandTopic, journalTopic } from '../families.ts'
import { post } from '../family.fixtures.ts'
import { uuidv7 } from '../ids.ts'
import type { Log } from '../log.ts'
import { validOutcomes } from '../owner/runtime/family.fixtures.ts'
import type { FamilyOwner } from '../owner/runtime/family.ts'
import { readAll } from '../read-all.ts'
import { ensureTopics } from '../topics.ts'
import { logOf, type OwnerSetting, openOwner } from './owner.fixtures.ts'

const SESSION_MS = 1_500

export const say = (text = 'hello'): ReceivedCommand => post(text, { id: uuidv7() })

/** One partition of commands and its journal on a real broker, owners in processes of their own, and what came of it. */
export type BrokenWorld = {
  readonly log: Log
  readonly prefix: string
  /** Another client, over a proxy say. */
  readonly connect: (brokers: readonly string[]) => Log
  /** Appends the commands, one after the other; the next waits for the acknowledgement of the last. */
  readonly send: (...commands: readonly ReceivedCommand[]) => Promise<void>
  /** Sends one command after the other until told to stop; resolves with all that were acknowledged. */
  readonly load: () => { readonly stop: () => Promise<readonly ReceivedCommand[]> }
  readonly owner: (over?: Log, logger?: Pick<Logger, 'info' | 'warn' | 'error'>) => Promise<FamilyOwner>
  readonly ownerProcess: (brokers?: readonly string[]) => Promise<ChildProcess>
  readonly entries: () => Promise<readonly JournalEntry[]>
  readonly outcomes: () => Promise<readonly OutcomeEntry[]>
  /** Waits until every command has its outcome; fails unless each was accepted, once, in the order of sending. */
  readonly decidedOnce: (commands: readonly ReceivedCommand[]) => Promise<void>
}

/** On the shared engines, unless the test brings a broker of its own; snapshots in a folder, unless it brings a store. */
export const brokenWorld = async (
  t: TestContext,
  brokers?: readonly string[],
  more: Partial<Pick<OwnerSetting, 'objects' | 'snapshotRecords'>> = {},
): Promise<BrokenWorld> => {
  const to = brokers ?? (await testEngines()).brokers
  const prefix = uniqueName('broken')
  const objects = await mkdtemp(join(temporaryFolder(), 'whiply-objects-'))
  t.after(() => rm(objects, { recursive: true, force: true }))

  const connect = (through: readonly string[]): Log => {
    const log = logOf({ brokers: through, prefix, sessionTimeoutMs: SESSION_MS })
    t.after(log.close)
    return log
  }
  const log = connect(to)
  await ensureTopics(log, { replication: 1, partitions: { account: 1, channel: 1, broadcast: 1, conversation: 1 } })
  const edge = await log.appender()

  const setting = (through: readonly string[]): OwnerSetting => ({
    brokers: through,
    prefix,
    partitions: 1,
    objects,
    instance: uniqueName('owner'),
    sessionTimeoutMs: SESSION_MS,
    ...more,
  })

  const send = async (...commands: readonly ReceivedCommand[]): Promise<void> => {
    for (const command of commands) await edge.append(commandTopic('channel'), 0, [encodeCommandRecord(command)])
  }

  const entries = async (): Promise<readonly JournalEntry[]> =>
    (await readAll(log, journalTopic('channel'), 0, 0)).map(decodeEntry)

  const outcomes = async (): Promise<readonly OutcomeEntry[]> => validOutcomes(await entries())

  return {
    log,
    prefix,
    connect,
    send,
    load: () => {
      const sent: ReceivedCommand[] = []
      let stopped = false
      const run = async (): Promise<void> => {
        while (!stopped) {
          const command = say()
          await send(command)
          sent.push(command)
        }
      }
      const running = run()
      return {
        stop: async () => {
          stopped = true
          await running
          return sent
        },
      }
    },
    owner: async (over = log, logger) => {
      const owner = await openOwner(setting(to), over, logger)
      t.after(owner.close)
      return owner
    },
    ownerProcess: async (through = to) => {
      const child = fork(join(import.meta.dirname, 'owner.fixtures.ts'), [JSON.stringify(setting(through))], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      })
      t.after(async () => {
        if (child.exitCode !== null || child.signalCode !== null) return
        child.kill('SIGKILL')
        await once(child, 'exit')
      })
      await once(child, 'message')
      return child
    },
    entries,
    outcomes,
    decidedOnce: async (commands) => {
      await until(async () => (await outcomes()).length >= commands.length, {
        what: `${commands.length} outcomes`,
        timeoutMs: 60_000,
      })
      const decided = await outcomes()
      assert.deepEqual(
        decided.map(({ commandId }) => commandId),
        commands.map(({ id }) => id),
      )
      assert.ok(decided.every(({ outcome }) => outcome.kind === 'accepted'))
      assert.deepEqual(
        decided.map(({ n }) => n),
        decided.map((_, index) => (decided[0]?.n ?? 0) + index),
      )
    },
  }
}

export const claimsIn = (entries: readonly JournalEntry[]) => entries.filter(({ kind }) => kind === 'claim')
