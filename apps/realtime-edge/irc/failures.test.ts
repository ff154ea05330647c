import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { WebSocket } from 'ws'
import { parseMessage } from '#libs/protocols/irc/parse.ts'
import { closeCodes } from '#libs/protocols/native/closing.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { openSocket } from '#libs/testing/socket.ts'
import { until } from '#libs/testing/until.ts'
import { ada, bob, channel, createWorld } from '../edge.fixtures.ts'
import { limits } from '../limits.ts'
import { lineLimits } from './bounds.ts'
import { dialect, join, openClient, register } from './client.fixtures.ts'
import type { Framing } from './wire.ts'

const framings: readonly Framing[] = ['tcp', 'websocket']

for (const framing of framings) {
  test(`over ${framing}: who does not say who they are is let go`, async (t) => {
    const world = createWorld()
    const names = { handles: async () => new Map(), channel: async () => undefined }
    const edge = await world.edge(t, { irc: { port: 0, names, registrationMs: 50 } })
    const silent = await openClient(t, edge, framing)
    assert.equal(await silent.next(/ERROR/), 'ERROR :Closing link: Registration timed out')
    await silent.closed
    const dribbling = await openClient(t, edge, framing)
    dribbling.raw('NICK justinfan')
    const closed = await dribbling.closed
    assert.equal(closed, framing === 'tcp' ? 0 : closeCodes.policy)
    await until(() => edge.connections() === 0)
  })

  test(`over ${framing}: lines that are too long or not of UTF-8 are refused, the next one is read, and enough is enough`, async (t) => {
    const client = await register(t, await createWorld().edge(t), undefined, { framing })
    const body = lineLimits.bodyBytes - 'PING :\r\n'.length
    client.send(`PING :${'x'.repeat(body)}`)
    await client.next(/PONG.*x{4000}/)
    client.send(`PING :${'x'.repeat(body + 1)}`)
    assert.equal(await client.next(/ 417 /), ':whiply 417 justinfan12 :Input line was too long')
    client.raw(Buffer.from('PRIVMSG #lobby :\xff\r\nPING :after\r\n', 'latin1'))
    assert.equal(await client.next(/NOTICE/), ':whiply NOTICE * :That is not UTF-8 [live.invalid_frame]')
    await client.next(/PONG whiply :after/)
    for (let count = 0; count < limits.invalidFrames; count++) client.send('@nothing')
    await client.next(/That is no message of IRC/)
    assert.equal(await client.next(/ERROR/), 'ERROR :Closing link: not the protocol')
    await client.closed
  })

  test(`over ${framing}: a line that does not end is refused as soon as it is too long`, async (t) => {
    const client = await register(t, await createWorld().edge(t), undefined, { framing })
    client.raw('x'.repeat(lineLimits.tagsBytes + lineLimits.bodyBytes + 1))
    if (framing === 'tcp') {
      await client.next(/ 417 /)
      assert.equal(await client.next(/ERROR/), 'ERROR :Closing link: Input line was too long')
    }
    assert.equal(await client.closed, framing === 'tcp' ? 0 : 1009)
  })

  test(`over ${framing}: far above the rate the connection is closed`, async (t) => {
    const client = await register(t, await createWorld().edge(t), undefined, { framing })
    for (let count = 0; count < limits.frames.burst + 10; count++) client.send('PONG')
    assert.equal(await client.next(/ERROR/), 'ERROR :Closing link: too many lines')
    await client.closed
  })

  test(`over ${framing}: who does not read is cut, and others notice nothing`, async (t) => {
    const world = createWorld()
    const edge = await world.edge(t)
    const [slow, quick] = [await register(t, edge, undefined, { framing }), await register(t, edge, undefined)]
    for (const client of [slow, quick]) await join(client)
    slow.pause()
    const text = 'x'.repeat(4000)
    while (edge.connections() > 1) {
      for (let count = 0; count < 50; count++) await world.say(text)
      assert.ok(world.seq() < 10_000, 'the queue has a bound')
      await new Promise(setImmediate)
    }
    slow.resume()
    await slow.closed
    await world.say('the last')
    await quick.next(/:the last$/)
    assert.equal(quick.lines.filter((line) => line.includes(' PRIVMSG #')).length, world.seq() - 1)
  })
}

