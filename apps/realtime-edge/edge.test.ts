import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { openSocket } from '#libs/testing/socket.ts'
import { ada, bob, channel, createWorld, epoch, owner } from './edge.fixtures.ts'
import { limits } from './limits.ts'

test('a connection is greeted with the log it is about, the time and its limits', async (t) => {
  const edge = await createWorld().edge(t)
  const hello = await (await openSocket(t, edge.port)).next('hello')
  assert.equal(hello.epoch, epoch)
  assert.ok(Math.abs(hello.serverTime - Date.now()) < 5000)
  assert.equal(hello.limits.textCodePoints, 512)
})

test('everybody may watch without an account, and is refused to post', async (t) => {
  const world = createWorld()
  const watcher = await openSocket(t, (await world.edge(t)).port)
  watcher.send({ type: 'join', channel })
  const joined = await watcher.next('joined')
  assert.deepEqual(
    { seq: joined.seq, next: joined.next, role: joined.role, slug: joined.slug, settings: joined.settings },
    { seq: 1, next: 2, role: null, slug: 'lobby', settings: { topic: null, slowModeSeconds: 0, modes: [] } },
  )
  await world.say('hello')
  const { event, seq } = await watcher.next('event')
  assert.equal(seq, 2)
  assert.deepEqual(event.kind === 'message' && [event.author, event.text], [{ id: '42', name: 'Ada' }, 'hello'])
  watcher.send({ type: 'post', id: uuidv7(), channel, text: 'me too' })
  assert.equal((await watcher.next('error')).code, 'live.unauthenticated')
})

test('a post is answered with its outcome and seen by everybody, under the name of the account', async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  const [talker, watcher] = [await openSocket(t, port), await openSocket(t, port)]
  watcher.send({ type: 'join', channel })
  await watcher.next('joined')
  talker.send({ type: 'auth', token: 'ada' })
  talker.send({ type: 'join', channel })
  const id = uuidv7()
  talker.send({ type: 'post', id, channel, text: 'hi' })
  assert.deepEqual((await talker.next('authenticated')).account, { id: '42', name: 'Ada' })
  const outcome = await talker.next('outcome')
  assert.deepEqual([outcome.id, outcome.status, outcome.seq, outcome.position], [id, 'accepted', 2, 'channel.0.2'])
  for (const socket of [talker, watcher]) {
    const { event } = await socket.next('event')
    assert.equal(event.kind === 'message' && event.id, id)
  }
})

test('a post that was rejected is told with its reason to its author alone', async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  const talker = await openSocket(t, port)
  talker.send({ type: 'auth', token: 'ada' })
  talker.send({ type: 'post', id: uuidv7(), channel, text: 'refuse me' })
  const outcome = await talker.next('outcome')
  assert.deepEqual(
    [outcome.status, outcome.code, outcome.detail],
    ['rejected', 'channel.timed_out', { remainingMs: 5000 }],
  )
})

test('an outcome that was not seen in time is pending', async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t, {
    gateway: {
      submit: async () => undefined,
      observe: () => {},
      oldestPendingMs: () => 0,
      pending: () => 1,
      close: async () => {},
    },
  })
  const talker = await openSocket(t, port)
  talker.send({ type: 'auth', token: 'ada' })
  talker.send({ type: 'post', id: uuidv7(), channel, text: 'anyone?' })
  assert.equal((await talker.next('outcome')).status, 'pending')
})

test('the cookie of the handshake will do instead of a token', async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  const page = await openSocket(t, port, { headers: { cookie: 'ada', origin: 'https://page.example' } })
  page.send({ type: 'auth' })
  assert.equal((await page.next('authenticated')).account.name, 'Ada')
  const without = await openSocket(t, port)
  without.send({ type: 'auth' })
  assert.equal((await without.next('error')).code, 'live.invalid_token')
})

test('who must change the password first may watch, no more; an administrator moderates everywhere', async (t) => {
  const world = createWorld()
  world.identify('new', { ...ada, mustChangePassword: true })
  world.identify('admin', { ...bob, platformRole: 'admin' })
  const socket = await openSocket(t, (await world.edge(t)).port)
  socket.send({ type: 'auth', token: 'new' })
  assert.equal((await socket.next('error')).code, 'live.password_change_required')
  socket.send({ type: 'post', id: uuidv7(), channel, text: 'hi' })
  assert.equal((await socket.next('error')).code, 'live.unauthenticated')
  socket.send({ type: 'auth', token: 'admin' })
  socket.send({ type: 'join', channel })
  const joined = await socket.next('joined')
  assert.deepEqual([joined.role, joined.moderationSeq], ['platform_admin', 0])
})

