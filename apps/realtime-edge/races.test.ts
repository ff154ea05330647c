import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import type { WebSocket } from 'ws'
import type { ChannelHistory } from '#libs/channel/edge.ts'
import { laneFrame } from '#libs/channel/frames.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { createChannelIngest } from './channel-ingest.ts'
import { Connection } from './connection.ts'
import { channel, epoch, framesIn } from './edge.fixtures.ts'
import { createJoining } from './joining.ts'
import { detach, type Membership } from './room.ts'
import { createRooms } from './rooms.ts'

/**
 * Everything that an edge waits for (keys, views, history, sockets) answers in whatever order the scheduler picks, while
 * clients come, go and resume, events happen, and idle rooms are dropped. Whatever the order, a client that is there at
 * the end has seen every number once and in order.
 */
const createModel = (scheduler: fc.Scheduler) => {
  const later = (label: string) => scheduler.schedule(Promise.resolve(), label)
  const journal: OutcomeRecord[] = []
  const alarms: string[] = []
  /** Records that the read model has applied; it may be ahead of the edge, and behind it. */
  let applied = 0
  let read = 0
  let reading = false
  let now = 0

  const eventAt = (seq: number) => ({ type: 'TimeoutEnded', seq, member: '9', cause: 'lifted' }) as const
  const atLeast = (records: number) => {
    applied = Math.max(applied, records)
  }

  const history: ChannelHistory = {
    open: async (_channel, minPosition) => {
      await later('view asked')
      atLeast(Number(minPosition?.split('.')[2] ?? 0))
      const seq = applied
      await later('view answered')
      return {
        ownerId: '1',
        slug: null,
        topic: null,
        slowModeSeconds: 0,
        roles: new Map(),
        timeouts: new Map(),
        modes: {},
        seq,
        moderationSeq: 0,
      }
    },
    between: async (_channel, from, to) => {
      await later('history')
      atLeast(to)
      return Array.from({ length: to - from + 1 }, (_, index) => laneFrame(channel, eventAt(from + index), 0, uuidv7()))
    },
    moderationBetween: async () => [],
    startOfLast: async (_channel, _count, before) => before,
  }

  const rooms = createRooms({
    history,
    partitionOf: () => 0,
    positionOf: (partition) => ingest.positionOf(partition),
    isErased: () => false,
    ringBytes: 1e6,
    now: () => now,
  })
  const keys = { prefetch: () => later('keys').then(() => {}), open: () => undefined }
  const ingest = createChannelIngest({ rooms, keys, onMember: () => {}, alarm: (code) => alarms.push(code) })
  const join = createJoining({ epoch, history, readAll: () => new Promise(() => {}) })

  const readOn = async (): Promise<void> => {
    if (reading) return
    reading = true
    while (read < journal.length) {
      const batch = journal.slice(read, read + 3)
      read += batch.length
      await ingest.outcomes(0, batch, { logId: epoch, offset: read, claim: 0, n: read })
    }
    reading = false
  }

  return {
    alarms,
    length: () => journal.length,
    happen: () => {
      const seq = journal.length + 1
      journal.push({
        family: 'channel',
        partition: 0,
        offset: seq,
        claim: 0,
        n: seq,
        key: channel,
        at: 0,
        commandOffset: seq,
        commandId: uuidv7(),
        commandType: 'Test',
        principal: 'test',
        origin: 'test',
        fingerprint: '',
        stateVersion: 1,
        outcome: { kind: 'accepted', events: [codecs.channel.encodeEvent(eventAt(seq))], summary: {} },
      })
      void readOn()
    },
    project: () => atLeast(journal.length),
    dropIdle: () => {
      now += 3_600_000
      rooms.sweep()
    },
    client: () => createClient(),
  }

  function createClient() {
    const seen: number[] = []
    let membership: Membership | undefined
    let joining = false

    const connect = (): Connection => {
      const write = (bytes: Buffer, done?: () => void) => {
        for (const frame of framesIn(bytes)) {
          if (frame.type === 'event') seen.push(frame.seq)
          else if (frame.type !== 'joined') seen.push(Number.NaN)
        }
        if (done) void later('socket').then(done)
        return true
      }
      const ws = { readyState: 1, OPEN: 1, once: () => {} } as unknown as WebSocket
      return new Connection(ws, { write, writableLength: 0 } as unknown as Socket, 'c', '', 0)
    }

    const toggle = async (): Promise<void> => {
      if (joining) return
      if (membership) {
        detach(membership)
        rooms.leave(membership.room)
        membership = undefined
        return
      }
      joining = true
      const room = await rooms.enter(channel)
      assert.ok(room)
      membership = await join(connect(), room, { from: { epoch, seq: seen.at(-1) ?? 0 } })
      joining = false
    }

    return { seen, toggle, isThere: () => membership !== undefined }
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant('happen' as const) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 2 }) },
  { weight: 1, arbitrary: fc.constant('project' as const) },
  { weight: 1, arbitrary: fc.constant('dropIdle' as const) },
)

test('in whatever order an edge is answered, nobody misses a number or gets one twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(step, { minLength: 4, maxLength: 30 }), async (scheduler, steps) => {
      const model = createModel(scheduler)
      const clients = [model.client(), model.client(), model.client()]
      model.happen()
      scheduler.scheduleSequence(
        steps.map((taken) => async () => {
          if (typeof taken === 'number') void clients[taken]?.toggle()
          else model[taken]()
        }),
      )
      await scheduler.waitIdle()
      for (const client of clients) if (!client.isThere()) void client.toggle()
      model.happen()
      await scheduler.waitIdle()
      const all = Array.from({ length: model.length() }, (_, index) => index + 1)
      for (const client of clients) assert.deepEqual(client.seen, all)
      assert.deepEqual(model.alarms, [])
    }),
    { numRuns: 2000 },
  )
})
