import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { openSocket } from '#libs/testing/socket.ts'
import { until } from '#libs/testing/until.ts'
import { ada, bob, channel, createWorld, epoch } from './edge.fixtures.ts'

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

test('a resume brings exactly what was missed, deletions and modes too', async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  const first = await openSocket(t, port)
  first.send({ type: 'join', channel })
  await first.next('joined')
  await world.say('seen')
  await first.next('event')
  await first.close()
  const { commandId } = await world.say('missed')
  await world.happen({ type: 'SettingsChanged', seq: 4, actor: '1', topic: null, slowModeSeconds: 10 })
  await world.say('missed too', bob)
  await world.happen({
    type: 'MessageDeleted',
    ...channelAbsent.MessageDeleted,
    seq: 6,
    messageId: commandId,
    messageSeq: 3,
    author: ada.accountId,
  })

  const second = await openSocket(t, port)
  second.send({ type: 'join', channel, from: { epoch, seq: 2 } })
  assert.equal((await second.next('joined')).next, 3)
  await world.say('live')
  await second.next('event', ({ seq }) => seq === 7)
  assert.deepEqual(second.numbers(channel), [3, 4, 5, 6, 7])
  assert.deepEqual(
    second.frames.filter(({ type }) => type === 'skip'),
    [{ type: 'skip', channel, from: 3, to: 3 }],
    'a message that is deleted by now is not sent again',
  )
})

test('an edge that was restarted answers a resume from the read model', async (t) => {
  const world = createWorld()
  for (let count = 0; count < 1200; count++) world.append({ ...said(world.seq() + 1), text: `${count}` })
  const { port } = await world.edge(t)
  const client = await openSocket(t, port)
  client.send({ type: 'join', channel, from: { epoch, seq: 100 } })
  await world.say('live')
  await client.next('event', ({ seq }) => seq === 1202)
  assert.deepEqual(client.numbers(channel), range(101, 1202))
})

test('a resume at an edge that is behind waits until it is not, and nothing is doubled', async (t) => {
  const world = createWorld()
  const [ahead, behind] = [await world.edge(t), await world.edge(t)]
  const first = await openSocket(t, ahead.port)
  first.send({ type: 'join', channel })
  await first.next('joined')
  const read = world.length()
  world.hold(behind)
  world.holdReadModel(read)
  for (let count = 0; count < 5; count++) await world.say(`${count}`)
  await first.next('event', ({ seq }) => seq === 6)
  await first.close()

  const reads = world.reads()
  const second = await openSocket(t, behind.port)
  second.send({ type: 'join', channel, from: { epoch, seq: 4 } })
  // The room has been read, so that the join is now waiting for the edge alone.
  await until(() => world.reads() > reads)
  assert.equal(
    second.frames.some(({ type }) => type === 'joined'),
    false,
  )
  await world.release(behind, read)
  await second.next('joined')
  await world.say('live')
  await second.next('event', ({ seq }) => seq === 7)
  assert.deepEqual(second.numbers(channel), [5, 6, 7])
})

test('a read model that lags behind the edge is waited for', async (t) => {
  const world = createWorld()
  world.append(said(2))
  world.append(said(3))
  world.holdReadModel(1)
  const { port } = await world.edge(t)
  const client = await openSocket(t, port)
  client.send({ type: 'join', channel, from: { epoch, seq: 1 } })
  await until(() => world.reads() === 1)
  await world.say('live')
  world.holdReadModel(3)
  await client.next('event', ({ seq }) => seq === 4)
  assert.deepEqual(client.numbers(channel), [2, 3, 4])
})

test('numbers of another log count for nothing, and the client is told', async (t) => {
  const world = createWorld()
  await world.say('old')
  const { port } = await world.edge(t)
  const client = await openSocket(t, port)
  client.send({ type: 'join', channel, from: { epoch: 'another', seq: 1 } })
  assert.deepEqual(await client.next('gap'), {
    type: 'gap',
    channel,
    lane: 'public',
    from: 1,
    to: 2,
    cause: 'epoch',
  })
})

