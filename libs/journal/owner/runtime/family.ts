import { pauses } from '../../backoff.ts'
import { openBrokerTime } from '../../broker-time.ts'
import { encodeCommandRecord } from '../../envelope.ts'
import { commandTopic, journalTopic } from '../../families.ts'
import type { Appender, Bounds, Log, Tail, TailHandlers } from '../../log.ts'
import { firstSince } from './first-since.ts'
import { type FamilyLinks, type OwnerOptions, ownerTimings } from './options.ts'
import { openPartition, type PartitionOwner, type PartitionStatus } from './partition.ts'

/** The owners of one family's partitions in this process. */
export type FamilyOwner = {
  /** It has its assignment, owns every partition of it, and nothing hinders it. A standby that holds none is ready. */
  readonly ready: () => boolean
  readonly status: () => ReadonlyMap<number, PartitionStatus>
  /** Finishes what is in flight, lets its partitions go, leaves the group. */
  readonly close: () => Promise<void>
}

/** How long a planned stop waits for acknowledgements: what is unanswered then, its successor will find in the log. */
const drainMs = 1_000

/** The least time between two hand-overs of what was written. */
const readBackMs = 50

/**
 * Owns what a consumer group assigns to it. The group says who should try; the journal says who may (I3), so nothing
 * depends on the group being right, or on what its members believe.
 */
export const openFamilyOwner = async <State, Command extends { type: string }, Event extends { type: string }>(
  options: OwnerOptions<State, Command, Event>,
): Promise<FamilyOwner> => {
  const { log, meta, logger } = options
  const { family } = options.rules.decider
  const topics = { commands: commandTopic(family), journal: journalTopic(family) }
  const partitions = new Map<number, PartitionOwner>()
  let closed = false
  let told = false
  let reopening = false
  let broken = false
  const reopenings = pauses({ firstMs: 20, mostMs: 5_000 })

  const handlers: TailHandlers = {
    onRecords: (topic, partition, records) => {
      const owner = partitions.get(partition)
      return topic === topics.journal ? owner?.onJournal(records) : owner?.onCommands(records)
    },
    onOutOfRange: (topic, partition, expected, bounds) =>
      partitions.get(partition)?.onOutOfRange(topic === topics.journal ? 'journal' : 'commands', expected, bounds),
    onError: (error) => {
      logger.error({ family, code: (error as { code?: string }).code ?? error.name }, 'the tail of an owner has failed')
      broken = true
      void reopen()
    },
  }

  /** Commands are awaited by people; what an owner reads back nobody awaits, for the edges read it by themselves. */
  const openTails = async (): Promise<Tail> => {
    const journal = await log.tail([topics.journal], handlers, { gatherMs: readBackMs })
    const commands = await log.tail([topics.commands], handlers).catch(async (error) => {
      await journal.close()
      throw error
    })
    const tailOf = (topic: string): Tail => (topic === topics.journal ? journal : commands)
    return {
      read: (topic, partition, from) => tailOf(topic).read(topic, partition, from),
      stop: (topic, partition) => tailOf(topic).stop(topic, partition),
      close: async () => {
        await Promise.all([journal.close(), commands.close()])
      },
    }
  }

  const reopen = async (): Promise<void> => {
    if (reopening) return
    reopening = true
    await tail.close().catch(() => {})
    while (!closed) {
      // A tail that fails at once, as at a hole in the log itself, is opened later and later.
      await new Promise((resolve) => setTimeout(resolve, reopenings.next()).unref())
      try {
        broken = false
        tail = await openTails()
        // One that failed while the other was being opened is opened again, with the other.
        if (broken || closed) {
          await tail.close()
          continue
        }
        reopening = false
        for (const owner of partitions.values()) owner.readAgain()
        return
      } catch {
        // The log is away: it is asked again.
      }
    }
  }

  let tail = await openTails()
  const commandSender = openCommandSender(log, topics.commands)

  const links: FamilyLinks = {
    bounds: partitionBounds(log, topics),
    commandsSince: (partition, time) => firstSince(log, topics.commands, partition, time),
    brokerTime: openBrokerTime(log),
    sendCommands: (partition, commands) => commandSender.send(partition, commands.map(encodeCommandRecord)),
    refuse: (partition) => void joined.then(({ refuse }) => refuse(topics.commands, partition)).catch(() => {}),
    readJournal: (partition, from) => tail.read(topics.journal, partition, from),
    readCommands: (partition, from) => tail.read(topics.commands, partition, from),
    stopJournal: (partition) => tail.stop(topics.journal, partition),
    stopCommands: (partition) => tail.stop(topics.commands, partition),
  }

  const ownerOf = (partition: number): PartitionOwner => {
    const owner = partitions.get(partition) ?? openPartition(options, links, partition)
    partitions.set(partition, owner)
    return owner
  }

  /** Partitions that the broker has beyond the platform's own number hold no keys. */
  const onAssignment = (assignment: ReadonlyMap<string, readonly number[]>): void => {
    if (closed) return
    told = true
    const assigned = new Set(assignment.get(topics.commands)?.filter((number) => number < meta.partitions[family]))
    for (const [number, owner] of partitions) if (!assigned.has(number) && owner.status().assigned) owner.revoke()
    for (const number of assigned) if (!ownerOf(number).status().assigned) ownerOf(number).assign()
  }

  const joined = log.join({ group: `whiply.decider.${family}`, topics: [topics.commands], onAssignment })
  const membership = await joined
  const ticks = setInterval(() => {
    for (const owner of partitions.values()) owner.tick()
  }, options.timings?.tickMs ?? ownerTimings.tickMs)

  const statuses = (): ReadonlyMap<number, PartitionStatus> =>
    new Map([...partitions].map(([number, owner]) => [number, owner.status()]))

  return {
    ready: () =>
      told &&
      !closed &&
      [...statuses().values()].every(
        ({ assigned, phase, hindrance }) =>
          phase !== 'stopped' && (!assigned || (phase === 'owning' && hindrance === undefined)),
      ),
    status: statuses,
    close: async () => {
      if (closed) return
      closed = true
      clearInterval(ticks)
      const patience = new Promise((resolve) => setTimeout(resolve, drainMs).unref())
      await Promise.race([Promise.all([...partitions.values()].map((owner) => owner.drain())), patience])
      for (const owner of partitions.values()) owner.stop()
      await Promise.allSettled([membership.leave(), tail.close(), commandSender.close()])
    },
  }
}

