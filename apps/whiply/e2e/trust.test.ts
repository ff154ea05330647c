import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outboxOf, secretIn } from '#apps/http-edge/outbox.fixtures.ts'
import { dialect, openClient } from '#apps/realtime-edge/irc/client.fixtures.ts'
import { call, joinLive, type Member, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Act } from '#libs/protocols/native/acts.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import type { TestSocket } from '#libs/testing/socket.ts'
import { until } from '#libs/testing/until.ts'

const from = (address: string) => ({ 'x-forwarded-for': address })

/** Two of one IPv6 subscriber, and one next door to the first over IPv4. */
const [home, sameHome, nextDoor, elsewhere] = ['2001:db8:1:2::7', '2001:db8:1:2:aaaa::9', '203.0.113.8', '198.51.100.7']

test('whom a channel trusts to post', { timeout: 150_000 }, async (test) => {
  const t = inReverse(test)
  const whole = await startWhole(t, { TRUSTED_PROXIES: '127.0.0.0/8,::1' })
  const { url, livePort: port } = whole
  const outbox = outboxOf(whole.config.data)
  const [ada, bob, carl, dan, eve] = [
    await register(url, { handle: 'Ada' }),
    await register(url, { handle: 'Bob' }),
    await register(url, { handle: 'Carl', email: 'carl@example.org' }),
    await register(url, { handle: 'Dan' }),
    await register(url, { handle: 'Eve' }),
  ]
  const opened = await call(url, 'POST', '/v1/channels', { token: ada.token, body: {} })
  assert.equal(opened.status, 201, opened.text)
  const channel: string = opened.body.channelId
  await until(async () => (await call(url, 'GET', '/v1/channels?slug=ada')).body.channels[0]?.id === channel)
  const join = (member: Member, address: string) => joinLive(t, { port, channel, member, headers: from(address) })
  const [adas, bobs, carls, dans, eves] = [
    await join(ada, elsewhere),
    await join(bob, home),
    await join(carl, sameHome),
    await join(dan, sameHome),
    await join(eve, nextDoor),
  ]

  const done = async (socket: TestSocket, act: Act): Promise<void> => {
    const id = uuidv7()
    socket.send({ type: 'act', id, channel, act })
    const { status, code } = await socket.next('outcome', (found) => found.id === id)
    assert.equal(status, 'accepted', `${act.kind}: ${code}`)
  }
  const told = async (socket: TestSocket, text = 'hello'): Promise<string> => {
    const id = uuidv7()
    socket.send({ type: 'post', id, channel, text })
    const { status, code } = await socket.next('outcome', (found) => found.id === id)
    return code ?? status
  }
  const overHttp = async ({ token }: Member, address: string): Promise<string> => {
    const { status, body } = await call(url, 'POST', `/v1/channels/${channel}/messages`, {
      token,
      body: { text: 'hello' },
      headers: from(address),
    })
    return body.code ?? String(status)
  }
  const get = async (path: string) =>
    (await call(url, 'GET', `/v1/channels/${channel}${path}`, { token: ada.token })).body

  await test.test('nobody of them posts from where somebody came who is banned with their addresses', async () => {
    await done(adas, { kind: 'mark', member: dan.id, mark: 'protected' })
    assert.equal(await told(carls), 'accepted')
    await done(adas, { kind: 'ban', member: bob.id, reason: 'raid', durationMs: 86_400_000, addresses: 'address' })
    assert.equal(await told(bobs), 'channel.banned')
    assert.equal(await told(carls), 'channel.address_banned')
    assert.equal(await overHttp(carl, sameHome), 'channel.address_banned')
    assert.equal(await overHttp(carl, elsewhere), '201')
    assert.deepEqual([await told(dans), await told(eves)], ['accepted', 'accepted'], 'who is protected, and others')

    const irc = await openClient(t, { port, ircPort: undefined }, 'websocket', from(home))
    irc.send(dialect, `PASS oauth:${carl.token}`, 'NICK carl', 'JOIN #ada')
    await irc.next(/ 366 /)
    irc.send('PRIVMSG #ada :hello')
    assert.match(await irc.next(/NOTICE #ada/), /msg-id=\S+ .*banned/)

    const log = async () => (await get('/moderation-log?action=ban_address')).entries
    await until(async () => (await log()).length === 1)
    const [entry] = await log()
    assert.deepEqual([entry.memberId, entry.value, entry.reason], [bob.id, 1, 'raid'])
    const { marks } = await get('/marks?mark=ban')
    assert.deepEqual([marks[0].memberId, marks[0].addresses], [bob.id, 1])
    assert.doesNotMatch(JSON.stringify([log, marks, adas.frames, carls.frames]), /2001:|203\.0\./)

    await done(adas, { kind: 'lift-address-ban', member: bob.id, reason: 'a family' })
    assert.deepEqual([await told(carls), await told(bobs)], ['accepted', 'channel.banned'])
    await until(async () => (await get('/marks?mark=ban')).marks[0].addresses === 0)
    const again = await call(url, 'POST', `/v1/channels/${channel}/acts`, {
      token: ada.token,
      body: { kind: 'ban', member: bob.id, addresses: 'network' },
    })
    assert.equal(again.status, 200, again.text)
    assert.equal(await told(carls), 'channel.address_banned')
    await done(adas, { kind: 'unban', member: bob.id })
    assert.deepEqual([await told(carls), await told(bobs)], ['accepted', 'accepted'])
  })

  await test.test('nobody whose e-mail address is not confirmed, where it asks for that', async () => {
    await done(adas, { kind: 'set-mode', mode: 'verified', value: 1 })
    assert.deepEqual(
      [await told(carls), await overHttp(carl, elsewhere), await told(adas)],
      ['channel.verified_only', 'channel.verified_only', 'accepted'],
    )
    const secret = secretIn(await outbox.last('carl@example.org', 1))
    const confirmed = await call(url, 'POST', '/v1/email-confirmations', { body: { secret } })
    assert.ok(confirmed.status < 300, confirmed.text)
    await until(async () => (await told(carls)) === 'accepted')
    await until(async () => (await overHttp(carl, elsewhere)) === '201')
    assert.equal(await told(dans), 'channel.verified_only', 'nobody else')
    const act = (kind: string, position = '') =>
      call(url, 'POST', `/v1/channels/${channel}/acts${position}`, { token: dan.token, body: { kind } })
    const followed = await act('follow')
    const left = await act('unfollow', `?min-position=${followed.body.position}`)
    assert.equal(left.status, 200, left.text)
    await done(adas, { kind: 'set-mode', mode: 'verified', value: null })
    assert.equal(await told(dans), 'accepted')
  })

  await test.test('nobody whose account is too young, where it asks for that', async () => {
    await done(adas, { kind: 'set-mode', mode: 'account_age', value: 86_400 })
    const id = uuidv7()
    dans.send({ type: 'post', id, channel, text: 'hello' })
    const { code, detail } = await dans.next('outcome', (found) => found.id === id)
    assert.equal(code, 'channel.account_too_young')
    const remainingMs = Number(detail?.remainingMs)
    assert.ok(remainingMs > 86_000_000 && remainingMs <= 86_400_000, String(remainingMs))
    assert.equal(await overHttp(dan, elsewhere), 'channel.account_too_young')
    await done(adas, { kind: 'set-mode', mode: 'account_age', value: 1 })
    await until(async () => (await told(dans)) === 'accepted')
    assert.equal(await overHttp(dan, elsewhere), '201')
  })

  await test.test('and its moderators read the case of somebody as it was at any time', async () => {
    const act = async (body: Act): Promise<string> => {
      const done = await call(url, 'POST', `/v1/channels/${channel}/acts`, { token: ada.token, body })
      assert.equal(done.status, 200, `${body.kind}: ${done.text}`)
      return done.body.position
    }
    const caseOf = async ({ id }: Member, asOf?: string) => {
      const query = asOf === undefined ? '' : `?as-of=${encodeURIComponent(asOf)}`
      return (await call(url, 'GET', `/v1/channels/${channel}/members/${id}/case${query}`, { token: ada.token })).body
    }
    const posted = await call(url, 'POST', `/v1/channels/${channel}/messages`, {
      token: eve.token,
      body: { text: 'buy my skins' },
    })
    assert.equal(posted.status, 201, posted.text)
    await act({ kind: 'add-note', member: eve.id, text: 'Was kind when asked' })
    await act({ kind: 'mark', member: eve.id, mark: 'warning', reason: 'No 100% sales' })
    const filed = await call(url, 'POST', `/v1/channels/${channel}/acts`, {
      token: bob.token,
      body: { kind: 'report', member: eve.id, category: 'spam', words: 'again' },
    })
    const before = await act({ kind: 'ban', member: eve.id, reason: 'skins', durationMs: 3_600_000 })
    await act({ kind: 'delete-message', message: posted.body.commandId })
    await act({ kind: 'close-report', report: filed.body.commandId, resolution: 'acted' })
    const after = await act({ kind: 'unban', member: eve.id, reason: 'was a friend' })

    const then = await caseOf(eve, before)
    assert.deepEqual(
      [then.marks.map(({ mark }: { mark: string }) => mark).sort(), then.sanctions[0].kind, then.role],
      [['ban', 'warning'], 'ban', 'member'],
    )
    const reasons = (found: { log: readonly { readonly reason: string | null }[] }) =>
      found.log.map(({ reason }) => reason)
    assert.deepEqual(reasons(then), ['skins', 'again', 'No 100% sales', 'Was kind when asked'])
    assert.deepEqual([then.messages[0].text, then.messages[0].deleted], ['buy my skins', false])
    assert.deepEqual([then.reports[0].status, then.waiting.reports], ['open', [filed.body.commandId]])
    assert.equal(then.sanctions[0].messages[0]?.text, 'hello', 'what stood around')

    const now = await caseOf(eve)
    assert.deepEqual([now.sanctions, now.waiting.reports, now.reports[0].status], [[], [], 'acted'])
    assert.deepEqual([reasons(now)[0], now.messages[0].deleted], ['was a friend', true])
    const byTime = await caseOf(eve, then.asOf.at)
    assert.equal(byTime.sanctions.length, 1)
    assert.equal((await caseOf(bob, before)).log[0].action, 'unban_member')
    const path = `/v1/channels/${channel}/members/${eve.id}/case`
    assert.equal((await call(url, 'GET', path, { token: dan.token })).status, 403)

    const logged = async (query: string) =>
      (await get(`/moderation-log?${query}&min-position=${after}`)).entries.map(
        ({ action }: { action: string }) => action,
      )
    assert.deepEqual(await logged('why=SKINS'), ['ban_member'])
    assert.deepEqual(await logged('why=100%25'), ['mark_member'], 'a sign of the pattern stands for itself')
    assert.deepEqual(await logged('label=spam&action=open_report'), ['open_report'])
    assert.deepEqual(await logged(`why=friend&member=${bob.id}`), [])
    assert.deepEqual(await logged('rule=none'), [])
  })
})
