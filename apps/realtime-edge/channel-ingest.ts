import { setImmediate as others } from 'node:timers/promises'
import { eventsOf, openEvent, type SealedEvent, subjectsOf } from '#libs/channel/edge.ts'
import { safeError } from '#libs/http/safe-error.ts'
import { type OutcomeRecord, type Position, positionToken } from '#libs/journal/outcome.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import { continueStage, type Stage } from '#libs/telemetry/trace.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'
import type { Lesson } from './member-facts.ts'
import { applyEvent, flush, type Room } from './room.ts'
import type { Rooms } from './rooms.ts'

export type ChannelIngestOptions = {
  readonly rooms: Pick<Rooms, 'get'>
  readonly keys: Pick<PersonalKeys, 'prefetch' | 'open'>
  /** Something has changed of a member that rules ask the edge for. */
  readonly onMember: (channel: string, member: string, lesson: Lesson) => void
  /** A channel has another policy. */
  readonly onPolicy?: ((channel: string, policy: string | null) => void) | undefined
  /** An error that needs an operator. */
  readonly alarm: (code: string, details: Readonly<Record<string, unknown>>) => void
}

/** Takes the outcomes of the channel journal to the rooms that are followed here. */
export type ChannelIngest = {
  /** Never to be called twice at once for one partition. */
  readonly outcomes: (partition: number, records: readonly OutcomeRecord[], position: Position) => Promise<void>
  /** Where the edge stands in a partition, as a token; null before the first record. */
  readonly positionOf: (partition: number) => string | null
  readonly startAt: (partition: number, position: Position) => void
}

type Work = {
  readonly room: Room
  readonly record: OutcomeRecord
  readonly events: readonly SealedEvent[]
  readonly stage: Stage
}

/** What an event says of a member that rules ask the edge for; undefined of most. */
const lessonOf = (
  event: SealedEvent['event'],
  at: number,
): { readonly member: string; readonly lesson: Lesson } | undefined => {
  if (event.type === 'MemberFollowed') return { member: event.member, lesson: { followedAt: String(at) } }
  if (event.type === 'MemberUnfollowed') return { member: event.member, lesson: { followedAt: undefined } }
  if (event.type === 'RulesAccepted') return { member: event.member, lesson: { rulesAccepted: String(event.version) } }
  return undefined
}

/**
 * So many records are handed out in one turn. After a stall a batch may be thousands: what came in on sockets, and batches
 * of other partitions, have their turn in between.
 */
export const RECORDS_A_TURN = 256

export const createChannelIngest = ({
  rooms,
  keys,
  onMember,
  onPolicy,
  alarm,
}: ChannelIngestOptions): ChannelIngest => {
  const reached = new Map<number, number>()

  /** Skips what nobody follows before anything of it is decoded. */
  const select = (records: readonly OutcomeRecord[]): readonly Work[] => {
    const work: Work[] = []
    for (const record of records) {
      if (record.outcome.kind !== 'accepted') continue
      const room = rooms.get(record.key)
      if (!room) continue
      try {
        const stage = continueStage('deliver', record.traceparent, { channel: record.key, n: record.n })
        work.push({ room, record, events: eventsOf(record), stage })
      } catch (error) {
        alarm('live.undecodable', { partition: record.partition, offset: record.offset, error: safeError(error) })
      }
    }
    return work
  }

  const subjects = (work: readonly Work[]): ReadonlySet<string> => {
    const found = new Set<string>()
    for (const { events } of work)
      for (const event of events) for (const subject of subjectsOf(event)) found.add(subject)
    return found
  }

  /** What cannot be opened for whatever reason is shown as a skip, so that the lane goes on. */
  const opened = (sealed: SealedEvent, record: OutcomeRecord): ReturnType<typeof openEvent> => {
    try {
      return openEvent(sealed, keys.open)
    } catch (error) {
      alarm('live.unopened', { partition: record.partition, offset: record.offset, error: safeError(error) })
      return openEvent(sealed, () => undefined)
    }
  }

  const apply = ({ room, record, events }: Work): void => {
    for (const sealed of events) {
      const lesson = lessonOf(sealed.event, record.at)
      if (sealed.event.type === 'PolicySet') onPolicy?.(room.channel, sealed.event.policy)
      if (lesson) onMember(room.channel, lesson.member, lesson.lesson)
      const applied = applyEvent(room, opened(sealed, record), record.at, record.commandId)
      if (applied === 'hole') alarm('live.hole', { channel: room.channel, offset: record.offset })
    }
  }

  /** The smallest rooms first: none of them waits until thousands have been written to. */
  const handOut = (work: readonly Work[]): void => {
    const touched = new Set<Room>()
    for (const item of work) {
      // Somebody may have let go of it, and it may be there anew, with a view that has this already.
      if (rooms.get(item.room.channel) !== item.room) continue
      apply(item)
      touched.add(item.room)
    }
    let delivered = 0
    for (const room of [...touched].sort((one, other) => one.members.length - other.members.length))
      delivered += flush(room)
    if (delivered > 0) meters().deliveries.add(delivered)
  }

  return {
    positionOf: (partition) => {
      const n = reached.get(partition) ?? 0
      return n === 0 ? null : positionToken({ family: 'channel', partition, n })
    },
    startAt: (partition, position) => reached.set(partition, position.n),
    outcomes: async (partition, records, position) => {
      // Rooms that appear from here on read their view at this position, and have no part in this batch.
      const begun = performance.now()
      reached.set(partition, position.n)
      const work = select(records)
      if (work.length === 0) return
      await keys.prefetch(subjects(work))
      for (let from = 0; from < work.length; from += RECORDS_A_TURN) {
        if (from > 0) await others()
        handOut(work.slice(from, from + RECORDS_A_TURN))
      }
      for (const { stage } of work) stage.end()
      meters().stageSeconds.record((performance.now() - begun) / 1000, { stage: 'deliver' })
    },
  }
}
