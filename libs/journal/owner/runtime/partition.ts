import { decodeEntry, type JournalEntry, type WrittenEntry } from '../../envelope.ts'
import { journalTopic } from '../../families.ts'
import type { Bounds, Instant, Offset, StoredRecord } from '../../log.ts'
import { openSnapshots } from '../../snapshots/store.ts'
import { familyDomain } from '../../turn.ts'
import { readOn } from '../claims.ts'
import { ownerMachine } from '../machine.ts'
import { newOwner, type Phase } from '../state.ts'
import { openClaimer } from './claimer.ts'
import { clockGuard } from './clock.ts'
import { dueCommands } from './dues.ts'
import { type Hindrance, openHindrances } from './hindrances.ts'
import { type EffectHandlers, openHost } from './host.ts'
import { lostCommands } from './lost-commands.ts'
import { watchForLost } from './lost-records.ts'
import { type FamilyLinks, type OwnerOptions, ownerTimings } from './options.ts'
import { ownerReport } from './report.ts'
import { openRestore } from './restore.ts'
import { openSender } from './sender.ts'
import { openSnapshotter } from './snapshotter.ts'
import { decisionTraces } from './traces.ts'
import { openTurns } from './turns.ts'

/** One partition's owner at work: carries out over the real log what the machine asks for. */
export type PartitionOwner = {
  readonly assign: () => void
  readonly revoke: () => void
  readonly onJournal: (records: readonly StoredRecord[]) => void
  readonly onCommands: (records: readonly StoredRecord[]) => void | Promise<void>
  readonly onOutOfRange: (topic: 'commands' | 'journal', expected: Offset, bounds: Bounds) => void
  /** Reads again from where it is, over a new tail. */
  readonly readAgain: () => void
  readonly tick: () => void
  /** Takes no more turns; resolves when nothing is in flight. */
  readonly drain: () => Promise<void>
  readonly stop: () => void
  readonly status: () => PartitionStatus
}

export type PartitionStatus = {
  readonly phase: Phase<unknown>['name']
  readonly assigned: boolean
  readonly hindrance: Hindrance | undefined
  /** Commands read and not decided. */
  readonly queued: number
  readonly n: number
}