test('TCP: lines come in pieces, several at once, and with either end', async (t) => {
  const client = await openClient(t, await createWorld().edge(t), 'tcp')
  const letter = Buffer.from('é')
  for (const piece of ['NI', 'CK justin', 'fan7\r', '\nPING :a\nPING :', letter.subarray(0, 1), letter.subarray(1)]) {
    client.raw(piece)
    await new Promise(setImmediate)
  }
  client.raw('\r\n\r\n')
  await client.next(/ 376 justinfan7 /)
  await client.next(/PONG whiply :a$/)
  await client.next(/PONG whiply :é$/)
})

test('TCP: a client that ends its half is gone, and so is one that is cut off', async (t) => {
  const world = createWorld()
  const edge = await world.edge(t)
  const half = connect({ port: edge.ircPort ?? 0, host: '127.0.0.1', allowHalfOpen: true })
  half.on('error', () => {})
  half.resume()
  half.write('NICK justinfan1\r\nJOIN #lobby\r\n')
  await until(() => edge.connections() === 1)
  half.end()
  await until(() => edge.connections() === 0)
  half.destroy()
  const reset = await register(t, edge, 'ada')
  await join(reset)
  reset.end()
  await until(() => edge.connections() === 0)
  await world.say('to nobody')
})

test('a revoked session ends, an erased account too, and their tokens count no more', async (t) => {
  const world = createWorld()
  const edge = await world.edge(t)
  const [one, two] = [await register(t, edge, 'ada'), await register(t, edge, 'bob', { framing: 'websocket' })]
  world.account({ type: 'SessionsRevoked', sessionIds: [ada.sessionId] })
  assert.equal(await one.next(/ERROR/), 'ERROR :Closing link: revoked')
  world.account({ type: 'AccountErased', accountId: bob.accountId })
  assert.equal(await two.next(/ERROR/), 'ERROR :Closing link: erased')
  assert.equal(await two.closed, closeCodes.sessionEnded)
  const again = await openClient(t, edge, 'tcp')
  again.send('PASS ada', 'NICK ada')
  await again.next(/ 464 .*\[live\.invalid_token\]$/)
})

test('shutdown: RECONNECT for who knows it, ERROR for all, and nobody comes in any more', async (t) => {
  const world = createWorld()
  const edge = await world.edge(t)
  const [knows, plain] = [
    await register(t, edge, 'ada', { caps: dialect }),
    await register(t, edge, undefined, { framing: 'websocket' }),
  ]
  await edge.close()
  assert.equal(await knows.next(/RECONNECT/), ':tmi.twitch.tv RECONNECT')
  for (const client of [knows, plain]) await client.next(/^ERROR :Closing link: come back/)
  assert.equal(await plain.closed, closeCodes.goingAway)
  assert.ok(!plain.lines.some((line) => line.includes('RECONNECT')))
  await assert.rejects(openClient(t, edge, 'tcp'), /ECONNREFUSED/)
})

test('an edge that is not ready lets nobody in', async (t) => {
  let ready = false
  const edge = await createWorld().edge(t, { ready: () => ready })
  const early = await openClient(t, edge, 'tcp')
  assert.equal(await early.next(/ERROR/), 'ERROR :Closing link: come back later')
  await early.closed
  await assert.rejects(openClient(t, edge, 'websocket'), /503/)
  ready = true
  await register(t, edge, undefined)
})

test('connections of one address are counted over every protocol', async (t) => {
  const edge = await createWorld().edge(t)
  await openSocket(t, edge.port)
  await register(t, edge, undefined, { framing: 'websocket' })
  const many = Array.from({ length: limits.connectionsPerAddress - 2 }, () =>
    connect(edge.ircPort ?? 0, '127.0.0.1').resume(),
  )
  t.after(() => {
    for (const socket of many) socket.destroy()
  })
  await until(() => edge.connections() === limits.connectionsPerAddress)
  const beyond = await openClient(t, edge, 'tcp')
  assert.equal(await beyond.next(/ERROR/), 'ERROR :Closing link: too many connections')
  await assert.rejects(openSocket(t, edge.port), /429/)
  many[0]?.destroy()
  await until(() => edge.connections() === limits.connectionsPerAddress - 1)
  await openSocket(t, edge.port)
})

