import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { until } from '#libs/testing/until.ts'
import { bob, createWorld, owner } from '../edge.fixtures.ts'
import type { Edge } from '../edge.ts'
import {
  askedElsewhere,
  type FrameworkClient,
  framework,
  frameworkOverWebSocket,
  next,
  type TmiClient,
  tmi,
} from './published.fixtures.ts'

type Tags = Readonly<Record<string, string | boolean | null>>

const tmiSays: (client: TmiClient, event: string) => Promise<readonly unknown[]> = next

const frameworkSays = async (client: FrameworkClient, event: string): Promise<Readonly<Record<string, unknown>>> =>
  ((await next(client, event))[0] ?? {}) as Readonly<Record<string, unknown>>

/** tmi.js dials the path / of a server and port, with the subprotocol irc. */
const tmiClient = (t: TestContext, edge: Edge, options: object = {}): TmiClient => {
  const client = new tmi.Client({
    connection: { server: '127.0.0.1', port: edge.port, secure: false, reconnect: false },
    logger: { setLevel: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    ...options,
  })
  t.after(() => client.disconnect().catch(() => {}))
  return client
}

test('tmi.js reads without an account: registers, joins, hears, and is told of timeouts and deletions', async (t) => {
  const world = createWorld()
  const client = tmiClient(t, await world.edge(t))
  await client.connect()
  assert.match(client.getUsername(), /^justinfan\d+$/)
  assert.deepEqual(await client.join('lobby'), ['#lobby'])
  assert.deepEqual(client.getChannels(), ['#lobby'])

  const chat = tmiSays(client, 'chat')
  await world.say('Hello 1', bob, '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10')
  const [channel, tags, text, self] = (await chat) as [string, Tags, string, boolean]
  assert.deepEqual([channel, text, self], ['#lobby', 'Hello 1', false])
  assert.equal(tags.username, 'bob')
  assert.equal(tags['display-name'], 'Bob')
  assert.equal(tags['user-id'], '43')
  assert.equal(tags['room-id'], '1001')
  assert.equal(tags.id, '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10')
  assert.match(String(tags['tmi-sent-ts']), /^\d{13}$/)

  const deleted = tmiSays(client, 'messagedeleted')
  await world.happen({
    type: 'MessageDeleted',
    ...channelAbsent.MessageDeleted,
    seq: world.seq() + 1,
    messageId: '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10',
    messageSeq: world.seq(),
    author: bob.accountId,
  })
  assert.deepEqual((await deleted).slice(0, 2), ['#lobby', 'bob'])

  const timeout = tmiSays(client, 'timeout')
  const over = 1_700_000_000_000 + world.seq() + 1 + 30_000
  await world.happen({ type: 'MemberTimedOut', seq: world.seq() + 1, member: bob.accountId, until: over })
  assert.deepEqual((await timeout).slice(0, 4), ['#lobby', 'bob', null, 30])

  const slow = tmiSays(client, 'slow')
  await world.happen({
    type: 'SettingsChanged',
    seq: world.seq() + 1,
    actor: owner.accountId,
    topic: null,
    slowModeSeconds: 5,
  })
  assert.deepEqual(await slow, ['#lobby', true, 5])
  await client.ping()
  assert.deepEqual(await client.part('lobby'), ['#lobby'])
  await assert.rejects(client.join('nowhere'), (error) => error === 'msg_channel_suspended')
})

test('tmi.js speaks as an account: its token in hexadecimal digits, heard by others, told of rejections', async (t) => {
  const world = createWorld()
  // Tokens are case-sensitive, and this client writes them in lower case.
  const token = 'eyJhbGci.eyJzdWIi.c2lnbmF0'
  world.identify(token, bob)
  const edge = await world.edge(t)
  const password = () => Promise.resolve(Buffer.from(token).toString('hex'))
  const speaker = tmiClient(t, edge, {
    identity: { username: 'BOB', password },
    options: { skipUpdatingEmotesets: true },
  })
  const listener = tmiClient(t, edge)
  for (const client of [speaker, listener]) {
    await client.connect()
    await client.join('#lobby')
  }
  assert.equal(speaker.getUsername(), 'bob')

  let echoes = 0
  speaker.on('chat', (...[, , , self]) => {
    if (!self) echoes++
  })
  const chat = tmiSays(listener, 'chat')
  await speaker.say('#lobby', 'Hello')
  assert.deepEqual((await chat).slice(2), ['Hello', false])
  const action = tmiSays(listener, 'action')
  await speaker.action('#lobby', 'waves')
  assert.deepEqual((await action).slice(2), ['waves', false])
  assert.equal(echoes, 0)

  const notice = tmiSays(speaker, 'notice')
  await speaker.say('#lobby', 'refuse me')
  const [channel, msgId, text] = await notice
  assert.deepEqual([channel, msgId], ['#lobby', 'msg_timedout'])
  assert.match(String(text), /wait 5 s \[channel\.timed_out\]$/)
  assert.deepEqual(askedElsewhere, [], 'without that option it would ask twitch.tv for emotes, with its token')
})

test('tmi.js is told that its token does not hold, and does not come again', async (t) => {
  const edge = await createWorld().edge(t)
  const refused = tmiClient(t, edge, {
    connection: { server: '127.0.0.1', port: edge.port, secure: false, reconnect: true },
    identity: { username: 'bob', password: 'oauth:wrong' },
  })
  const gone = tmiSays(refused, 'disconnected')
  await assert.rejects(refused.connect(), (error) => /^Login authentication failed/.test(String(error)))
  assert.match(String((await gone)[0]), /\[live\.invalid_token\]$/)
})

test('tmi.js is sent elsewhere when the edge goes away, and comes back by itself', async (t) => {
  const world = createWorld()
  const edge = await world.edge(t)
  const client = tmiClient(t, edge, {
    connection: { server: '127.0.0.1', port: edge.port, secure: false, reconnect: true, reconnectInterval: 50 },
    channels: ['lobby'],
    options: { joinInterval: 300 },
  })
  await client.connect()
  await until(() => client.getChannels().includes('#lobby'))
  const connected = tmiSays(client, 'connected')
  await edge.close()
  world.hold(edge)
  await world.edge(t, { port: edge.port })
  await connected
  await until(() => client.getChannels().includes('#lobby'))
  const chat = tmiSays(client, 'chat')
  await world.say('Here again', bob)
  assert.equal((await chat)[2], 'Here again')
})

const transports: Readonly<Record<string, (edge: Edge) => object>> = {
  TCP: ({ ircPort }) => ({ port: ircPort }),
  WebSocket: ({ port }) => ({ port, path: '/', transport: frameworkOverWebSocket, websocket_protocol: 'irc' }),
}

const frameworkClient = (t: TestContext, options: object): FrameworkClient => {
  const client = new framework.Client({ host: '127.0.0.1', nick: 'someone', auto_reconnect: false, ...options })
  t.after(() => client.quit(''))
  return client
}

for (const [name, optionsFor] of Object.entries(transports))
  test(`irc-framework over ${name} registers, joins, speaks, hears others, and is told of rejections and timeouts`, async (t) => {
    const world = createWorld()
    const edge = await world.edge(t)
    const client = frameworkClient(t, { ...optionsFor(edge), password: 'oauth:ada', nick: 'AdaBot' })
    const registered = frameworkSays(client, 'registered')
    client.connect()
    assert.equal((await registered).nick, 'ada')
    assert.equal(client.user.nick, 'ada')

    const userlist = frameworkSays(client, 'userlist')
    const joined = frameworkSays(client, 'join')
    client.join('#lobby')
    assert.deepEqual([(await joined).nick, (await joined).channel], ['ada', '#lobby'])
    assert.deepEqual(
      ((await userlist).users as { nick: string }[]).map(({ nick }) => nick),
      ['ada'],
    )

    const heard = frameworkSays(client, 'privmsg')
    await world.say('Hello; all', bob)
    const { nick, target, message, tags, time } = (await heard) as {
      nick: string
      target: string
      message: string
      tags: Tags
      time: number
    }
    assert.deepEqual([nick, target, message], ['bob', '#lobby', 'Hello; all'])
    assert.deepEqual([tags['display-name'], tags['user-id'], tags['room-id']], ['Bob', '43', '1001'])
    assert.equal(time, 1_700_000_000_002)
    const action = frameworkSays(client, 'action')
    await world.say('/me waves', bob)
    assert.equal((await action).message, 'waves')

    const other = frameworkClient(t, { ...optionsFor(edge), nick: 'justinfan7' })
    const ready = frameworkSays(other, 'registered')
    other.connect()
    await ready
    const otherJoined = frameworkSays(other, 'userlist')
    other.join('#lobby')
    await otherJoined
    const said = frameworkSays(other, 'privmsg')
    client.say('#lobby', 'From here')
    assert.deepEqual([(await said).nick, (await said).message], ['ada', 'From here'])

    const refused = frameworkSays(client, 'notice')
    client.say('#lobby', 'refuse me')
    assert.match(String((await refused).message), /wait 5 s \[channel\.timed_out\]$/)
    const told = frameworkSays(client, 'notice')
    const over = 1_700_000_000_000 + world.seq() + 1 + 30_000
    await world.happen({ type: 'MemberTimedOut', seq: world.seq() + 1, member: bob.accountId, until: over })
    assert.equal((await told).message, 'bob is timed out for 30 s')

    // It has no name for 403, and hands it on as it is.
    const unknown = frameworkSays(client, 'unknown command')
    client.join('#nowhere')
    assert.equal((await unknown).command, '403')
    const parted = frameworkSays(client, 'part')
    client.part('#lobby')
    assert.equal((await parted).nick, 'ada')
    const closed = frameworkSays(client, 'close')
    client.quit('bye')
    await closed
  })

test('irc-framework is told that its password does not hold', async (t) => {
  const edge = await createWorld().edge(t)
  const client = frameworkClient(t, { port: edge.ircPort, password: 'oauth:wrong', nick: 'ada' })
  const error = frameworkSays(client, 'irc error')
  const closed = frameworkSays(client, 'close')
  client.connect()
  assert.equal((await error).error, 'password_mismatch')
  await closed
})
