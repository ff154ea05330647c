import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, joinLive, lobbyOf, type Member, register } from '#apps/realtime-edge/people.fixtures.ts'
import { askAlike } from '#apps/realtime-edge/questions/alike.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Act } from '#libs/protocols/native/acts.ts'
import type { ClientFrame } from '#libs/protocols/native/client-frames.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import type { TestSocket } from '#libs/testing/socket.ts'
import { until } from '#libs/testing/until.ts'

/** Who has set the platform up, with a password of their own. */
const own = async (url: string, { handle, password }: { readonly handle: string; readonly password: string }) => {
  const session = await call(url, 'POST', '/v1/sessions', { body: { handle, password } })
  const changed = await call(url, 'PUT', '/v1/accounts/me/password', {
    token: session.body.accessToken,
    body: { oldPassword: password, newPassword: 'four lanterns over the harbour' },
  })
  assert.equal(changed.status, 200, changed.text)
  return { id: session.body.account.id, handle, token: changed.body.accessToken } satisfies Member
}

test('moderators of a channel', { timeout: 150_000 }, async (test) => {
  const t = inReverse(test)
  const { url, admin, livePort: port } = await startWhole(t)
  const [ada, bob, carl, dan] = [
    await register(url, { handle: 'Ada' }),
    await register(url, { handle: 'Bob' }),
    await register(url, { handle: 'Carl' }),
    await register(url, { handle: 'Dan' }),
  ]
  const open = async ({ token }: Member, body: object = {}): Promise<string> => {
    const opened = await call(url, 'POST', '/v1/channels', { token, body })
    assert.equal(opened.status, 201, opened.text)
    return opened.body.channelId
  }
  const channel = await open(ada)
  const join = (member: Member) => joinLive(t, { port, channel, member })
  const [adas, bobs, carls, dans] = [await join(ada), await join(bob), await join(carl), await join(dan)]

  const act = async (socket: TestSocket, act: Act, id = uuidv7()) => {
    socket.send({ type: 'act', id, channel, act })
    const { status, code, proposal, needed } = await socket.next('outcome', (found) => found.id === id)
    return { id, status, code, proposal, needed }
  }
  const done = async (socket: TestSocket, what: Act): Promise<string> => {
    const { id, status, code } = await act(socket, what)
    assert.equal(status, 'accepted', `${what.kind}: ${code}`)
    const again = await act(socket, what, id)
    assert.equal(again.status, 'repeated', `${what.kind} sent again: ${again.code}`)
    return id
  }
  const say = async (socket: TestSocket, text: string) => {
    const id = uuidv7()
    socket.send({ type: 'post', id, channel, text })
    const { status, code, detail } = await socket.next('outcome', (found) => found.id === id)
    return { id, status, code, kind: detail?.kind }
  }
  const entry = async (action: string) => {
    const { entry } = await adas.next('moderation', (frame) => frame.entry.action === action)
    return entry
  }
  const told = async (socket: TestSocket, kind: string) => {
    const { event } = await socket.next('personal', ({ event }) => event.kind === kind)
    return event
  }
  const get = async ({ token }: Member, path: string, of = channel) =>
    (await call(url, 'GET', `/v1/channels/${of}${path}`, { token })).body
  const refused = async ({ token }: Member, path: string) =>
    (await call(url, 'GET', `/v1/channels/${channel}${path}`, { token })).status

  await test.test(
    'are told of a report with what was said then, and who reported learns that it was handled',
    async () => {
      const { id: message } = await say(bobs, 'buy my skins')
      await until(async () => (await get(ada, '/messages')).messages?.length === 1)
      const report = await done(carls, { kind: 'report', message, category: 'spam', words: 'again' })
      const opened = await entry('open_report')
      assert.deepEqual([opened.caseId, opened.member, opened.reason, opened.label], [report, bob.id, 'again', 'spam'])
      assert.equal((await act(carls, { kind: 'report', message, category: 'spam' })).code, 'channel.reported_already')
      const deletion = await done(adas, { kind: 'delete-message', message })
      await done(adas, { kind: 'claim-report', report, claim: true })
      const waiting = async () => (await get(ada, '/reports')).reports
      await until(async () => (await waiting())[0]?.status === 'claimed')
      const [shown] = await waiting()
      assert.deepEqual(
        [shown.reporterId, shown.messages[0]?.text, shown.messages[0]?.named],
        [carl.id, 'buy my skins', true],
      )
      await done(adas, { kind: 'close-report', report, resolution: 'acted', act: deletion })
      assert.deepEqual(await told(carls, 'report-closed'), { kind: 'report-closed', report, resolution: 'acted' })
      await until(async () => (await get(carl, '/reports/mine')).reports[0]?.status === 'acted')
      assert.equal(await refused(carl, '/reports'), 403)
    },
  )

  await test.test('answer who appeals, and who is banned reads it', async () => {
    const ban = await done(adas, { kind: 'ban', member: bob.id, reason: 'spam' })
    assert.equal((await say(bobs, 'hey')).code, 'channel.banned')
    const appeal = await done(bobs, { kind: 'appeal', sanction: 'ban', text: 'it was a quote' })
    assert.equal((await entry('open_appeal')).reason, 'it was a quote')
    const waiting = async () => (await get(ada, '/appeals')).appeals
    await until(async () => (await waiting())[0]?.act?.reason === 'spam')
    const [shown] = await waiting()
    assert.deepEqual([shown.actId, shown.text, shown.messages[0]?.text], [ban, 'it was a quote', 'buy my skins'])
    await done(adas, { kind: 'answer-appeal', appeal, answer: 'lifted', reason: 'so it was' })
    const answer = await told(bobs, 'appeal-answered')
    assert.deepEqual(answer, { kind: 'appeal-answered', appeal, answer: 'lifted', until: null, reason: 'so it was' })
    await until(async () => (await get(bob, '/appeals/mine')).appeals[0]?.reason === 'so it was')
    assert.equal((await say(bobs, 'thanks')).status, 'accepted')
  })

  await test.test('nuke what is said, which nobody says until one of them has decided', async () => {
    for (const socket of [bobs, carls]) assert.equal((await say(socket, 'FREE  coins here')).status, 'accepted')
    const { body } = await call(url, 'POST', `/v1/channels/${channel}/messages`, {
      token: dan.token,
      body: { text: 'free coins too' },
    })
    const nuked = await call(url, 'POST', `/v1/channels/${channel}/nukes?min-position=${body.position}`, {
      token: ada.token,
      body: { text: 'free coins', withinMs: 60_000, dryRun: false },
    })
    assert.equal(nuked.status, 201, nuked.text)
    const { event } = await carls.next('event', ({ event }) => event.kind === 'messages-deleted')
    assert.equal(event.kind === 'messages-deleted' && event.messageSeqs?.length, 3)
    const blocked = await say(dans, 'Free Coins!')
    assert.deepEqual([blocked.code, blocked.kind], ['channel.filtered', 'blocked_term'])
    await until(async () => (await get(ada, '/blocked-terms')).terms?.length === 1)
    await done(adas, { kind: 'decide-term', term: nuked.body.commandId, keep: false })
    assert.equal((await say(dans, 'free coins!')).status, 'accepted')
  })

  await test.test('nuke over the socket what they have just seen, and take it back', async () => {
    const ids: string[] = []
    for (const socket of [bobs, dans]) ids.push((await say(socket, 'cheap gold at my place')).id)
    type Nuke = (ClientFrame & { type: 'nuke' })['nuke']
    const told: Nuke = { text: 'Cheap  GOLD', match: 'text', withinMs: 60_000, block: true, dryRun: true }
    const send = (socket: TestSocket, nuke: object, id = uuidv7()) => {
      socket.send({ type: 'nuke', id, channel, nuke } as ClientFrame)
      return id
    }
    const dry = send(adas, { text: told.text, withinMs: told.withinMs })
    const found = await adas.next('nuke-found', (frame) => frame.id === dry)
    const [last, first] = found.messages
    assert.deepEqual([found.count, last?.id, first?.id], [2, ids[1], ids[0]])
    assert.deepEqual([first?.author, first?.text], [bob.id, 'cheap gold at my place'])

    const outcome = (socket: TestSocket, id: string) => socket.next('outcome', (frame) => frame.id === id)
    const byViewer = await outcome(carls, send(carls, told))
    assert.deepEqual(
      [byViewer.status, byViewer.code, byViewer.detail],
      ['rejected', 'channel.forbidden', { action: 'nuke' }],
    )
    const unfit = await outcome(adas, send(adas, { ...told, match: 'pattern', text: '(?=gold)' }))
    assert.deepEqual([unfit.status, unfit.code], ['rejected', 'channel.pattern_unfit'])
    const nothing = await outcome(adas, send(adas, { ...told, text: 'nobody said that', dryRun: false }))
    assert.deepEqual([nothing.status, nothing.code], ['rejected', 'channel.nothing_to_nuke'])

    const real = { ...told, dryRun: false, durationMs: 60_000, reason: 'scam' }
    const id = send(adas, real)
    assert.equal((await outcome(adas, id)).status, 'accepted')
    const { event } = await carls.next('event', ({ event }) => event.kind === 'messages-deleted')
    assert.equal(event.kind === 'messages-deleted' && event.messageSeqs?.length, 2)
    assert.equal((await outcome(adas, send(adas, real, id))).status, 'repeated')
    const another = await outcome(adas, send(adas, { ...real, reason: 'more' }, id))
    assert.deepEqual([another.status, another.code], ['rejected', 'command.id_reused'])
    assert.equal((await say(bobs, 'hey')).code, 'channel.timed_out')
    await adas.next('moderation', ({ entry }) => entry.action === 'nuke' && entry.reason === 'scam')

    await done(adas, { kind: 'undo-nuke', nuke: id, reason: 'his own gold' })
    await carls.next('event', ({ event }) => event.kind === 'messages-restored')
    assert.equal((await say(bobs, 'cheap gold at my place!')).status, 'accepted')
  })

  await test.test('ban without end only together, where the channel asks for it', async () => {
    await done(adas, { kind: 'assign-role', member: dan.id, role: 'moderator' })
    await done(adas, { kind: 'set-quorum', approvals: 2 })
    const { id: proposal, ...told } = await act(dans, { kind: 'ban', member: bob.id, reason: 'again' })
    assert.deepEqual([told.status, told.proposal, told.needed], ['accepted', proposal, 2])
    assert.equal((await say(bobs, 'hey')).code, 'channel.timed_out')
    assert.equal((await entry('propose_ban')).caseId, proposal)
    await done(adas, { kind: 'vote-on-ban', proposal, approve: true })
    assert.equal((await say(bobs, 'hey')).code, 'channel.banned')
    await until(async () => (await get(ada, '/ban-proposals')).proposals[0]?.status === 'approved')
    const body = { kind: 'ban', member: carl.id }
    const second = (await call(url, 'POST', `/v1/channels/${channel}/acts`, { token: dan.token, body })).body
    assert.deepEqual([second.proposal, second.needed], [second.commandId, 2])
    await done(adas, { kind: 'vote-on-ban', proposal: second.proposal, approve: false })
    await done(adas, { kind: 'set-quorum', approvals: null })
  })

  await test.test('share their bans with channels that follow them, and take lists in', async () => {
    const other = await open(dan)
    const follow = { kind: 'follow-ban-list', source: channel, mode: 'apply' }
    const acts = `/v1/channels/${other}/acts`
    const following = () => call(url, 'POST', acts, { token: dan.token, body: follow })
    assert.equal((await following()).body.code, 'channel.ban_list_unknown')
    await done(adas, { kind: 'publish-ban-list', published: true })
    await until(async () => (await following()).status === 200)
    const bansThere = async () => (await get(dan, '/ban-list', other)).bans ?? []
    await until(async () => (await bansThere())[0]?.memberId === bob.id, { timeoutMs: 20_000 })
    const [byList] = await bansThere()
    assert.deepEqual([byList.origin, byList.actorId], [channel, null])
    await done(adas, { kind: 'link-alts', member: carl.id, alt: bob.id, evidence: 'same words' })
    const imported = await call(url, 'POST', `/v1/channels/${channel}/ban-list/imports`, {
      token: ada.token,
      body: { format: 'csv', content: 'handle,reason\nCarl,"a, b"\nnobody_here,x\n,\n' },
    })
    assert.deepEqual(imported.body, { banned: 1, found: 1, unknown: ['nobody_here'], malformed: [4] })
    await until(async () => (await bansThere()).length === 2, { timeoutMs: 20_000 })
    await until(async () => {
      const response = await fetch(`${url}/v1/channels/${channel}/ban-list.csv`, {
        headers: { authorization: `Bearer ${ada.token}` },
      })
      return /^handle,reason,.*\r\n[\s\S]*Carl,"a, b",/.test(await response.text())
    })
    await done(adas, { kind: 'unban', member: carl.id })
    await until(async () => (await bansThere()).length === 1, { timeoutMs: 20_000 })
    const alts = async () => (await get(ada, `/members/${bob.id}/alts`)).alts
    await until(async () => (await alts()).length === 1)
    const [alt] = await alts()
    assert.deepEqual([alt.memberId, alt.evidence], [carl.id, 'same words'])
  })

  await test.test('mute in all channels of a group at once', async () => {
    const owner = await own(url, admin)
    const [first, second] = [await lobbyOf(url), await open(owner)]
    const does = async (act: Act) => {
      const done = await call(url, 'POST', `/v1/channels/${first}/acts`, { token: owner.token, body: act })
      assert.equal(done.status, 200, done.text)
    }
    const foreign = { kind: 'set-group', channels: [second, channel] }
    const refusal = await call(url, 'POST', `/v1/channels/${first}/acts`, { token: owner.token, body: foreign })
    assert.equal(refusal.body.code, 'channel.group_unfit')
    await does({ kind: 'set-group', channels: [second] })
    const settings = async () => (await get(owner, '/moderation-settings', second)).settings ?? []
    const isGrouped = async () => (await settings()).some(({ name }: { name: string }) => name === 'group')
    await until(isGrouped, { timeoutMs: 20_000 })
    await does({ kind: 'act-in-group', act: 'mute', member: carl.id, reason: 'floods' })
    for (const each of [first, second]) {
      const marks = async () => (await get(owner, '/marks?mark=mute', each)).marks ?? []
      await until(async () => (await marks())[0]?.memberId === carl.id, { timeoutMs: 20_000 })
    }
    const log = await get(owner, '/moderation-log?action=mark_member', second)
    assert.deepEqual([log.entries[0].actorId, log.entries[0].origin], [owner.id, first])

    for (const { id } of [bob, carl, dan])
      await call(url, 'POST', `/v1/channels/${second}/acts`, { token: owner.token, body: { kind: 'ban', member: id } })
    const listed = async (path: string, of: 'bans' | 'marks') => {
      const found: string[] = []
      for (let after: string | null | undefined; after !== null; ) {
        const behind = after === undefined ? '' : `&after=${after}`
        const page: Awaited<ReturnType<typeof get>> = await get(owner, `${path}limit=1${behind}`, second)
        found.push(...page[of].map(({ memberId }: { readonly memberId: string }) => memberId))
        after = page.after
      }
      return found
    }
    await until(async () => (await listed('/ban-list?', 'bans')).length === 3)
    assert.deepEqual(await listed('/ban-list?', 'bans'), [bob.id, carl.id, dan.id])
    // Who is muted besides is on one page.
    assert.deepEqual(await listed('/marks?', 'marks'), [bob.id, carl.id, carl.id, dan.id])
  })

  await test.test('do all of it unseen: viewers get what everybody sees, without a hole', () => {
    const numbers = bobs.numbers(channel)
    assert.deepEqual(
      numbers,
      Array.from({ length: numbers.length }, (_, index) => (numbers[0] ?? 0) + index),
    )
    const types = new Set([...bobs.frames, ...carls.frames].map(({ type }) => type))
    assert.ok(!types.has('moderation') && !types.has('gap'), [...types].join(' '))
  })

  await test.test(
    'ask everything over the socket as over HTTP, and are answered alike, like everybody else',
    async () => {
      const [message] = (await get(ada, '/messages')).messages
      const { position } = (
        await call(url, 'POST', `/v1/channels/${channel}/acts`, { token: bob.token, body: { kind: 'follow' } })
      ).body
      const params = { channelId: channel, accountId: bob.id, messageId: message.id, handle: 'bob', 'as-of': position }
      const asked = { url, params, minPosition: position }
      const watcher = await joinLive(t, { port, channel })
      const asOwner = await askAlike({ ...asked, socket: adas, token: ada.token })
      const asMember = await askAlike({ ...asked, socket: bobs, token: bob.token })
      const asNobody = await askAlike({ ...asked, socket: watcher })
      const codes = (answers: typeof asOwner) =>
        [...answers].flatMap(([name, { problem }]) => (problem ? [`${name} ${problem.code}`] : []))
      assert.deepEqual(codes(asOwner), ['getChannelAsOfJob http.not_found', 'getPoll http.not_found'])
      assert.ok(codes(asMember).includes('listModerationLog channel.forbidden'))
      assert.ok(codes(asNobody).includes('listModerationLog http.unauthenticated'))
      const shown = (answers: typeof asOwner, name: string) => JSON.stringify(answers.get(name)?.data)
      assert.match(shown(asOwner, 'listModerationLog'), /"entries":\[/)
      assert.match(shown(asOwner, 'getMemberCase'), new RegExp(`"position":"${position}"`))
      assert.match(shown(asOwner, 'listAlts'), /same words/)
      assert.match(shown(asNobody, 'listMessages'), new RegExp(message.id))
    },
  )
})
