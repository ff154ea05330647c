import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { uuidv7 } from '#libs/journal/ids.ts'
import { closeCodes } from '#libs/protocols/native/closing.ts'
import { openSocket, type TestSocket } from '#libs/testing/socket.ts'
import { until } from '#libs/testing/until.ts'
import { call } from './people.fixtures.ts'
import { ask } from './questions/alike.fixtures.ts'
import { startWhole } from './whole.fixtures.ts'

const password = 'correct horse battery'

/** A person over HTTP: what the page does, without the page. */
const createPerson = async (url: string, handle: string) => {
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const opened = await call('POST', '/v1/accounts', { handle, password })
  assert.equal(opened.status, 201, await opened.text())
  const loggedIn = await call('POST', '/v1/sessions', { handle, password })
  const cookie = loggedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const { accessToken: token, account } = (await loggedIn.json()) as { accessToken: string; account: { id: string } }
  return {
    token,
    cookie,
    id: account.id,
    logOut: () => call('DELETE', '/v1/sessions/current', undefined, { cookie }),
    erase: () => call('DELETE', '/v1/accounts/me', { password }, { authorization: `Bearer ${token}`, cookie }),
  }
}

/** Of an answer. */
type Data = Readonly<Record<string, unknown>> & {
  readonly position?: string
  readonly version?: number
  readonly bans?: readonly unknown[]
}

const textsOf = (socket: TestSocket): readonly string[] =>
  socket.frames.flatMap((frame) => (frame.type === 'event' && frame.event.kind === 'message' ? [frame.event.text] : []))

