import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import type { WebSocket } from 'ws'
import type { Sealed } from '#libs/contracts/sealed.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { closeCodes } from '#libs/protocols/native/closing.ts'
import { openSocket } from '#libs/testing/socket.ts'
import { Connection } from './connection.ts'
import { ada, bob, channel, createWorld, epoch } from './edge.fixtures.ts'
import { limits } from './limits.ts'

test('slow consumer: it is cut with a code that tells it to resume, others notice nothing, and its resume has no hole', async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  const [slow, quick] = [await openSocket(t, port), await openSocket(t, port)]
  for (const socket of [slow, quick]) {
    socket.send({ type: 'join', channel })
    await socket.next('joined')
  }
  slow.pause()
  const closing = t.mock.method(Connection.prototype, 'close')
  const isCut = () => closing.mock.calls.some(({ arguments: [reason] }) => reason === 'slowConsumer')
  // The system's own buffers come before the edge's queue, so how much it takes is found out.
  const text = 'x'.repeat(4000)
  while (!isCut()) {
    for (let count = 0; count < 50; count++) await world.say(text)
    assert.ok(world.seq() < 10_000, 'the queue has a bound')
    await new Promise(setImmediate)
  }
  slow.resume()
  assert.equal((await slow.closed).code, closeCodes.slowConsumer)
  const seen = slow.numbers(channel)
  const last = seen.at(-1) ?? 1
  assert.equal(seen.length, last - 1)
  assert.ok(last < world.seq())
  await quick.next('event', ({ seq }) => seq === world.seq())
  assert.equal(quick.numbers(channel).length, world.seq() - 1)

  const back = await openSocket(t, port)
  back.send({ type: 'join', channel, from: { epoch, seq: last } })
  await back.next('event', ({ seq }) => seq === world.seq())
  assert.equal(back.numbers(channel).length, world.seq() - last)
})

test('slow reader of answers: one that is not taken within a heartbeat ends the connection, one that is does not', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const closes: number[] = []
  const ws = Object.assign(new EventEmitter(), { OPEN: 1, readyState: 1, close: (code: number) => closes.push(code) })
  const taken: (() => void)[] = []
  const socket = { write: (_bytes: Buffer, done: () => void) => taken.push(done) }
  const connection = new Connection(ws as unknown as WebSocket, socket as unknown as Socket, 'a', '192.0.2.1', 0)
  const first = connection.writeThrough(Buffer.from('first'))
  taken[0]?.()
  await first
  t.mock.timers.tick(limits.heartbeatMs)
  assert.deepEqual(closes, [])
  const second = connection.writeThrough(Buffer.from('second'))
  t.mock.timers.tick(limits.heartbeatMs)
  assert.deepEqual(closes, [closeCodes.slowConsumer])
  taken[1]?.()
  await second
  await connection.writeThrough(Buffer.from('third'))
  assert.equal(taken.length, 2)
})

test('edge restarted: clients are told when to come back, and resume at another edge without a hole', async (t) => {
  const world = createWorld()
  const [first, second] = [await world.edge(t), await world.edge(t)]
  const client = await openSocket(t, first.port)
  client.send({ type: 'join', channel })
  await client.next('joined')
  await world.say('before')
  await client.next('event')
  const closing = first.close()
  assert.ok((await client.next('closing')).reconnectAfterMs >= 250)
  assert.equal((await client.closed).code, closeCodes.goingAway)
  await closing
  world.hold(first)
  await assert.rejects(openSocket(t, first.port))
  await world.say('between')
  const back = await openSocket(t, second.port)
  back.send({ type: 'join', channel, from: { epoch, seq: 2 } })
  await world.say('after')
  await back.next('event', ({ seq }) => seq === 4)
  assert.deepEqual(back.numbers(channel), [3, 4])
})

test('an edge that is not ready lets nobody in', async (t) => {
  let ready = false
  const { port } = await createWorld().edge(t, { ready: () => ready })
  await assert.rejects(openSocket(t, port), /503/)
  ready = true
  await assert.doesNotReject(openSocket(t, port))
})

test('revoked session: its sockets close, others of the account stay, and its token counts no more', async (t) => {
  const world = createWorld()
  world.identify('ada elsewhere', { ...ada, sessionId: 'session-other' })
  const { port } = await world.edge(t)
  const [here, elsewhere] = [await openSocket(t, port), await openSocket(t, port)]
  here.send({ type: 'auth', token: 'ada' })
  elsewhere.send({ type: 'auth', token: 'ada elsewhere' })
  await here.next('authenticated')
  await elsewhere.next('authenticated')
  world.account({ type: 'SessionsRevoked', sessionIds: [ada.sessionId] })
  assert.equal((await here.closed).code, closeCodes.sessionEnded)
  elsewhere.send({ type: 'ping' })
  await elsewhere.next('pong')
  const back = await openSocket(t, port)
  back.send({ type: 'auth', token: 'ada' })
  assert.equal((await back.next('error')).code, 'live.invalid_token')
})

test('suspended account: its sockets close; a role that is taken away counts no more in the channels it was in', async (t) => {
  const world = createWorld()
  world.identify('admin', { ...bob, platformRole: 'admin' })
  const { port } = await world.edge(t)
  const [suspended, admin] = [await openSocket(t, port), await openSocket(t, port)]
  suspended.send({ type: 'auth', token: 'ada' })
  admin.send({ type: 'auth', token: 'admin' })
  await suspended.next('authenticated')
  admin.send({ type: 'join', channel })
  assert.equal((await admin.next('joined')).role, 'platform_admin')
  const reason = Buffer.from('sealed') as Sealed
  world.account({ type: 'AccountSuspended', accountId: ada.accountId, reason, until: null })
  assert.deepEqual(await suspended.closed, { code: closeCodes.sessionEnded, reason: 'suspended' })
  world.account({ type: 'PlatformRoleAssigned', accountId: bob.accountId, role: 'user', reason: null })
  admin.send({ type: 'join', channel })
  assert.equal((await admin.next('joined')).role, null)
})

