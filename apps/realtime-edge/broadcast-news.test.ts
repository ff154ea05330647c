import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import { type BroadcastEvent, broadcastAbsent } from '#libs/contracts/generated/broadcast.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { until } from '#libs/testing/until.ts'
import { createBroadcastNews } from './broadcast-news.ts'
import type { Connection } from './connection.ts'
import { framesIn } from './edge.fixtures.ts'
import type { Room } from './room.ts'

const at = 1_800_000_000_000
const broadcastId = '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'

const started: BroadcastEvent = {
  type: 'BroadcastStarted',
  broadcastId,
  sessionId: 's1',
  keyId: 'k1',
  origin: 'http://127.0.0.1:8082',
  leaseUntil: at + 15_000,
  graceMs: 60_000,
}
const ended: BroadcastEvent = { type: 'BroadcastEnded', broadcastId, reason: 'stopped', actor: '7', restUntil: null }

const renamed: BroadcastEvent = {
  type: 'BroadcastInfoChanged',
  ...broadcastAbsent.BroadcastInfoChanged,
  actor: '7',
  broadcastId,
}
const warned = (warning: 'no_renditions' | 'keyframe_interval'): BroadcastEvent => ({
  type: 'WarningAppeared',
  broadcastId,
  warning,
  value: 1,
})

const record = (event: BroadcastEvent, when = at): OutcomeRecord =>
  ({
    key: '7',
    at: when,
    partition: 0,
    offset: 1,
    outcome: { kind: 'accepted', events: [codecs.broadcast.encodeEvent(event)], summary: {} },
  }) as unknown as OutcomeRecord

/** Somebody who is connected, and what they were sent. */
const person = (accountId?: string) => {
  const frames: unknown[] = []
  const connection = {
    identity: accountId === undefined ? undefined : { accountId },
    open: true,
    write: (bytes: Buffer) => void frames.push(...framesIn(bytes)),
  } as unknown as Connection
  return { connection, frames }
}

test('those in the channel are told of its broadcast, and followers elsewhere that it began', async () => {
  const [here, follower, stranger, nobody] = [person('1'), person('2'), person('3'), person()]
  const room = { members: [{ connection: here.connection }] } as unknown as Room
  const asked: string[][] = []
  const tell = createBroadcastNews({
    rooms: { get: (channel) => (channel === '7' ? room : undefined) },
    connections: () => [here, follower, stranger, nobody].map(({ connection }) => connection),
    followersAmong: async (_channel, accountIds) => {
      asked.push([...accountIds])
      return new Set(['1', '2'])
    },
    alarm: (code) => assert.fail(code),
    onError: (error) => assert.fail(String(error)),
    now: () => at,
  })
  const frame = { type: 'broadcast', channel: '7', at, broadcast: broadcastId }
  tell([record(started, at - 61_000), record(started)])
  await until(() => follower.frames.length > 0)
  tell([record({ type: 'LeaseRenewed', broadcastId, leaseUntil: at }), record(renamed)])
  tell([
    record({ ...renamed, broadcastId: null }),
    record(warned('keyframe_interval')),
    record(warned('no_renditions')),
  ])
  tell([record(ended)])
  assert.deepEqual(here.frames, [
    { ...frame, state: 'live' },
    { ...frame, state: 'changed' },
    { ...frame, state: 'changed' },
    { ...frame, state: 'ended', reason: 'stopped' },
  ])
  assert.deepEqual(follower.frames, [{ ...frame, state: 'live' }])
  assert.deepEqual([stranger.frames, nobody.frames], [[], []])
  assert.deepEqual(asked, [['2', '3']])
})
