import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, joinLive, lobbyOf, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Act } from '#libs/protocols/native/acts.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import type { TestSocket } from '#libs/testing/socket.ts'
import { until } from '#libs/testing/until.ts'

test('a room', { timeout: 120_000 }, async (test) => {
  const t = inReverse(test)
  const { url, admin, livePort: port } = await startWhole(t)
  const lobby = await lobbyOf(url)
  const [ada, bob] = [await register(url, { handle: 'Ada' }), await register(url, { handle: 'Bob' })]
  const opened = await call(url, 'POST', '/v1/sessions', { body: { handle: admin.handle, password: admin.password } })
  const changed = await call(url, 'PUT', '/v1/accounts/me/password', {
    token: opened.body.accessToken,
    body: { oldPassword: admin.password, newPassword: 'four lanterns over the harbour' },
  })
  assert.equal(changed.status, 200, changed.text)
  const owner = {
    id: opened.body.account.id as string,
    handle: admin.handle,
    token: changed.body.accessToken as string,
  }

  const act = async (socket: TestSocket, act: Act) => {
    const id = uuidv7()
    socket.send({ type: 'act', id, channel: lobby, act })
    const outcome = await socket.next('outcome', (found) => found.id === id)
    return { id, status: outcome.status, code: outcome.code }
  }
  const [owners, adas, bobs] = [
    await joinLive(t, { port, channel: lobby, member: owner }),
    await joinLive(t, { port, channel: lobby, member: ada }),
    await joinLive(t, { port, channel: lobby, member: bob }),
  ]
  const eventOf = (socket: TestSocket, kind: string) => socket.next('event', ({ event }) => event.kind === kind)

  await test.test(
    'holds a poll: live results, who joins late, how one has voted, and its end by the clock',
    async () => {
      const options = ['Chess', 'Go']
      const asked = { kind: 'start-poll', question: 'Which?', options, durationMs: 5_000 } as const
      const { id: poll } = await act(owners, asked)
      assert.equal((await eventOf(bobs, 'poll-started')).event.kind, 'poll-started')
      assert.equal((await act(adas, { kind: 'vote', poll, option: 1 })).status, 'accepted')
      assert.equal((await act(adas, { kind: 'vote', poll, option: 0 })).code, 'channel.voted_already')
      assert.equal((await act(bobs, { kind: 'vote', poll, option: 1 })).status, 'accepted')
      const standing = await owners.next('poll', ({ voters }) => voters === 2)
      assert.deepEqual([standing.poll, standing.totals], [poll, [0, 2]])
      const late = await joinLive(t, { port, channel: lobby })
      const joined = late.frames.find((frame) => frame.type === 'joined')
      assert.deepEqual([joined?.poll?.id, joined?.poll?.options, joined?.poll?.totals], [poll, options, [0, 2]])
      const path = `/v1/channels/${lobby}/polls`
      await until(async () => (await call(url, 'GET', `${path}/${poll}`, { token: ada.token })).body.vote === 1)
      assert.equal((await call(url, 'GET', `${path}/${poll}`)).body.vote, null)
      const isOver = () => adas.frames.some((frame) => frame.type === 'event' && frame.event.kind === 'poll-ended')
      await until(isOver, { timeoutMs: 20_000, what: 'the poll is over' })
      const { event } = await eventOf(adas, 'poll-ended')
      assert.deepEqual(event, {
        kind: 'poll-ended',
        id: poll,
        cause: 'expired',
        actor: null,
        voters: 2,
        totals: [0, 2],
      })
      await until(async () => (await call(url, 'GET', path)).body.polls[0]?.cause === 'expired')
    },
  )

  await test.test('takes another slug: the old one leads to it, and is nobody else’s', async () => {
    const path = `/v1/channels/${lobby}/slug`
    const body = { slug: 'Lounge' }
    assert.equal((await call(url, 'PUT', path, { token: ada.token, body })).body.code, 'channel.forbidden')
    const renamed = await call(url, 'PUT', path, { token: owner.token, body })
    assert.equal(renamed.status, 200, renamed.text)
    await eventOf(bobs, 'channel-renamed')
    const slugs = async (slug: string) => (await call(url, 'GET', `/v1/channels?slug=${slug}`)).body.channels[0]?.slug
    await until(async () => (await slugs('lounge')) === 'Lounge')
    assert.equal(await slugs('lobby'), 'Lounge')
    const taken = await call(url, 'POST', '/v1/accounts', {
      body: { handle: 'lobby', password: 'correct horse battery' },
    })
    assert.equal(taken.body.code, 'identity.handle_taken', taken.text)
    const again = await call(url, 'PUT', path, { token: owner.token, body: { slug: 'den' } })
    assert.equal(again.body.code, 'identity.handle_released', again.text)
    await until(async () => (await slugs('den')) === undefined)
  })

  await test.test(
    'lets authors edit for a while: who watches is told, who comes sees it so, moderators see what it was',
    async () => {
      const post = (text: string) => {
        const id = uuidv7()
        adas.send({ type: 'post', id, channel: lobby, text })
        return adas.next('outcome', (outcome) => outcome.id === id)
      }
      const { id: message } = await post('teh first')
      const edit = { kind: 'edit-message', message, text: 'the first' } as const
      assert.equal((await act(adas, edit)).code, 'channel.not_editable')
      assert.equal((await act(owners, { kind: 'set-mode', mode: 'edit_window', value: 600 })).status, 'accepted')
      assert.equal((await act(adas, edit)).status, 'accepted')
      const { event } = await eventOf(bobs, 'message-edited')
      assert.equal(event.kind === 'message-edited' && event.text, 'the first')
      const late = await joinLive(t, { port, channel: lobby, last: 1 })
      const shown = await late.next('event', ({ event }) => event.kind === 'message' && event.id === message)
      assert.ok(shown.event.kind === 'message' && shown.event.text === 'the first' && shown.event.edited !== undefined)
      const path = `/v1/channels/${lobby}/messages`
      const edited = async () =>
        (await call(url, 'GET', path)).body.messages.find(({ id }: { id: string }) => id === message)
      await until(async () => (await edited())?.text === 'the first')
      assert.notEqual((await edited()).editedAt, null)
      const edits = (token: string) => call(url, 'GET', `${path}/${message}/edits`, { token })
      assert.equal((await edits(owner.token)).body.edits[0].text, 'teh first')
      assert.equal((await edits(bob.token)).body.code, 'channel.forbidden')
    },
  )

  await test.test('goes to who accepts it, who may do in it what its broadcaster may', async () => {
    assert.equal((await act(adas, { kind: 'accept-channel' })).code, 'channel.not_offered')
    assert.equal((await act(owners, { kind: 'offer-channel', to: ada.id })).status, 'accepted')
    await adas.next('personal', ({ event }) => event.kind === 'channel-offered')
    assert.equal((await act(adas, { kind: 'accept-channel' })).status, 'accepted')
    const { event } = await eventOf(bobs, 'channel-transferred')
    assert.deepEqual(event, { kind: 'channel-transferred', previousOwner: owner.id, owner: ada.id })
    assert.equal((await act(adas, { kind: 'assign-role', member: bob.id, role: 'lead_moderator' })).status, 'accepted')
    await until(async () => (await call(url, 'GET', `/v1/channels/${lobby}`)).body.ownerId === ada.id)
  })
})