test('a token does what its scopes say: without the one to moderate its owner is a member like any other', async (t) => {
  const world = createWorld()
  world.identify('writes', { ...owner, scopes: ['chat:read', 'chat:write'] })
  world.identify('moderates', { ...owner, scopes: ['chat:read', 'channel:moderate'] })
  world.identify('reads nothing', { ...owner, scopes: ['account:read'] })
  const { port } = await world.edge(t)
  const socket = await openSocket(t, port)
  const id = uuidv7()
  const refusal = async () => {
    const { code, message } = await socket.next('error')
    return [code, message]
  }
  socket.send({ type: 'auth', token: 'reads nothing' })
  socket.send({ type: 'join', channel })
  assert.deepEqual(await refusal(), ['live.insufficient_scope', 'chat:read'])
  socket.send({ type: 'auth', token: 'writes' })
  socket.send({ type: 'join', channel })
  const asMember = await socket.next('joined')
  assert.deepEqual([asMember.role, asMember.moderationSeq], [null, undefined])
  socket.send({ type: 'act', id, channel, act: { kind: 'clear' } })
  assert.deepEqual(await refusal(), ['live.insufficient_scope', 'channel:moderate'])
  socket.send({ type: 'post', id, channel, text: 'hi' })
  assert.equal((await socket.next('outcome')).status, 'accepted')
  socket.send({ type: 'auth', token: 'moderates' })
  socket.send({ type: 'join', channel })
  const asOwner = await socket.next('joined')
  assert.deepEqual([asOwner.role, asOwner.moderationSeq], ['broadcaster', 0])
  socket.send({ type: 'post', id: uuidv7(), channel, text: 'hi' })
  assert.deepEqual(await refusal(), ['live.insufficient_scope', 'chat:write'])
  socket.send({ type: 'act', id: uuidv7(), channel, act: { kind: 'close' } })
  assert.deepEqual(await refusal(), ['live.insufficient_scope', 'channel:manage'])
})

test('a page of another site is not let in; one of the same host is', async (t) => {
  const { port } = await createWorld().edge(t)
  await assert.rejects(openSocket(t, port, { headers: { origin: 'https://evil.example' } }), /403/)
  await assert.doesNotReject(openSocket(t, port, { headers: { origin: 'http://127.0.0.1:8080' } }))
})

test('moderators see the lane of moderation, others do not, and a role counts from the moment it is given', async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  const [broadcaster, member] = [await openSocket(t, port), await openSocket(t, port)]
  for (const [socket, token] of [
    [broadcaster, 'owner'],
    [member, 'bob'],
  ] as const) {
    socket.send({ type: 'auth', token })
    socket.send({ type: 'join', channel })
  }
  assert.equal((await broadcaster.next('joined')).role, 'broadcaster')
  assert.equal((await member.next('joined')).role, null)
  const logged = (moderationSeq: number) =>
    world.happen({
      type: 'ModerationLogged',
      ...channelAbsent.ModerationLogged,
      moderationSeq,
      actor: '1',
      action: 'assign_role',
      member: bob.accountId,
      messageId: null,
      reason: 'trusted',
      durationMs: null,
      role: 'moderator',
    })
  await logged(1)
  assert.equal((await broadcaster.next('moderation')).entry.reason, 'trusted')
  await world.happen({ type: 'RoleAssigned', seq: 2, member: bob.accountId, role: 'moderator' })
  await logged(2)
  assert.equal((await member.next('moderation')).moderationSeq, 2)
  assert.deepEqual((await member.next('event')).event, { kind: 'role', member: '43', role: 'moderator' })
  await world.happen({ type: 'RoleAssigned', seq: 3, member: bob.accountId, role: null })
  await logged(3)
  await member.next('event')
  assert.equal((await broadcaster.next('moderation', ({ moderationSeq }) => moderationSeq === 3)).moderationSeq, 3)
  assert.equal(member.frames.filter(({ type }) => type === 'moderation').length, 1)
})

test('settings, timeouts and deletions are shown as they happen, and the view of a later join has them', async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  const watcher = await openSocket(t, port)
  watcher.send({ type: 'join', channel })
  await watcher.next('joined')
  const { commandId } = await world.say('oops')
  await world.happen({
    type: 'MessageDeleted',
    ...channelAbsent.MessageDeleted,
    seq: 3,
    messageId: commandId,
    messageSeq: 2,
    author: ada.accountId,
  })
  await world.happen({ type: 'MemberTimedOut', seq: 4, member: '42', until: 1_800_000_000_000 })
  await world.happen({ type: 'TimeoutEnded', seq: 5, member: '42', cause: 'expired' })
  await world.happen({ type: 'SettingsChanged', seq: 6, actor: '1', topic: 'Be kind', slowModeSeconds: 30 })
  const kinds = []
  for (let count = 0; count < 5; count++) kinds.push((await watcher.next('event')).event.kind)
  assert.deepEqual(kinds, ['message', 'message-deleted', 'timeout', 'timeout-ended', 'settings'])
  watcher.send({ type: 'join', channel })
  assert.deepEqual((await watcher.next('joined')).settings, {
    topic: 'Be kind',
    slowModeSeconds: 30,
    modes: [{ mode: 'slow', value: 30, actor: '1', since: 1_700_000_000_006 }],
  })
})

