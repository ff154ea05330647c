import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  type FrameworkClient,
  framework,
  next,
  type TmiClient,
  tmi,
} from '#apps/realtime-edge/irc/published.fixtures.ts'
import { call, joinLive, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { until } from '#libs/testing/until.ts'

const speaks = (text: string) => (message: { readonly message: string }) => message.message === text

test('IRC on real engines: published clients over both transports, beside the native socket', {
  timeout: 180_000,
}, async (t: TestContext) => {
  const ircPort = await freePort()
  const { url, livePort } = await startWhole(t, { IRC_PORT: String(ircPort) })
  const [ada, bob, eve] = [
    await register(url, { handle: 'Ada_L', displayName: 'Ada Lovelace' }),
    await register(url, { handle: 'bob' }),
    await register(url, { handle: 'eve' }),
  ]
  // One's own channel has the account's id, and goes by its handle.
  const channel = ada.id
  const opened = await call(url, 'POST', '/v1/channels', {
    token: ada.token,
    body: {},
    headers: { 'idempotency-key': uuidv7() },
  })
  assert.equal(opened.status, 201, opened.text)
  await until(async () => (await call(url, 'GET', '/v1/channels?slug=ada_l')).body.channels[0]?.id === channel)

  const native = await joinLive(t, { port: livePort, channel, member: eve })
  const overTcp: FrameworkClient = new framework.Client({
    host: '127.0.0.1',
    port: ircPort,
    nick: 'x',
    password: `oauth:${ada.token}`,
    auto_reconnect: false,
  })
  t.after(() => overTcp.quit(''))
  overTcp.connect()
  await next(overTcp, 'registered')
  assert.equal(overTcp.user.nick, 'ada_l')
  overTcp.join('#Ada_L')
  await next(overTcp, 'userlist')

  const overWebSocket: TmiClient = new tmi.Client({
    connection: { server: '127.0.0.1', port: livePort, secure: false, reconnect: false },
    identity: { username: 'bob', password: Buffer.from(bob.token).toString('hex') },
    options: { skipUpdatingEmotesets: true },
    logger: { setLevel: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  })
  t.after(() => overWebSocket.disconnect().catch(() => {}))
  await overWebSocket.connect()
  await overWebSocket.join('ada_l')

  await t.test('each hears the others, in one order and by their names', async () => {
    const heard = next(overWebSocket, 'chat')
    overTcp.say('#ada_l', 'from irc-framework')
    const [, tags, text] = (await heard) as [string, Record<string, string>, string]
    assert.deepEqual(
      [tags.username, tags['display-name'], tags['user-id'], text],
      ['ada_l', 'Ada Lovelace', ada.id, 'from irc-framework'],
    )
    const said = next(overTcp, 'privmsg')
    await overWebSocket.say('ada_l', 'from tmi.js')
    assert.deepEqual((({ nick, message }) => [nick, message])((await said)[0] as { nick: string; message: string }), [
      'bob',
      'from tmi.js',
    ])
    const both = [next(overTcp, 'privmsg'), next(overWebSocket, 'chat')] as const
    native.send({ type: 'post', id: uuidv7(), channel, text: 'from the native socket' })
    assert.ok(speaks('from the native socket')((await both[0])[0] as { message: string }))
    assert.equal((await both[1])[2], 'from the native socket')
    for (const text of ['from irc-framework', 'from tmi.js', 'from the native socket'])
      await native.next('event', ({ event }) => event.kind === 'message' && event.text === text)
  })

  await t.test('whispers go both ways, and to nobody else', async () => {
    const heard = next(overTcp, 'privmsg')
    void overWebSocket.whisper('ada_l', 'between us').catch(() => {})
    const { nick, target, message } = (await heard)[0] as Record<'nick' | 'target' | 'message', string>
    assert.deepEqual([nick, target, message], ['bob', 'ada_l', 'between us'])
    const whispered = new Promise<readonly unknown[]>((resolve) => {
      const listen = (...values: readonly unknown[]): void => {
        if (values[3] === false) resolve(values)
        else overWebSocket.once('whisper', listen)
      }
      overWebSocket.once('whisper', listen)
    })
    overTcp.say('bob', 'and back')
    const [from, tags, text] = (await whispered) as [string, Record<string, string>, string]
    assert.deepEqual(
      [from, tags['user-id'], tags['display-name'], text],
      ['#ada_l', ada.id, 'Ada Lovelace', 'and back'],
    )
    const nobody = next(overTcp, 'irc error')
    overTcp.say('nobody_here', 'hello?')
    assert.equal(((await nobody)[0] as { error: string }).error, 'no_such_nick')
    assert.doesNotMatch(JSON.stringify(native.frames), /between us|and back/)
  })

  await t.test('an edit is said anew, or takes the place of what was said', async () => {
    const mode = { kind: 'set-mode', mode: 'edit_window', value: 600 }
    const set = await call(url, 'POST', `/v1/channels/${channel}/acts`, { token: ada.token, body: mode })
    assert.equal(set.status, 200, set.text)
    const both = [next(overTcp, 'privmsg'), next(overWebSocket, 'chat')] as const
    const id = uuidv7()
    native.send({ type: 'post', id, channel, text: 'teh end' })
    await Promise.all(both)
    const [again, gone, instead] = [
      next(overTcp, 'privmsg'),
      next(overWebSocket, 'messagedeleted'),
      next(overWebSocket, 'chat'),
    ]
    native.send({ type: 'act', id: uuidv7(), channel, act: { kind: 'edit-message', message: id, text: 'the end' } })
    assert.equal(((await again)[0] as { message: string }).message, 'the end (edited)')
    const [, , , deleted] = (await gone) as [string, string, string, Record<string, string>]
    const [, tags, text] = (await instead) as [string, Record<string, string>, string]
    assert.deepEqual([deleted['target-msg-id'], tags.id, text], [id, id, 'the end'])
  })

  await t.test('a timeout is told to all, and its rejection to who tries nevertheless', async () => {
    const timeout = next(overWebSocket, 'timeout')
    const told = next(overTcp, 'notice')
    const answer = await call(url, 'PUT', `/v1/channels/${channel}/timeouts/${bob.id}`, {
      token: ada.token,
      body: { durationMs: 60_000 },
      headers: { 'idempotency-key': uuidv7() },
    })
    assert.equal(answer.status, 200, answer.text)
    assert.deepEqual((await timeout).slice(0, 4), ['#ada_l', 'bob', null, 60])
    assert.equal(((await told)[0] as { message: string }).message, 'bob is timed out for 60 s')
    const refused = next(overWebSocket, 'notice')
    await overWebSocket.say('ada_l', 'let me speak')
    const [, msgId, text] = await refused
    assert.equal(msgId, 'msg_timedout')
    assert.match(String(text), /\[channel\.timed_out\]$/)
  })

  await t.test('a session that has ended ends here too', async () => {
    const closed = next(overWebSocket, 'disconnected')
    assert.equal(
      (await call(url, 'DELETE', '/v1/accounts/me', { token: bob.token, body: { password: 'correct horse battery' } }))
        .status < 300,
      true,
    )
    await closed
  })
})