test('live edges on real engines', { timeout: 180_000 }, async (t: TestContext) => {
  const whiply = await startWhole(t)
  const secondPort = await whiply.startSecondLive()
  const found = await fetch(`${whiply.url}/v1/channels?slug=lobby`)
  const channel = ((await found.json()) as { channels: { id: string }[] }).channels[0]?.id ?? ''
  const [ada, bob] = [await createPerson(whiply.url, 'Ada'), await createPerson(whiply.url, 'Bob')]
  const [first, second] = [await openSocket(t, whiply.livePort), await openSocket(t, secondPort)]
  const { epoch } = await first.next('hello')

  await t.test('what is posted at one edge is seen at the other, and its outcome is the journal’s', async () => {
    first.send({ type: 'auth', token: ada.token })
    second.send({ type: 'auth', token: bob.token })
    for (const socket of [first, second]) {
      socket.send({ type: 'join', channel })
      await socket.next('joined')
    }
    const id = uuidv7()
    first.send({ type: 'post', id, channel, text: 'from the first' })
    const outcome = await first.next('outcome')
    assert.equal(outcome.status, 'accepted')
    for (const socket of [first, second]) {
      const { seq, event } = await socket.next('event')
      assert.deepEqual([seq, event.kind === 'message' && event.author], [outcome.seq, { id: ada.id, name: 'Ada' }])
    }
    first.send({ type: 'post', id, channel, text: 'from the first' })
    const repeated = await first.next('outcome')
    assert.deepEqual([repeated.status, repeated.seq], ['repeated', outcome.seq])
    first.send({ type: 'post', id: uuidv7(), channel, text: '\u{200b}' })
    assert.equal((await first.next('outcome')).code, 'channel.text_blank')
  })

  await t.test('a channel is opened, ruled and taken into over the socket alone', async () => {
    const done = async (command: string, parts: object): Promise<Data> => {
      const { data, problem } = await ask(first, { command, ...parts })
      assert.equal(problem, undefined, `${command}: ${problem?.code}`)
      return data as Data
    }
    const code = async (socket: TestSocket, command: string, parts: object) =>
      (await ask(socket, { command, ...parts })).problem?.code
    const read = async (query: string, parts: object) => (await ask(first, { query, ...parts })).data as Data
    const params = { channelId: ada.id }

    const opening = { id: uuidv7(), body: {} }
    const { channelId, position: minPosition } = await done('openChannel', opening)
    assert.equal(channelId, ada.id)
    assert.deepEqual(await done('openChannel', opening), { commandId: opening.id, channelId, position: minPosition })
    const { version: expectedVersion } = await read('getChannel', { params, minPosition })
    const kind = { params, body: { topic: 'Be kind' }, expectedVersion }
    const changed = await done('changeSettings', kind)
    assert.equal((await read('getChannel', { params, minPosition: changed.position })).topic, 'Be kind')
    assert.equal(await code(first, 'changeSettings', kind), 'channel.version_conflict')
    assert.equal(await code(second, 'changeSettings', { ...kind, expectedVersion: '*' }), 'channel.forbidden')

    const policy = { format: 1, rules: [{ id: 'skins', kind: 'terms', terms: ['free skins'] }] }
    const set = await done('setPolicy', { params, body: { policy }, expectedVersion: 0 })
    const words = { params: { ...params, list: 'slurs' }, body: { format: 'lines', content: 'foo' } }
    const taken = await done('importWordList', { ...words, minPosition: set.position })
    const ruled = await read('showPolicy', { params, minPosition: taken.position })
    assert.match(JSON.stringify(ruled), /skins.*slurs/)
    const trial = await read('tryPolicy', { params, body: { policy, since: new Date(0).toISOString() } })
    assert.equal(trial.messages, 0)
    await done('removePolicy', { params })

    const list = { format: 'lines', content: 'Bob' }
    assert.equal((await done('importBans', { params, body: list })).banned, 1)
    await until(async () => (await read('listBans', { params })).bans?.length === 1)
    assert.match(`${await read('exportBans', { params })}`, /^handle,[\s\S]*Bob,/)

    const emote = { params: { ...params, emoteId: uuidv7() } }
    assert.equal(
      await code(first, 'changeChannelEmote', { ...emote, body: { name: 'catJAM' } }),
      'channel.emote_unknown',
    )
    assert.equal(await code(first, 'removeChannelEmote', emote), 'channel.emote_unknown')
    assert.equal(await code(first, 'addChannelEmote', { params }), 'live.over_http')
    assert.equal(await code(first, 'removeEmote', { params: { emoteId: uuidv7() } }), 'http.forbidden')
  })

  await t.test('an administrator opens a channel by a slug, and gives it another', async () => {
    const session = await call(whiply.url, 'POST', '/v1/sessions', { body: whiply.admin })
    const body = { oldPassword: whiply.admin.password, newPassword: password }
    const { accessToken } = (
      await call(whiply.url, 'PUT', '/v1/accounts/me/password', { token: session.body.accessToken, body })
    ).body
    const socket = await openSocket(t, secondPort)
    socket.send({ type: 'auth', token: accessToken })
    await socket.next('authenticated')
    const opening = { command: 'openChannel', id: uuidv7(), body: { slug: 'lounge' } }
    const opened = (await ask(socket, opening)).data as Data
    assert.equal(((await ask(socket, opening)).data as Data).channelId, opened.channelId)
    const params = { channelId: `${opened.channelId}` }
    const renamed = (await ask(socket, { command: 'renameChannel', params, body: { slug: 'parlour' } })).data as Data
    const minPosition = renamed.position
    const found = await ask(socket, { query: 'findChannels', params: { slug: 'parlour' }, minPosition })
    assert.equal((found.data as { channels: { id: string }[] }).channels[0]?.id, opened.channelId)
    await socket.close()
  })

  await t.test('both see the same people', async () => {
    await until(() => second.frames.some((frame) => frame.type === 'presence' && frame.count === 2))
  })

  await t.test('the page’s cookie will do, from an origin that may', async () => {
    const headers = { cookie: ada.cookie, origin: new URL(whiply.url).origin, host: 'localhost' }
    const page = await openSocket(t, whiply.livePort, { headers })
    page.send({ type: 'auth' })
    assert.equal((await page.next('authenticated')).account.name, 'Ada')
    await assert.rejects(openSocket(t, whiply.livePort, { headers: { ...headers, origin: 'https://evil.example' } }))
    await page.close()
  })

  await t.test('an edge that was restarted, and the other one, answer resumes without a hole', async () => {
    const from = { epoch, seq: 1 }
    for (let count = 0; count < 20; count++) first.send({ type: 'post', id: uuidv7(), channel, text: `line ${count}` })
    await second.next('event', ({ event }) => event.kind === 'message' && event.text === 'line 19')
    await whiply.stopLive()
    assert.equal((await first.closed).code, closeCodes.goingAway)
    second.send({ type: 'post', id: uuidv7(), channel, text: 'meanwhile' })
    await second.next('outcome')
    await whiply.startLive()
    const sockets = [await openSocket(t, whiply.livePort), await openSocket(t, secondPort)]
    for (const socket of sockets) socket.send({ type: 'join', channel, from })
    second.send({ type: 'post', id: uuidv7(), channel, text: 'after' })
    for (const socket of sockets) {
      await socket.next('event', ({ event }) => event.kind === 'message' && event.text === 'after')
      assert.deepEqual(
        socket.numbers(channel),
        Array.from({ length: 23 }, (_, index) => index + 2),
      )
      assert.equal(
        socket.frames.some(({ type }) => type === 'gap'),
        false,
      )
      await socket.close()
    }
  })

  await t.test('an edge that is restarted when Postgres was away a moment ago serves its rooms at once', async () => {
    whiply.postgres.cut()
    second.send({ type: 'post', id: uuidv7(), channel, text: 'not yet in the read model' })
    await second.next('outcome')
    await second.next('event', ({ event }) => event.kind === 'message' && event.text === 'not yet in the read model')
    const answer = await ask(second, { query: 'listMessages', params: { channelId: channel } })
    assert.deepEqual([answer.problem?.code, answer.retryAfterMs], ['platform.unavailable', 1000])
    const before = whiply.postgres.refused()
    await until(() => whiply.postgres.refused() > before + 40)
    whiply.postgres.restore()
    const isAnswered = async () =>
      (await ask(second, { query: 'listMessages', params: { channelId: channel } })).problem === undefined
    await until(isAnswered, { timeoutMs: 15_000 })
    await whiply.stopLive()
    await whiply.startLive()
    const socket = await openSocket(t, whiply.livePort)
    socket.send({ type: 'join', channel })
    await until(() => socket.frames.some(({ type }) => type === 'joined'), { timeoutMs: 8_000 })
    assert.equal(
      socket.frames.some(({ type }) => type === 'error'),
      false,
    )
    await socket.close()
  })

  await t.test('who logs out loses the sockets of the session, and its token counts at no edge', async () => {
    const socket = await openSocket(t, secondPort)
    socket.send({ type: 'auth', token: ada.token })
    await socket.next('authenticated')
    assert.equal((await ada.logOut()).status, 204)
    assert.equal((await socket.closed).code, closeCodes.sessionEnded)
    for (const port of [whiply.livePort, secondPort]) {
      const again = await openSocket(t, port)
      again.send({ type: 'auth', token: ada.token })
      assert.equal((await again.next('error')).code, 'live.invalid_token')
    }
  })

  await t.test('what an erased person wrote is gone from resumes, from rings and read models alike', async () => {
    assert.ok(textsOf(second).includes('meanwhile'))
    assert.equal((await bob.erase()).status, 200)
    assert.equal((await second.closed).code, closeCodes.sessionEnded)
    const textsAt = async (port: number) => {
      const reader = await openSocket(t, port)
      reader.send({ type: 'join', channel, from: { epoch, seq: 1 } })
      await until(() => reader.numbers(channel).length === 24)
      const texts = textsOf(reader)
      await reader.close()
      return texts
    }
    for (const port of [whiply.livePort, secondPort]) {
      // Each edge reads of the erasure by itself, within a second.
      const deadline = Date.now() + 1000
      let texts = await textsAt(port)
      while (texts.includes('meanwhile') && Date.now() < deadline) texts = await textsAt(port)
      assert.equal(texts.includes('from the first'), true)
      assert.equal(texts.includes('meanwhile'), false)
    }
  })
})