test('who is banned learns of it as they join, and they alone', async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  await world.happen({ type: 'MemberBanned', seq: 2, member: ada.accountId, until: null, origin: null })
  const told = async (token: string) => {
    const socket = await openSocket(t, port)
    socket.send({ type: 'auth', token })
    socket.send({ type: 'join', channel })
    return (await socket.next('joined')).ban
  }
  assert.deepEqual([await told('ada'), await told('bob'), await told('owner')], [{ until: null }, undefined, undefined])
})

test('what concerns no such channel, or one that was left, is said so', async (t) => {
  const { port } = await createWorld().edge(t)
  const socket = await openSocket(t, port)
  socket.send({ type: 'join', channel: '999' })
  assert.deepEqual(await socket.next('error').then(({ code, channel: which }) => [code, which]), [
    'live.channel_not_found',
    '999',
  ])
  socket.send({ type: 'leave', channel })
  assert.equal((await socket.next('error')).code, 'live.not_joined')
  socket.send({ type: 'join', channel })
  await socket.next('joined')
  socket.send({ type: 'leave', channel })
  await socket.next('left')
})

test('a connection follows so many channels and no more', async (t) => {
  const view = {
    ownerId: '1',
    slug: null,
    topic: null,
    slowModeSeconds: 0,
    roles: new Map(),
    timeouts: new Map(),
    modes: {},
    seq: 1,
    moderationSeq: 0,
  }
  const { port } = await createWorld().edge(t, {
    history: {
      open: async () => view,
      between: async () => [],
      moderationBetween: async () => [],
      startOfLast: async () => 1,
    },
  })
  const socket = await openSocket(t, port)
  for (let id = 1; id <= limits.joins + 1; id++) socket.send({ type: 'join', channel: `${id}` })
  const refused = await socket.next('error')
  assert.deepEqual([refused.code, refused.channel], ['live.too_many_joins', `${limits.joins + 1}`])
  socket.send({ type: 'leave', channel: '1' })
  socket.send({ type: 'join', channel: '99' })
  await socket.next('joined', ({ channel: which }) => which === '99')
})

test('a frame that is not of the protocol is refused with what is wrong', async (t) => {
  const socket = await openSocket(t, (await createWorld().edge(t)).port)
  const id = uuidv7()
  socket.raw(JSON.stringify({ type: 'post', id, channel: 'lobby', text: 'hi' }))
  const refused = await socket.next('error')
  assert.deepEqual([refused.code, refused.id], ['live.invalid_frame', id])
  assert.match(String(refused.message), /^channel: /)
})

test('a ping is answered with the time, a refused post with its id', async (t) => {
  const { port } = await createWorld().edge(t)
  const socket = await openSocket(t, port)
  socket.send({ type: 'ping' })
  await socket.next('pong')
  socket.send({ type: 'auth', token: 'ada' })
  for (const text of ['x'.repeat(513), 'half a pair \ud800']) {
    const id = uuidv7()
    socket.send({ type: 'post', id, channel, text })
    const refused = await socket.next('error')
    assert.deepEqual([refused.code, refused.id], ['live.text_invalid', id])
  }
})

test('posts are refused while the disk is full or commands go unanswered; reading goes on', async (t) => {
  const world = createWorld()
  const { port } = await world.edge(t)
  const socket = await openSocket(t, port)
  socket.send({ type: 'auth', token: 'ada' })
  socket.send({ type: 'join', channel })
  await socket.next('joined')
  world.setDiskFull(true)
  socket.send({ type: 'post', id: uuidv7(), channel, text: 'one' })
  assert.equal((await socket.next('error')).code, 'platform.disk_full')
  world.setDiskFull(false)
  world.setDeciding(false)
  socket.send({ type: 'post', id: uuidv7(), channel, text: 'two' })
  assert.equal((await socket.next('error')).code, 'platform.busy')
  await world.say('still here', bob)
  await socket.next('event')
})

test('an account posts so much and no more, over all its connections', async (t) => {
  const { port } = await createWorld().edge(t)
  const sockets = [await openSocket(t, port), await openSocket(t, port)]
  for (const socket of sockets) socket.send({ type: 'auth', token: 'ada' })
  for (const socket of sockets) await socket.next('authenticated')
  for (let count = 0; count <= limits.posts.burst / 2; count++)
    for (const socket of sockets) socket.send({ type: 'post', id: uuidv7(), channel, text: `${count}` })
  const refused = await Promise.race(sockets.map((socket) => socket.next('error')))
  assert.equal(refused.code, 'live.rate_limited')
  assert.ok((refused.retryAfterMs ?? 0) > 0)
})