export const openPartition = <State, Command extends { type: string }, Event extends { type: string }>(
  options: OwnerOptions<State, Command, Event>,
  links: FamilyLinks,
  partition: number,
): PartitionOwner => {
  const { log, meta, rules, keys, instance, now = Date.now } = options
  const { family, stateVersion } = rules.decider
  const timings = { ...ownerTimings, ...options.timings }
  const secrets = { seal: keys.seal, fingerprint: options.fingerprint }
  const domain = familyDomain(rules, secrets)
  const ownerId = `${instance}/${family}/${partition}`
  const report = ownerReport(options.logger, meta.logId, family, partition)
  const hindrances = openHindrances(report)
  const guard = clockGuard(now, links.brokerTime)
  const traces = decisionTraces(family, partition)
  const dues = dueCommands(rules, partition, instance)
  const place = { objects: options.objects, logId: meta.logId, family, partition, stateVersion }
  const snapshots = openSnapshots<State>(place, rules.decider)
  const snapshotter = openSnapshotter(snapshots, timings, now, (error) =>
    report.alarm('journal.snapshot_failed', error),
  )
  /** The broker's, of the record read last. */
  let timestamp: Instant = 0
  let lingering: NodeJS.Timeout | undefined
  /** Whether the journal is read: from an assignment on, until the partition is forgotten or given up. */
  let followed = false

  const sender = openSender(log, journalTopic(family), partition, report, {
    onAcknowledged: (send, offset) => {
      traces.appended('acknowledged')
      host.give({ type: 'acknowledged', send, offset })
      onwards()
    },
    onFailed: (send) => {
      traces.appended('failed')
      host.give({ type: 'failed', send })
      onwards()
    },
  })

  const isOwn = (entry: JournalEntry): boolean => {
    const { phase } = host.state()
    if (entry.kind === 'claim') return entry.nonce.startsWith(`${ownerId}/`)
    return entry.kind !== 'unreadable' && phase.name === 'owning' && entry.claim === phase.claim
  }

  /** By which the clock's guard knows a record again: a claim by its nonce, a batch by its last record. */
  const nameOf = (entry: WrittenEntry): string => (entry.kind === 'claim' ? entry.nonce : `${entry.claim}.${entry.n}`)

  const effects: EffectHandlers = {
    claim: ({ send, nonce, agedOut }) => {
      const partitions = meta.partitions[family]
      const claim = { nonce, owner: instance, stateVersion, logId: meta.logId, partitions, ...(agedOut && { agedOut }) }
      guard.sent(nonce)
      sender.claim(send, { kind: 'claim', ...claim })
    },
    append: ({ send, entries }) => {
      const last = entries.at(-1)
      if (last) guard.sent(nameOf(last))
      hindrances.clear()
      traces.appending(entries)
      sender.append(send, entries)
    },
    discard: () => sender.discard(),
    commands: ({ from, after }) => {
      const { phase } = host.state()
      if (phase.name === 'owning') report.owning(phase.claim, from)
      hindrances.clear()
      turns.clear()
      if (after !== undefined) turns.expect(from - 1, after)
      links.readCommands(partition, after === undefined ? from : from - 1)
    },
    idle: () => {
      turns.clear()
      links.stopCommands(partition)
      if (host.state().phase.name === 'following') claimer.standBack()
    },
    reread: ({ from }) => links.readJournal(partition, from),
    judged: ({ verdict, offset, entry }) => {
      const own = isOwn(entry)
      if (own && entry.kind !== 'unreadable') guard.observe(nameOf(entry), timestamp)
      if (own && entry.kind === 'outcome') traces.end(entry.commandOffset)
      report.judged(verdict, offset, entry, own)
    },
    lost: ({ offset }) => report.lost(offset),
    clockBehind: () => hindrances.set('journal.clock_behind'),
    turnFailed: ({ commandOffset, error }) => report.turnFailed(commandOffset, error),
  }

  /** For good, in this process: only another release or an operator can change what it is about. */
  const giveUp = (code: Hindrance, error?: unknown): void => {
    hindrances.set(code, error)
    stop()
    links.refuse(partition)
  }

  const host = openHost(newOwner(ownerId, domain.empty), ownerMachine({ domain }), effects, (error) =>
    giveUp('journal.evolve_failed', error),
  )
  const claimer = openClaimer(host, links, partition, hindrances, timings)
  const onLost = lostCommands(host, links, partition, hindrances, (range, end) => turns.onGone(range, end))
  const turns = openTurns(host, { rules, secrets, keys, guard, hindrances, report, traces, now, onLost })
  const lostRecords = watchForLost(host, links, partition, timings)
  const restore = openRestore(snapshots, {
    read: (from) => links.readJournal(partition, from),
    journalEnd: async () => (await links.bounds(partition)).journal.end,
    onLost: () => hindrances.set('journal.truncated'),
    onElsewhere: () => report.alarm('journal.position_invalid'),
    take: (snapshot, found) => {
      host.give({ type: 'restore', snapshot, found })
      if (host.state().read !== snapshot) return false
      snapshotter.restored(snapshot.n)
      return true
    },
    onUnreadable: (error) => report.alarm('journal.snapshot_unreadable', error),
    onAway: (error) => hindrances.set('journal.objects_away', error),
  })

  const sendDues = (): void => {
    const { phase, read } = host.state()
    if (phase.name !== 'owning') return
    const commands = dues.of(read.fold, Math.max(now(), read.at))
    // Those that do not arrive are sent again after a while.
    if (commands.length > 0) links.sendCommands(partition, commands).catch(() => {})
  }

  /** Whatever can go on now, goes on. */
  const onwards = (): void => {
    if (!restore.busy()) claimer.look()
    turns.look()
    const { phase, read } = host.state()
    if (phase.name === 'owning') snapshotter.look(read, timestamp)
  }

  const take = (record: StoredRecord): void => {
    const entry = decodeEntry(record)
    timestamp = record.timestamp
    if (restore.busy()) restore.check(record.offset, entry)
    else host.give({ type: 'record', offset: record.offset, entry })
  }

  /** A record that this release cannot read is not taken for void: who cannot read a partition gives it up. */
  const orGiveUp = <Value>(work: () => Value): Value | undefined => {
    try {
      return work()
    } catch (error) {
      giveUp('journal.version_unknown', error)
      return undefined
    }
  }

  /** The journal has lost records that were read: what stands on them is dropped, and built anew of what is left (I3). */
  const startAnew = (): void => {
    hindrances.set('journal.truncated')
    const { assigned } = host.state()
    host.give({ type: 'revoked' })
    host.forget()
    snapshotter.restored(0)
    if (assigned) {
      host.give({ type: 'assigned' })
      restore.begin()
    } else leave()
  }

  const leave = (): void => {
    followed = false
    clearTimeout(lingering)
    restore.cancel()
    links.stopJournal(partition)
  }

  const stop = (): void => {
    leave()
    host.give({ type: 'stop' })
  }

  const onCommandsOutOfRange = (resume: Offset, { start, end }: Bounds): void => {
    if (end < resume) onLost(resume)
    else if (start > resume) turns.onGone({ from: resume, to: start }, end)
    else effects.commands({ type: 'commands', from: resume })
  }

  return {
    assign: () => {
      if (host.state().phase.name === 'stopped') return
      followed = true
      clearTimeout(lingering)
      host.give({ type: 'assigned' })
      claimer.hurry()
      if (host.state().read.next === 0 && !restore.busy()) restore.begin()
      onwards()
    },
    revoke: () => {
      host.give({ type: 'revoked' })
      const forget = (): void => {
        leave()
        host.forget()
      }
      lingering = setTimeout(forget, timings.lingerMs).unref()
    },
    onJournal: (records) => {
      orGiveUp(() => {
        for (const record of records) take(record)
      })
      onwards()
    },
    onCommands: (records) => orGiveUp(() => turns.onCommands(records)),
    onOutOfRange: (topic, expected, bounds) => {
      if (topic === 'commands') onCommandsOutOfRange(turns.first(expected), bounds)
      else if (restore.outOfRange()) return
      else if (bounds.end < expected) startAnew()
      // Its beginning has gone: nobody can read it any more.
      else giveUp('journal.truncated')
    },
    readAgain: () => {
      if (!followed) return
      if (restore.busy()) return restore.again()
      const { phase, read } = host.state()
      links.readJournal(partition, read.next)
      if (phase.name === 'owning') effects.commands(readOn(phase.ahead))
    },
    tick: () => {
      sendDues()
      lostRecords.look()
      onwards()
    },
    drain: turns.drain,
    stop,
    status: () => {
      const { phase, assigned, read } = host.state()
      return { phase: phase.name, assigned, hindrance: hindrances.current(), queued: turns.queued(), n: read.n }
    },
  }
}
