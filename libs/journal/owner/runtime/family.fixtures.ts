import { pino } from 'pino'
import type { ReceivedCommand } from '../../command.ts'
import { decodeEntry, encodeCommandRecord, type JournalEntry, type OutcomeEntry } from '../../envelope.ts'
import { commandTopic, journalTopic } from '../../families.ts'
import { type Room, roomRules, tinySecrets } from '../../family.fixtures.ts'
import type { Log } from '../../log.ts'
import { type MemoryLog, type MemoryLogOptions, memoryLog } from '../../memory/log.ts'
import { createMemoryObjects } from '../../objects/memory.ts'
import { partitionOf } from '../../partitioner.ts'
import { ensureTopics } from '../../topics.ts'
import { beginning, follow } from '../follow.ts'
import { ownerRules } from '../rules.ts'
import { type FamilyOwner, openFamilyOwner } from './family.ts'
import type { OwnerOptions } from './options.ts'

/** A platform in memory with one family of rooms, and what tests ask of it. */
export const roomPlatform = async (options: MemoryLogOptions = {}, partitions = 1) => {
  const log = memoryLog(options)
  const meta = await ensureTopics(log, {
    replication: 1,
    partitions: { account: 1, channel: partitions, broadcast: 1, conversation: 1 },
  })
  const objects = createMemoryObjects()
  const edge = await log.connect().appender()
  let instances = 0

  return {
    log,
    meta,
    objects,
    /** Starts an owner on a client of its own, whose every setting may be another. */
    owner: (more: Partial<OwnerOptions<Room, never, never>> & { readonly over?: Log } = {}): Promise<FamilyOwner> =>
      openFamilyOwner({
        log: more.over ?? log.connect(),
        meta,
        objects,
        rules: roomRules,
        keys: { prefetch: async () => {}, seal: tinySecrets.seal },
        fingerprint: tinySecrets.fingerprint,
        instance: `instance${instances++}`,
        logger: pino({ enabled: false }),
        timings: { tickMs: 5, pauseMs: 20, ...more.timings },
        ...(more.now && { now: more.now }),
        ...(more.keys && { keys: more.keys }),
        ...(more.objects && { objects: more.objects }),
      }),
    send: async (...commands: readonly ReceivedCommand[]): Promise<void> => {
      for (const command of commands)
        await edge.append(commandTopic('channel'), partitionOf(command.key, partitions), [encodeCommandRecord(command)])
    },
    journal: (partition = 0): readonly JournalEntry[] => entriesOf(log, partition),
    outcomes: (partition = 0): readonly OutcomeEntry[] => validOutcomes(entriesOf(log, partition)),
  }
}

export type RoomPlatform = Awaited<ReturnType<typeof roomPlatform>>

const entriesOf = (log: MemoryLog, partition: number): readonly JournalEntry[] =>
  log.records(journalTopic('channel'), partition).map(decodeEntry)

/** As any reader sees them. */
export const validOutcomes = (entries: readonly JournalEntry[]): readonly OutcomeEntry[] => {
  let followed = beginning(undefined)
  return entries.flatMap((entry, offset) => {
    const step = follow(followed, offset, entry, () => undefined, ownerRules)
    followed = step.followed
    return step.verdict === 'valid' && entry.kind === 'outcome' ? [entry] : []
  })
}

/** A group that gives every partition to every member, as two sides of a broken network might believe. */
export const everyoneOwns = (log: Log, partitions: number): Log => ({
  ...log,
  join: async ({ topics, onAssignment }) => {
    const all = Array.from({ length: partitions }, (_, partition) => partition)
    onAssignment(new Map(topics.map((topic) => [topic, all])))
    return { leave: async () => {}, refuse: () => {} }
  },
})