test('a client that has read on further than the edge is told to come again, and misses nothing', async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t, { readAll: () => Promise.reject(new Error('no broker')) })
  const client = await openSocket(t, port)
  client.send({ type: 'join', channel, from: { epoch, seq: 99 } })
  const refused = await client.next('error')
  assert.deepEqual([refused.code, refused.channel], ['platform.unavailable', channel])
})

test('numbers that were never given count for nothing, and the client is told at once', async (t) => {
  const world = createWorld()
  await world.say('old')
  const { port } = await world.edge(t)
  const client = await openSocket(t, port)
  client.send({ type: 'join', channel, from: { epoch, seq: 99 } })
  assert.equal((await client.next('joined')).next, 3)
  const gap = { type: 'gap', channel, lane: 'public', from: 1, to: 2, cause: 'epoch' }
  assert.deepEqual(await client.next('gap'), gap)
  await world.say('live')
  await client.next('event', ({ seq }) => seq === 3)
})

test("numbers of the moderators' lane that were never given count for a moderator alone", async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  const resume = async (token: string) => {
    const client = await openSocket(t, port)
    client.send({ type: 'auth', token })
    client.send({ type: 'join', channel, from: { epoch, seq: 1, moderationSeq: 7 } })
    await client.next('joined')
    client.send({ type: 'ping' })
    await client.next('pong')
    return client.frames.flatMap((frame) => (frame.type === 'gap' ? [frame.cause] : []))
  }
  assert.deepEqual([await resume('owner'), await resume('ada')], [['epoch'], []])
})

test('of far more than a resume can bring, the rest is named as a gap', async (t) => {
  const world = createWorld()
  for (let count = 0; count < 10_500; count++) world.append(said(world.seq() + 1))
  const { port } = await world.edge(t)
  const client = await openSocket(t, port)
  client.send({ type: 'join', channel, from: { epoch, seq: 1 } })
  const gap = await client.next('gap')
  assert.deepEqual([gap.from, gap.to, gap.cause], [2, 501, 'too_old'])
  await client.next('event', ({ seq }) => seq === 10_501)
  assert.deepEqual(client.numbers(channel), range(2, 10_501))
})

const emptyView = {
  ownerId: '1',
  slug: null,
  topic: null,
  slowModeSeconds: 0,
  roles: new Map(),
  timeouts: new Map(),
  modes: {},
  seq: 11,
  moderationSeq: 0,
}

test('what the read model does not have is a gap, never silence', async (t) => {
  const world = createWorld()
  for (let count = 0; count < 10; count++) world.append(said(world.seq() + 1))
  const history = {
    open: async () => emptyView,
    between: async () => [],
    moderationBetween: async () => [],
    startOfLast: async () => 1,
  }
  const { port } = await world.edge(t, { historyMs: 100, history })
  const client = await openSocket(t, port)
  client.send({ type: 'join', channel, from: { epoch, seq: 4 } })
  assert.deepEqual(await client.next('gap').then(({ from, to, cause }) => [from, to, cause]), [5, 11, 'unavailable'])
  await world.say('live')
  await client.next('event', ({ seq }) => seq === 12)
})

test('while the read model is away a resume is told to come again, and nothing is called missing', async (t) => {
  const world = createWorld()
  for (let count = 0; count < 10; count++) world.append(said(world.seq() + 1))
  const away = () => Promise.reject(new Error('away'))
  const history = { open: async () => emptyView, between: away, moderationBetween: away, startOfLast: away }
  const { port } = await world.edge(t, { historyMs: 100, history })
  const client = await openSocket(t, port)
  client.send({ type: 'join', channel, from: { epoch, seq: 4 } })
  assert.equal((await client.next('error')).code, 'platform.unavailable')
  assert.equal(
    client.frames.some(({ type }) => type === 'gap'),
    false,
  )
})

test('the last messages are brought at a join, however much lies between them', async (t) => {
  const world = createWorld()
  for (let count = 0; count < 5; count++) world.append(said(world.seq() + 1))
  for (let count = 0; count < 3; count++)
    world.append({ type: 'MemberTimedOut', seq: world.seq() + 1, member: '9', until: 1 })
  const { port } = await world.edge(t)
  const client = await openSocket(t, port)
  client.send({ type: 'join', channel, last: 2 })
  assert.equal((await client.next('joined')).next, 5)
  await client.next('event', ({ seq }) => seq === 9)
  assert.deepEqual(client.numbers(channel), [5, 6, 7, 8, 9])
  await world.say('one more')
  client.send({ type: 'join', channel, last: 2 })
  assert.equal((await client.next('joined', ({ seq }) => seq === 10)).next, 6)
})

