import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { WebSocket, WebSocketServer } from 'ws'
import { gcraLimiter } from '#libs/http/rate-limit.ts'
import type { IrcMessage } from '#libs/protocols/irc/message.ts'
import { IrcConnection } from './connection.ts'
import { createIrcIntake } from './intake.ts'
import { tcpWire } from './tcp.ts'
import { webSocketWire } from './websocket.ts'
import type { Wire } from './wire.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

/** An intake over a wire that notes what is asked of it; what the first JOIN waits for is given by the test. */
const intake = () => {
  const calls: string[] = []
  const handled: string[] = []
  const note = (call: string) => () => {
    calls.push(call)
  }
  const wire: Wire = {
    framing: 'tcp',
    write: () => {},
    waitingBytes: () => 0,
    pause: note('pause'),
    resume: note('resume'),
    end: note('end'),
    cut: note('cut'),
    gone: new Promise(() => {}),
  }
  const work = Promise.withResolvers<void>()
  const handle = ({ command, params }: IrcMessage): Promise<void> | undefined => {
    handled.push([command, ...params].join(' '))
    return command === 'JOIN' ? work.promise : undefined
  }
  const connection = new IrcConnection(wire, 'connection', 'address', 0)
  const options = { connection, handle, limiter: gcraLimiter(), onError: () => {}, now: () => 0 }
  return { calls, handled, connection, work, take: createIrcIntake(options) }
}

test('while a line is waited for nothing is read, and what was read already follows in its order', async () => {
  const { calls, handled, work, take } = intake()
  take(Buffer.from('PING a\r\n'))
  assert.deepEqual(calls, [])
  take(Buffer.from('JOIN #lobby\r\nPING b\r\n'))
  take(Buffer.from('PING c\r\n'))
  await settled()
  assert.deepEqual([calls, handled], [['pause'], ['PING a', 'JOIN #lobby']])
  work.resolve()
  await settled()
  assert.deepEqual(handled, ['PING a', 'JOIN #lobby', 'PING b', 'PING c'])
  assert.deepEqual(calls, ['pause', 'resume'])
})

test('a line that fails costs the connection, and it is read on so that its end is noticed', async () => {
  const { calls, handled, work, take } = intake()
  take(Buffer.from('JOIN #lobby\r\nPING b\r\n'))
  work.reject(new Error('a mistake'))
  await settled()
  assert.deepEqual(handled, ['JOIN #lobby'])
  assert.deepEqual(calls, ['pause', 'end', 'resume'])
})

const listening = async (t: TestContext, server: Server): Promise<number> => {
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

test('a TCP wire that is paused leaves bytes with the system, and gives them when it is resumed', async (t) => {
  const server = createServer()
  const port = await listening(t, server)
  const client = connect(port, '127.0.0.1')
  t.after(() => client.destroy())
  const [socket] = (await once(server, 'connection')) as [Socket]
  const wire = tcpWire(socket)
  socket.on('data', () => {})
  wire.pause()
  assert.equal(socket.isPaused(), true)
  client.write('PING\r\n')
  wire.resume()
  assert.equal(String((await once(socket, 'data'))[0]), 'PING\r\n')
})

test('a WebSocket wire does the same', async (t) => {
  const server = createHttpServer()
  const sockets = new WebSocketServer({ server })
  const port = await listening(t, server)
  const client = new WebSocket(`ws://127.0.0.1:${port}/`)
  t.after(() => client.terminate())
  const [ws, { socket }] = (await once(sockets, 'connection')) as [WebSocket, { readonly socket: Socket }]
  const wire = webSocketWire(ws, socket)
  wire.pause()
  assert.equal(ws.isPaused, true)
  if (client.readyState !== WebSocket.OPEN) await once(client, 'open')
  client.send('PING')
  wire.resume()
  assert.equal(String((await once(ws, 'message'))[0]), 'PING')
})
