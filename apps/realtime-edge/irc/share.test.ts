import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { parseMessage } from '#libs/protocols/irc/parse.ts'
import { until } from '#libs/testing/until.ts'
import { SEND_QUEUE_BYTES } from '../connection.ts'
import { startHeartbeat } from '../heartbeat.ts'
import { limits } from '../limits.ts'
import type { Happening } from '../room.ts'
import { type Capability, capabilities } from './capabilities.ts'
import { IrcConnection } from './connection.ts'
import { createPeople } from './people.ts'
import { createShare } from './share.ts'
import { type Framing, framed, type Wire } from './wire.ts'

const place = { id: '1001', name: '#lobby' }

const recording = (framing: Framing = 'tcp') => {
  const written: Buffer[] = []
  const calls: string[] = []
  const wire: Wire & { waiting: number } = {
    framing,
    waiting: 0,
    write: (bytes) => written.push(bytes),
    waitingBytes: () => wire.waiting,
    pause: () => {},
    resume: () => {},
    end: (code) => calls.push(`end ${code}`),
    cut: () => calls.push('cut'),
    gone: new Promise(() => {}),
  }
  return { wire, written, calls, text: () => Buffer.concat(written).toString() }
}

const member = (held: readonly Capability[] = [], framing?: Framing) => {
  const network = recording(framing)
  const connection = new IrcConnection(network.wire, 'connection', 'address', 0)
  connection.grant(new Set(held))
  return { ...network, connection }
}

const message = (text: string, authorName = 'Ada', author = '42', commandId = `id-of-${text}`): Happening => ({
  event: { type: 'MessagePosted', ...channelAbsent.MessagePosted, seq: 1, author, authorName, text },
  at: 1_700_000_000_000,
  commandId,
  afterHole: false,
})

const people = (
  handles: Readonly<Record<string, string | null>>,
  options: { asked?: string[][]; gate?: Promise<void> } = {},
) =>
  createPeople(
    {
      handles: async (ids) => {
        options.asked?.push([...ids])
        await options.gate
        return new Map(ids.flatMap((id) => (handles[id] === undefined ? [] : [[id, handles[id]]])))
      },
    },
    { onError: () => {} },
  )

test('of a message that is pictures alone it is said that it is', async () => {
  const known = people({ 42: 'Ada' })
  await known.learn(['42'])
  const share = createShare(place, known)
  const one = member()
  share.add(one.connection)
  const { event, ...rest } = message('')
  for (const count of [1, 2])
    share.take({ ...rest, event: { ...event, attachments: Array(count).fill('id') } as Happening['event'] })
  share.flush()
  assert.deepEqual(
    one
      .text()
      .split('\u0001')
      .filter((_, index) => index % 2 === 1),
    ['ACTION shows a picture', 'ACTION shows 2 pictures'],
  )
})

test('a batch is encoded once for all that see the same lines: the very same bytes go to each', async () => {
  const known = people({ 42: 'Ada' })
  await known.learn(['42'])
  const share = createShare(place, known)
  const bare = [member(), member(), member()]
  const tagged = [member(['message-tags']), member(['twitch.tv/tags'])]
  const framedToo = [member([], 'websocket'), member([], 'websocket')]
  for (const { connection } of [...bare, ...tagged, ...framedToo]) share.add(connection)
  share.take(message('one'))
  share.take(message('two'))
  share.flush()
  for (const { written } of [...bare, ...tagged, ...framedToo]) assert.equal(written.length, 1)
  for (const { written } of bare) assert.equal(written[0], bare[0]?.written[0])
  assert.equal(framedToo[0]?.written[0], framedToo[1]?.written[0])
  assert.equal(bare[0]?.text(), ':ada!ada@whiply PRIVMSG #lobby :one\r\n:ada!ada@whiply PRIVMSG #lobby :two\r\n')
  assert.deepEqual(framedToo[0]?.written[0], framed('websocket', bare[0]?.text().split('\r\n').slice(0, 2) ?? []))
  assert.match(tagged[0]?.text() ?? '', /^@room-id=1001;.*:ada!ada@whiply PRIVMSG #lobby :one\r\n@/)

  share.remove(bare[0]?.connection as IrcConnection)
  share.flush()
  share.take(message('three'))
  share.flush()
  assert.deepEqual(
    bare.map(({ written }) => written.length),
    [1, 2, 2],
  )
})

test('whatever somebody writes or is called, it is one line of the protocol', async () => {
  const known = people({ 42: 'Ada' })
  await known.learn(['42'])
  const nasty = fc.string({
    unit: fc.constantFrom('\r', '\n', '\0', ' ', ':', ';', '\\', '@', '\u0001', '\u2028', 'a', '🎉', '\ud800'),
  })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(nasty, nasty), { minLength: 1, maxLength: 4 }),
      fc.subarray([...capabilities]),
      (said, held) => {
        const share = createShare(place, known)
        const { connection, text } = member(held)
        share.add(connection)
        for (const [words, name] of said) share.take(message(words, name))
        share.flush()
        const lines = text().split('\r\n').slice(0, -1)
        assert.equal(lines.length, said.length)
        for (const line of lines) {
          const parsed = parseMessage(line, { tagsBytes: 8191, bodyBytes: 8191 })
          assert.ok(parsed.ok)
          assert.equal(parsed.message.command, 'PRIVMSG')
          assert.equal(parsed.message.source, 'ada!ada@whiply')
          assert.deepEqual(parsed.message.params.length, 2)
        }
      },
    ),
  )
})

