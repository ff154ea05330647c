import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { ChannelHistory } from '#libs/channel/edge.ts'
import type { EdgeView } from '#libs/channel/edge-view.ts'
import { gcraLimiter } from '#libs/http/rate-limit.ts'
import { until } from '#libs/testing/until.ts'
import { createAddressCounts } from '../addresses.ts'
import { ada, channel } from '../edge.fixtures.ts'
import { createPresenceTable } from '../presence/table.ts'
import { createRooms } from '../rooms.ts'
import { createSessions } from '../sessions.ts'
import { openIrc } from './irc.ts'

/** As much of a room's view as a JOIN looks at. */
const view = { slug: 'lobby', topic: null, slowModeSeconds: 0, seq: 1 } as EdgeView

/** The door of IRC beside what an edge shares with it. */
const opened = async (t: TestContext) => {
  const history: Pick<ChannelHistory, 'open'> = { open: async () => view }
  const rooms = createRooms({
    history,
    partitionOf: () => 0,
    positionOf: () => null,
    isErased: () => false,
    ringBytes: 1_000_000,
  })
  const [sessions, table, addresses] = [createSessions(), createPresenceTable(), createAddressCounts()]
  const byToken = async () => ada
  const names = { handles: async () => new Map([[ada.accountId, 'ada']]), channel: async () => channel }
  const irc = await openIrc(
    {
      clientAddress: () => '127.0.0.1',
      addresses,
      ready: () => true,
      rooms,
      sessions,
      authentication: { byToken, byCookie: byToken },
      post: () => {},
      whisper: () => {},
      lanes: { follow: async () => {}, leave: () => {} },
      table,
      limiter: gcraLimiter(),
      onError: (error) => assert.fail(String(error)),
      now: Date.now,
    },
    { port: 0, names },
  )
  t.after(async () => {
    irc.shut()
    await irc.empty(0)
  })
  const left = () => ({
    held: rooms.get(channel)?.held,
    sessions: sessions.of(ada.accountId).size,
    present: table.of(channel).count,
    connections: irc.connections.size,
  })
  return { irc, left }
}

const joined = async (t: TestContext, port: number) => {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  t.after(() => socket.destroy())
  let heard = ''
  socket.on('data', (text) => {
    heard += text
  })
  socket.write('PASS ada\r\nNICK ada\r\nJOIN #lobby\r\n')
  await until(() => heard.includes(' 366 '))
  return socket
}

test('whoever is gone, by whatever way, holds neither room nor session, and is present nowhere', async (t) => {
  const { irc, left } = await opened(t)
  const ways = [
    (socket: Awaited<ReturnType<typeof joined>>) => socket.write('QUIT\r\n'),
    (socket: Awaited<ReturnType<typeof joined>>) => socket.end(),
    (socket: Awaited<ReturnType<typeof joined>>) => socket.resetAndDestroy(),
    () => [...irc.connections][0]?.close('policy'),
  ]
  for (const leave of ways) {
    const socket = await joined(t, irc.port ?? 0)
    assert.deepEqual(left(), { held: 1, sessions: 1, present: 1, connections: 1 })
    const [, gone] = [leave(socket), once(socket, 'close')]
    await gone
    await until(() => irc.connections.size === 0)
    assert.deepEqual(left(), { held: 0, sessions: 0, present: 0, connections: 0 })
  }
})
