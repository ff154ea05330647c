import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type WebSocket, WebSocketServer } from 'ws'
import { until } from '#libs/testing/until.ts'
import { startDrillClient } from './client.ts'

type Frame = { readonly type: string; readonly id?: string }

/** A live edge that answers each frame as the test says. */
const edge = async (t: TestContext, answer: (frame: Frame, connection: number) => readonly object[]) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  t.after(() => server.close())
  let connections = 0
  server.on('connection', (ws: WebSocket) => {
    const connection = ++connections
    ws.on('error', () => {})
    ws.on('message', (data) => {
      for (const frame of answer(JSON.parse(String(data)), connection)) ws.send(JSON.stringify(frame))
    })
  })
  await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as { readonly port: number }).port
}

test('auth-refused-for-now: the client comes back as itself, and its posts are not lost to a refusal', async (t) => {
  const port = await edge(t, ({ type, id }, connection) => {
    const refused = connection === 1
    if (type === 'auth')
      return refused ? [{ type: 'error', code: 'platform.unavailable' }] : [{ type: 'authenticated' }]
    if (type === 'join') return [{ type: 'joined', epoch: 'log', next: 1 }]
    return refused
      ? [{ type: 'error', id, code: 'live.unauthenticated' }]
      : [{ type: 'outcome', id, status: 'accepted', seq: 1 }]
  })
  const client = startDrillClient({
    port,
    channel: '7',
    localAddress: '127.0.0.1',
    token: () => 'token',
    onDelivery: () => {},
  })
  t.after(client.close)
  client.post('a', 'hello')
  await until(() => client.unanswered() === 0)
  assert.deepEqual([client.acknowledged(), [...client.rejected()]], [['a'], []])
  assert.deepEqual([client.reconnects(), client.acknowledgedSeq()], [1, 1])
})
