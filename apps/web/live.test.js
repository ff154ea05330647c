import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { WebSocketServer } from 'ws'
import { openLive } from './public/live.js'

/** What a page has and Node does not. */
globalThis.addEventListener ??= () => {}

const joined = {
  type: 'joined',
  epoch: 'e',
  next: 1,
  role: null,
  settings: { topic: null, slowModeSeconds: 0 },
  timeouts: [],
}

/** An edge that answers the frames of each connection as told, and a client of it that writes down what it is told. */
const start = async (t, answer) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  t.after(() => server.close())
  let connections = 0
  server.on('connection', (socket) => {
    const connection = ++connections
    const send = (frame) => socket.send(JSON.stringify(frame))
    socket.on('message', (data) => answer(JSON.parse(data.toString()), send, connection))
  })
  const told = []
  const on = Object.fromEntries(
    ['connected', 'joined', 'event', 'gap', 'presence', 'outcome', 'signedOut'].map((name) => [
      name,
      (detail) => told.push([name, detail]),
    ]),
  )
  const live = openLive({
    url: `ws://127.0.0.1:${server.address().port}`,
    channel: '7',
    token: async () => 'good',
    on,
  })
  t.after(() => live.close())
  const heard = async (name) => {
    for (;;) {
      const found = told.find(([what]) => what === name)
      if (found) return found[1]
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  return { live, heard, connections: () => connections }
}

for (const refused of ['join', 'auth'])
  test(`an engine that is away at ${refused} is asked again`, { timeout: 10_000 }, async (t) => {
    const { heard, connections } = await start(t, (frame, send, connection) => {
      if (connection === 1 && frame.type === refused) send({ type: 'error', code: 'platform.unavailable', message: '' })
      else if (frame.type === 'join' && (connection > 1 || refused === 'join')) send(joined)
    })
    await heard('joined')
    assert.equal(connections(), 2)
  })

test('a post that has expired is told of, and not sent for ever', { timeout: 10_000 }, async (t) => {
  const { live, heard } = await start(t, (frame, send) => {
    if (frame.type === 'join') send(joined)
    if (frame.type === 'post') send({ type: 'outcome', id: frame.id, status: 'rejected', code: 'command.expired' })
  })
  await heard('joined')
  const id = live.post({ text: 'hello' })
  assert.deepEqual(await heard('outcome'), { type: 'outcome', id, status: 'rejected', code: 'command.expired' })
})

test('a post that has to wait is not overtaken by later ones', { timeout: 10_000 }, async (t) => {
  const came = []
  const { live, heard } = await start(t, (frame, send) => {
    if (frame.type === 'join') send(joined)
    if (frame.type !== 'post') return
    came.push(frame.text)
    if (came.length === 1)
      send({ type: 'error', id: frame.id, code: 'live.rate_limited', message: '', retryAfterMs: 50 })
    else if (frame.text === 'last') send({ type: 'outcome', id: frame.id, status: 'rejected', code: 'the.end' })
    else send({ type: 'outcome', id: frame.id, status: 'accepted' })
  })
  await heard('joined')
  for (const text of ['first', 'second', 'last']) live.post({ text })
  while (came.at(-1) !== 'last') await heard('outcome').then(() => new Promise((resolve) => setTimeout(resolve, 10)))
  assert.deepEqual(came, ['first', 'first', 'second', 'last'])
})