/**
 * Asks for the bounds of both topics; callers of one tick share an answer. None is given one that was asked for before it
 * called: it would not tell of what the caller has read since.
 */
const partitionBounds = (
  log: Pick<Log, 'bounds'>,
  topics: { readonly commands: string; readonly journal: string },
): FamilyLinks['bounds'] => {
  let asked: Promise<readonly (readonly Bounds[])[]> | undefined
  const askOnce = (): Promise<readonly (readonly Bounds[])[]> => {
    asked ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      asked = undefined
      return Promise.all([log.bounds(topics.commands), log.bounds(topics.journal)])
    })
    return asked
  }
  return async (partition) => {
    const [commands, journal] = await askOnce()
    const [ofCommands, ofJournal] = [commands?.[partition], journal?.[partition]]
    if (!ofCommands || !ofJournal) throw new RangeError(`there is no partition ${partition}`)
    return { commands: ofCommands, journal: ofJournal }
  }
}

/** Sends due commands. They carry ids, so they may be sent again, and need no appender of their own. */
const openCommandSender = (log: Pick<Log, 'appender'>, topic: string) => {
  let current: Promise<Appender> | undefined
  const drop = async (): Promise<void> => {
    const old = current
    current = undefined
    await old?.then((appender) => appender.close()).catch(() => {})
  }
  return {
    send: async (partition: number, records: Parameters<Appender['append']>[2]): Promise<void> => {
      current ??= log.appender()
      const used = current
      try {
        const appender = await used
        await appender.appendMany(topic, [{ partition, records }])
      } catch (error) {
        if (current === used) await drop()
        throw error
      }
    },
    close: drop,
  }
}