test('WebSocket: the subprotocol is answered where it is offered, and pages of other origins stay out', async (t) => {
  const edge = await createWorld().edge(t)
  const dial = (protocols: readonly string[], origin?: string) =>
    new Promise<string>((resolve, reject) => {
      const ws = new WebSocket(`ws://127.0.0.1:${edge.port}/`, [...protocols], {
        ...(origin !== undefined && { origin }),
      })
      t.after(() => ws.terminate())
      ws.once('open', () => resolve(ws.protocol))
      ws.once('error', reject)
    })
  assert.equal(await dial(['other', 'irc']), 'irc')
  assert.equal(await dial([]), '')
  assert.equal(await dial(['irc'], 'https://page.example'), 'irc')
  await assert.rejects(dial(['irc'], 'https://elsewhere.example'), /403/)
})

test('where names cannot be read, what is said is heard all the same, under a name made of the id', async (t) => {
  const world = createWorld()
  const edge = await world.edge(t)
  const client = await register(t, edge, undefined)
  await join(client)
  world.setNamesAway(true)
  await world.say('one', bob)
  assert.equal(await client.next(/PRIVMSG/), ':id-43!id-43@whiply PRIVMSG #lobby :one')
})

test('where channels or tokens cannot be looked up, the client is told to come back', async (t) => {
  const world = createWorld()
  const away = () => Promise.reject(new Error('away'))
  const edge = await world.edge(t, { irc: { port: 0, names: { handles: away, channel: away } } })
  const client = await register(t, edge, 'ada')
  for (const line of ['JOIN #lobby', 'PRIVMSG #lobby :hello']) {
    client.send(line)
    assert.match(await client.next(/NOTICE/), /NOTICE #lobby :.*\[platform\.unavailable\]$/)
  }
  const other = await world.edge(t, { authentication: { byToken: away, byCookie: away } })
  const refused = await openClient(t, other, 'websocket')
  refused.send('PASS ada', 'NICK ada')
  assert.match(await refused.next(/NOTICE/), /\[platform\.unavailable\]$/)
  assert.equal(await refused.closed, closeCodes.goingAway)
})

const word = fc.oneof(
  fc.constantFrom(
    '#lobby',
    '#nowhere',
    '#',
    '0',
    '*',
    ',',
    '#lobby,#nowhere',
    ':',
    '::',
    'REQ',
    'LS',
    'END',
    ':-echo-message message-tags',
    ':twitch.tv/tags',
    'justinfan1',
    'ada',
    ':a b',
    '\u0001ACTION',
    '/me',
    '\u0000',
    '302',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary-ascii', maxLength: 12 }),
)
const command = fc.constantFrom(
  'CAP',
  'PASS',
  'NICK',
  'USER',
  'JOIN',
  'PART',
  'PRIVMSG',
  'NOTICE',
  'NAMES',
  'PING',
  'PONG',
  'TAGMSG',
  'privmsg',
  'FLY',
  '001',
  '@a=b PING',
  ':ada!ada@whiply PRIVMSG',
)
const line = fc.oneof(
  fc.tuple(command, fc.array(word, { maxLength: 5 })).map(([name, words]) => [name, ...words].join(' ')),
  fc.string({ unit: 'binary-ascii', maxLength: 40 }),
)

test('fuzzed over real sockets: every answer is a line of the protocol, and no mistake of ours comes to light', async (t) => {
  const world = createWorld()
  const mistakes: unknown[] = []
  const logger = { ...createLogger('test', 'silent'), warn: (...given: unknown[]) => mistakes.push(given) } as Logger
  const edge = await world.edge(t, { logger })
  const sessions = fc.tuple(
    fc.constantFrom(...framings),
    fc.constantFrom('ada', undefined, 'unregistered'),
    fc.array(line, { minLength: 1, maxLength: 40 }),
  )
  await fc.assert(
    fc.asyncProperty(sessions, async ([framing, who, lines]) => {
      const client =
        who === 'unregistered' ? await openClient(t, edge, framing) : await register(t, edge, who, { framing })
      client.raw(`${lines.join('\r\n')}\r\n`)
      client.send('PING :still here')
      await client.next(/PONG \S+ :still here|^ERROR/)
      for (const answer of client.lines) {
        const parsed = parseMessage(answer, { tagsBytes: 8191, bodyBytes: lineLimits.bodyBytes })
        assert.ok(parsed.ok, JSON.stringify(answer))
      }
      client.end()
    }),
    { numRuns: 150 },
  )
  assert.deepEqual(mistakes, [])
  await until(() => edge.connections() === 0)
  const native = await openSocket(t, edge.port)
  native.send({ type: 'join', channel })
  await native.next('joined')
})