test('what waits for a name goes out in order, and names are asked for once', async () => {
  const gate = Promise.withResolvers<void>()
  const asked: string[][] = []
  const share = createShare(place, people({ 42: 'Ada', 43: 'Bob' }, { asked, gate: gate.promise }))
  const { connection, text } = member()
  share.add(connection)
  share.take(message('one'))
  share.flush()
  share.take(message('two', 'Bob', '43'))
  share.flush()
  share.take(message('three'))
  share.flush()
  assert.equal(text(), '')
  gate.resolve()
  await until(() => text().includes('three'))
  assert.deepEqual(text().match(/:\w+$/gm), [':one', ':two', ':three'])
  assert.match(text(), /:bob!bob@whiply PRIVMSG #lobby :two/)
  assert.deepEqual(asked, [['42'], ['43']])
})

test('names that do not come are waited for a second at most, then made of ids; what is held has a bound', async (t) => {
  const failures: unknown[] = []
  let now = 0
  const never = createPeople(
    { handles: () => new Promise(() => {}) },
    { onError: (error) => failures.push(error), now: () => now },
  )
  const share = createShare(place, never)
  const { connection, text } = member()
  share.add(connection)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  share.take(message('one'))
  share.flush()
  for (let count = 0; count < 2000; count++) share.take(message('held'))
  assert.equal(text(), '')
  share.flush()
  assert.equal(text().match(/PRIVMSG/g)?.length, 2001, 'at the bound it goes out')
  assert.match(text(), /^:id-42!id-42@whiply PRIVMSG #lobby :one/)
  t.mock.timers.tick(1000)
  await until(() => failures.length === 1)
  share.take(message('two'))
  share.flush()
  assert.match(text(), /:two\r\n$/, 'nobody is asked again at once')
  now = 2001
  assert.equal(never.knows('42'), false)
})

test('an erased person has no handle any more', async () => {
  const known = people({ 42: 'Ada', 43: null })
  await known.learn(['42', '43'])
  assert.deepEqual([known.nickOf('42'), known.nickOf('43')], ['ada', 'id-43'])
  known.forget('42')
  assert.equal(known.nickOf('42'), 'id-42')
})

test('a hole in what was read is told, whatever comes behind it', async () => {
  const share = createShare(place, people({}))
  const { connection, text } = member(['message-tags'])
  share.add(connection)
  share.take({
    event: { type: 'TimeoutEnded', seq: 1, member: '42', cause: 'lifted' },
    at: 0,
    commandId: 'a',
    afterHole: true,
  })
  share.flush()
  assert.equal(
    text(),
    '@msg-id=platform_unavailable :whiply NOTICE #lobby :Some of what was said here could not be shown [platform.unavailable]\r\n',
  )
})

test('a client that does not read is cut at the bound of its queue', async () => {
  const { connection, wire, written, calls } = member()
  connection.ping()
  wire.waiting = SEND_QUEUE_BYTES + 1
  connection.ping()
  connection.ping()
  assert.equal(written.length, 2)
  await until(() => calls.length > 0)
  assert.deepEqual(calls, ['cut'])
})

test('a silent client is asked for a sign of life, and closed when none comes', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { connection, text, calls } = member()
  let now = 0
  t.after(
    startHeartbeat(
      () => [connection],
      () => now,
    ),
  )
  t.mock.timers.tick(limits.heartbeatMs)
  assert.equal(text(), 'PING :whiply\r\n')
  now = 2 * limits.heartbeatMs + 1001
  t.mock.timers.tick(limits.heartbeatMs)
  assert.deepEqual(calls, ['end 4003', 'cut'])
  assert.match(text(), /ERROR :Closing link: unresponsive\r\n$/)
})
