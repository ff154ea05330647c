import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Connection } from './connection.ts'
import { startHeartbeat } from './heartbeat.ts'
import { limits } from './limits.ts'
import { SESSION_SOCKET_MS } from './sessions.ts'

const setUp = (count: number) => {
  const events: string[] = []
  const connections = Array.from({ length: count }, (_, share) => ({
    share,
    seenAt: 0,
    identity: undefined as { readonly provenAt: number } | undefined,
    ping: () => void events.push(`ping ${share}`),
    close: (reason: string) => void events.push(`${reason} ${share}`),
    destroy: (reason: string) => void events.push(`${reason} ${share}`),
  }))
  return { events, connections, asConnections: connections as unknown as readonly Connection[] }
}

test('each connection is asked once a heartbeat, a share of them each second', (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'] })
  const { events, asConnections } = setUp(60)
  const stop = startHeartbeat(() => asConnections, Date.now)
  t.mock.timers.tick(1000)
  assert.equal(events.length, 2)
  t.mock.timers.tick(limits.heartbeatMs - 1000)
  assert.equal(new Set(events).size, 60)
  assert.equal(events.length, 60)
  stop()
})

test('one that gave no sign for two heartbeats is ended, one that proved itself a day ago has to log in again', (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'] })
  const { events, connections, asConnections } = setUp(1)
  const [connection] = connections
  assert.ok(connection)
  const stop = startHeartbeat(() => asConnections, Date.now)
  t.mock.timers.tick(2 * limits.heartbeatMs)
  assert.deepEqual(events, ['ping 0', 'ping 0'])
  t.mock.timers.tick(limits.heartbeatMs)
  assert.equal(events.at(-1), 'unresponsive 0')
  t.mock.timers.setTime(SESSION_SOCKET_MS)
  for (const [provenAt, happened] of [
    [undefined, 'ping 0'],
    [limits.heartbeatMs * 2, 'ping 0'],
    [0, 'sessionEnded 0'],
  ] as const) {
    connection.seenAt = Date.now()
    connection.identity = provenAt === undefined ? undefined : { provenAt }
    t.mock.timers.tick(limits.heartbeatMs)
    assert.equal(events.at(-1), happened)
  }
  stop()
})