test('erased account: its sockets close, and what it wrote is a skip for whoever resumes', async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  const socket = await openSocket(t, port)
  socket.send({ type: 'auth', token: 'ada' })
  socket.send({ type: 'join', channel })
  await socket.next('joined')
  const watcher = await openSocket(t, port)
  watcher.send({ type: 'join', channel })
  await watcher.next('joined')
  await world.say('a secret', ada)
  await world.say('no secret', bob)
  world.keys.erase(ada.accountId)
  world.account({ type: 'AccountErased', accountId: ada.accountId })
  assert.equal((await socket.closed).code, closeCodes.sessionEnded)
  assert.equal((await watcher.next('erased')).account, ada.accountId)
  await world.say('posted before the erasure, read after it', ada)
  const reader = await openSocket(t, port)
  reader.send({ type: 'join', channel, from: { epoch, seq: 1 } })
  await reader.next('skip', ({ from }) => from === 4)
  assert.deepEqual(reader.numbers(channel), [2, 3, 4])
  assert.doesNotMatch(JSON.stringify(reader.frames), /secret, |a secret|read after/)
})

test('oversized frames: the connection is closed with the code for it', async (t) => {
  const { port } = await createWorld().edge(t)
  const socket = await openSocket(t, port)
  socket.raw('x'.repeat(8193))
  assert.equal((await socket.closed).code, closeCodes.tooBig)
})

test('binary frames: the connection is closed with the code for it', async (t) => {
  const { port } = await createWorld().edge(t)
  const socket = await openSocket(t, port)
  socket.raw(Buffer.from([1, 2, 3]))
  assert.equal((await socket.closed).code, closeCodes.unsupportedData)
})

test('frames without end: the connection is closed, and so is one that never speaks the protocol', async (t) => {
  const { port } = await createWorld().edge(t)
  const [flood, babble] = [await openSocket(t, port), await openSocket(t, port)]
  for (let count = 0; count < 300; count++) flood.send({ type: 'ping' })
  for (let count = 0; count < 25; count++) babble.raw('{}')
  assert.equal((await flood.closed).code, closeCodes.policy)
  assert.equal((await babble.closed).code, closeCodes.policy)
})

test('fuzzed frames: whatever is sent, the edge stays and others notice nothing', async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  const watcher = await openSocket(t, port)
  watcher.send({ type: 'join', channel })
  await watcher.next('joined')
  const part = fc.oneof(fc.constantFrom('auth', 'join', 'leave', 'post', 'ping', channel, uuidv7()), fc.jsonValue())
  const frame = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.json(),
    fc
      .dictionary(fc.constantFrom('type', 'id', 'channel', 'text', 'from', 'last', 'token'), part)
      .map((value) => JSON.stringify(value)),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 30 }), async (frames) => {
      const socket = await openSocket(t, port)
      for (const text of frames) socket.raw(text)
      await socket.close()
    }),
    { numRuns: 40 },
  )
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const raw = connect(port, '127.0.0.1')
      const gone = new Promise((resolve) => raw.once('close', resolve))
      raw.on('error', () => {})
      raw.write(
        'GET /v1/live HTTP/1.1\r\nHost: edge\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      )
      raw.end(bytes)
      raw.resume()
      await gone
    }),
    { numRuns: 40 },
  )
  await world.say('still here')
  await watcher.next('event')
})

test('a key that cannot be had: the text is a skip, and the stream goes on', async (t) => {
  const world = createWorld()
  const broken = {
    ...world.keys,
    open: () => {
      throw new Error('not loaded')
    },
  }
  const { port } = await world.edge(t, { keys: broken })
  const client = await openSocket(t, port)
  client.send({ type: 'join', channel })
  await client.next('joined')
  await world.say('sealed')
  await world.happen({ type: 'TimeoutEnded', seq: 3, member: '9', cause: 'lifted' })
  await client.next('event')
  assert.deepEqual(client.numbers(channel), [2, 3])
})

test('a hole in the journal: it is alarmed and told as a gap, and the stream goes on', async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  const client = await openSocket(t, port)
  client.send({ type: 'join', channel })
  await client.next('joined')
  await world.happen({ type: 'MemberTimedOut', seq: 4, member: '9', until: 1 })
  assert.deepEqual(await client.next('gap').then(({ from, to }) => [from, to]), [2, 3])
  assert.deepEqual(client.numbers(channel), [2, 3, 4])
})

test('too many connections from one address: the next is told to wait', async (t) => {
  const { port } = await createWorld().edge(t)
  const sockets = await Promise.all(Array.from({ length: 200 }, () => openSocket(t, port)))
  await assert.rejects(openSocket(t, port), /429/)
  await sockets[0]?.close()
  await assert.doesNotReject(openSocket(t, port))
})

test('a read model that is away: the join is refused, and the next one is not', async (t) => {
  const world = createWorld()
  world.append({ type: 'MemberTimedOut', seq: 2, member: '9', until: 1 })
  world.holdReadModel(0)
  const { port } = await world.edge(t)
  const client = await openSocket(t, port)
  client.send({ type: 'join', channel })
  const refused = await client.next('error')
  assert.deepEqual([refused.code, refused.channel], ['platform.unavailable', channel])
  world.holdReadModel(undefined)
  client.send({ type: 'join', channel })
  await client.next('joined')
})
