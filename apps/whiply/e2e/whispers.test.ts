import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, type Member, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { publicTopics } from '#libs/integration/topics.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { openSocket } from '#libs/testing/socket.ts'
import { until } from '#libs/testing/until.ts'

test('no public topic is fed from the journal of whispers', () => {
  assert.ok(publicTopics.length > 0)
  assert.ok(publicTopics.every(({ family }) => `${family}` !== 'conversation'))
})

test('whispers', { timeout: 120_000 }, async (test) => {
  const t = inReverse(test)
  const { url, livePort, startSecondLive } = await startWhole(t)
  const secondPort = await startSecondLive()
  const [ada, bob] = [await register(url, { handle: 'Ada' }), await register(url, { handle: 'Bob' })]

  const live = async (member: Member, port = livePort) => {
    const socket = await openSocket(t, port)
    socket.send({ type: 'auth', token: member.token })
    await socket.next('authenticated')
    return socket
  }
  const whisper = (socket: Awaited<ReturnType<typeof live>>, to: Member, text: string) => {
    const id = uuidv7()
    socket.send({ type: 'whisper', id, act: { kind: 'send', to: to.id, text } })
    return socket.next('outcome', (outcome) => outcome.id === id)
  }

  const adas = await live(ada)
  adas.send({ type: 'follow-whispers' })
  const { epoch } = await adas.next('whispers')

  await test.test('go to who goes by a handle, where they take them', async () => {
    const carl = await register(url, { handle: 'Carl' })
    const found = async (handle: string) => {
      const { status, body } = await call(url, 'GET', `/v1/whispers/receivers?handle=${handle}`, { token: ada.token })
      return status === 200 ? body : body.code
    }
    assert.deepEqual(await found('cARL'), { id: carl.id, name: 'Carl', wanted: true })
    assert.deepEqual(await found('ada'), { id: ada.id, name: 'Ada', wanted: false })
    assert.equal(await found('nobody_here'), 'conversation.receiver_unknown')
    assert.equal(await found('no'), 'http.invalid_request')
    await call(url, 'PUT', '/v1/whispers/settings', { token: carl.token, body: { allow: 'nobody' } })
    await until(async () => (await found('carl')).wanted === false)
  })

  await test.test('wait for who is not there, and come to every edge where they are', async () => {
    assert.equal((await whisper(adas, bob, 'are you there?')).status, 'accepted')
    const { event } = await adas.next('whispered')
    assert.deepEqual({ ...event, id: '' }, { kind: 'sent', id: '', to: bob.id, text: 'are you there?' })
    await until(async () => (await call(url, 'GET', '/v1/whispers', { token: bob.token })).body.whisperSeq === 1)
    const [one, other] = [await live(bob), await live(bob, secondPort)]
    for (const socket of [one, other]) {
      socket.send({ type: 'follow-whispers', from: { epoch, whisperSeq: 0 } })
      const { whisperSeq, event } = await socket.next('whispered')
      assert.equal(whisperSeq, 1)
      assert.deepEqual(
        { ...event, id: '' },
        {
          kind: 'received',
          id: '',
          from: { id: ada.id, name: 'Ada' },
          text: 'are you there?',
        },
      )
    }
    assert.equal((await whisper(other, ada, 'I am')).status, 'accepted')
    assert.equal((await adas.next('whispered')).event.kind, 'received')
    for (const socket of [one, other]) assert.equal((await socket.next('whispered')).whisperSeq, 2)
  })

  await test.test('are listed with what is unread, until it is marked', async () => {
    const listed = async () => (await call(url, 'GET', '/v1/whispers', { token: bob.token })).body.conversations[0]
    await until(async () => (await listed()).last.text === 'I am')
    const first = await listed()
    assert.deepEqual([first.with, first.unread, first.readUpTo], [{ id: ada.id, name: 'Ada' }, 1, 0])
    const path = `/v1/whispers/with/${ada.id}`
    const beyond = { upTo: Number.MAX_SAFE_INTEGER }
    assert.equal((await call(url, 'PUT', `${path}/read`, { token: bob.token, body: beyond })).status, 400)
    const marked = await call(url, 'PUT', `${path}/read`, { token: bob.token, body: { upTo: 1 } })
    assert.equal(marked.status, 200, marked.text)
    const seen = `/v1/whispers?min-position=${marked.body.position}`
    assert.equal((await call(url, 'GET', seen, { token: bob.token })).body.conversations[0].unread, 0)
    const page = (await call(url, 'GET', path, { token: bob.token })).body
    assert.deepEqual(
      page.whispers.map(({ author, text }: { author: { id: string }; text: string }) => [author.id, text]),
      [
        [ada.id, 'are you there?'],
        [bob.id, 'I am'],
      ],
    )
  })

  await test.test(
    'are refused by a block and by a setting, without telling which, and nobody is there to whisper to',
    async () => {
      const refusal = { status: 'rejected', code: 'conversation.not_wanted' }
      const told = ({ status, code }: Awaited<ReturnType<typeof whisper>>) => ({ status, code })
      const watching = await live(bob, secondPort)
      watching.send({ type: 'follow-whispers' })
      await watching.next('whispers')
      const block = await call(url, 'PUT', `/v1/accounts/me/blocks/${ada.id}`, { token: bob.token })
      assert.equal(block.status, 204, block.text)
      await watching.next('whispered', ({ event }) => event.kind === 'blocked' && event.account === ada.id)
      assert.deepEqual(told(await whisper(adas, bob, 'hey')), refusal)
      const late = await live(bob)
      late.send({ type: 'follow-whispers' })
      assert.deepEqual((await late.next('whispers')).blocked, [ada.id])
      await call(url, 'DELETE', `/v1/accounts/me/blocks/${ada.id}`, { token: bob.token })
      await watching.next('whispered', ({ event }) => event.kind === 'unblocked')
      assert.equal((await whisper(adas, bob, 'hey')).status, 'accepted')
      const settings = { token: bob.token, body: { allow: 'followed' } }
      assert.equal((await call(url, 'PUT', '/v1/whispers/settings', settings)).status, 200)
      // Bob has whispered to Ada, who may answer.
      assert.equal((await whisper(adas, bob, 'ho')).status, 'accepted')
      const dora = await live(await register(url, { handle: 'Dora' }))
      assert.deepEqual(told(await whisper(dora, bob, 'ho')), refusal)
      const unknown = await call(url, 'POST', '/v1/whispers/with/999', { token: ada.token, body: { text: 'x' } })
      assert.deepEqual([unknown.status, unknown.body.code], [404, 'conversation.receiver_unknown'])
      const stranger = await openSocket(t, livePort)
      stranger.send({ type: 'follow-whispers' })
      assert.equal((await stranger.next('error')).code, 'live.unauthenticated')
    },
  )
})