test("a moderator's resume brings the acts that were missed", async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  const logged = (moderationSeq: number) =>
    world.happen({
      type: 'ModerationLogged',
      ...channelAbsent.ModerationLogged,
      moderationSeq,
      actor: '1',
      action: 'lift_timeout',
      member: '9',
      messageId: null,
      reason: null,
      durationMs: null,
      role: null,
    })
  const first = await openSocket(t, port)
  first.send({ type: 'auth', token: 'owner' })
  first.send({ type: 'join', channel })
  await first.next('joined')
  await logged(1)
  await first.next('moderation')
  await first.close()
  await logged(2)
  await logged(3)
  const second = await openSocket(t, port)
  second.send({ type: 'auth', token: 'owner' })
  second.send({ type: 'join', channel, from: { epoch, seq: 1, moderationSeq: 1 } })
  await second.next('moderation', ({ moderationSeq }) => moderationSeq === 3)
  const seen = second.frames.flatMap((frame) => (frame.type === 'moderation' ? [frame.moderationSeq] : []))
  assert.deepEqual(seen, [2, 3])
})

test("what lies before the ring of the moderators' lane comes from the read model", async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  const logged = (moderationSeq: number) =>
    ({
      type: 'ModerationLogged',
      ...channelAbsent.ModerationLogged,
      moderationSeq,
      actor: '1',
      action: 'lift_timeout',
      member: '9',
      messageId: null,
      reason: null,
      durationMs: null,
      role: null,
    }) as const
  for (let count = 1; count <= 1200; count++) world.append(logged(count))
  const moderator = await openSocket(t, port)
  moderator.send({ type: 'auth', token: 'owner' })
  moderator.send({ type: 'join', channel, from: { epoch, seq: 1, moderationSeq: 100 } })
  await moderator.next('moderation', ({ moderationSeq }) => moderationSeq === 1200)
  await world.happen(logged(1201))
  await moderator.next('moderation', ({ moderationSeq }) => moderationSeq === 1201)
  const seen = moderator.frames.flatMap((frame) => (frame.type === 'moderation' ? [frame.moderationSeq] : []))
  assert.deepEqual(seen, range(101, 1201))
  assert.equal(
    moderator.frames.some(({ type }) => type === 'gap'),
    false,
  )
})

test('whenever clients come, go and resume, at whichever edge, each sees every number once and in order', async (t) => {
  const world = createWorld()
  const edges = [await world.edge(t), await world.edge(t)] as const
  const step = fc.oneof(
    fc.record({ kind: fc.constant('say' as const), times: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('come back' as const), at: fc.integer({ min: 0, max: 1 }) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const start = world.seq()
      const seen: number[] = []
      let socket = await openSocket(t, edges[0].port)
      socket.send({ type: 'join', channel, from: { epoch, seq: start } })
      const leave = async () => {
        await socket.close()
        seen.push(...socket.numbers(channel))
      }
      for (const taken of steps) {
        if (taken.kind === 'say') for (let count = 0; count < taken.times; count++) await world.say('x')
        else {
          await leave()
          socket = await openSocket(t, edges[taken.at === 0 ? 0 : 1].port)
          // Posted without waiting for the join, so that replay and live stream meet anywhere.
          socket.send({ type: 'join', channel, from: { epoch, seq: seen.at(-1) ?? start } })
        }
      }
      await world.say('the end')
      const end = world.seq()
      await socket.next('event', ({ seq }) => seq === end)
      await leave()
      assert.deepEqual(seen, range(start + 1, end))
    }),
    { numRuns: 30 },
  )
})

const said = (seq: number) => ({
  type: 'MessagePosted' as const,
  ...channelAbsent.MessagePosted,
  seq,
  author: ada.accountId,
  authorName: ada.name,
  text: 'hello',
})
