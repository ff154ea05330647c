import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import postgres from 'postgres'
import { openBackbone } from '#apps/http-edge/backbone.ts'
import { call, joinLive, lobbyOf, type Member, password, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { openConfiguredObjects } from '#libs/journal/configured-objects.ts'
import { commandTopic, journalTopic } from '#libs/journal/families.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { canaryForms } from '#libs/testing/canary/forms.ts'
import { searchCanary } from '#libs/testing/canary/search.ts'
import { searchTopic } from '#libs/testing/canary/topics.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { until } from '#libs/testing/until.ts'

/**
 * Within so long of an erasure no process uses a key that it had in its cache: a second, and what a machine takes longer
 * that has much else to do.
 */
const BOUND_MS = 5_000

/** All of whiply, with a search of every place in which a text may lie. */
const setUp = async (test: TestContext) => {
  const t = inReverse(test)
  const whole = await startWhole(t)
  const { config, url } = whole
  const [log, sql] = [kafkaLog({ brokers: config.kafkaBrokers }), postgres(config.databaseUrl, { max: 1 })]
  t.after(() => Promise.all([log.close(), sql.end()]))
  const backbone = await openBackbone(config, 'test', createLogger('test', 'silent'))
  t.after(backbone.close)
  const objects = await openConfiguredObjects(config)
  const topics = ['account', 'channel', 'conversation'] as const
  const places = {
    log,
    topics: topics.flatMap((family) => [commandTopic(family), journalTopic(family)]),
    sql,
    objects,
    folder: { path: config.data, except: [] },
  }

  /** Places that hold a text in clear, but for commands, which age out. */
  const clear = async (canary: string) =>
    (await searchCanary(canary, places)).filter(
      (found) => !(found.kind === 'record' && found.topic.endsWith('.commands') && found.agesOutOn !== undefined),
    )

  const lobby = await lobbyOf(url)
  const post = (member: Member, text: string, channel = lobby) =>
    call(url, 'POST', `/v1/channels/${channel}/messages`, { token: member.token, body: { text } })

  /** As an edge would that has not heard of the erasure yet. @returns the code of the rejection; undefined: accepted */
  const postAnyhow = async ({ id, handle }: Member, text: string): Promise<string | undefined> => {
    const command = { type: 'PostMessage', ...channelAbsent.PostMessage, text } as const
    const { type, version, bytes: payload } = codecs.channel.encodeCommand(command)
    const sent = { family: 'channel', key: lobby, id: uuidv7(), principal: id, type, version, payload } as const
    const facts = { displayName: handle, platformRole: 'user' }
    const record = await backbone.gateway.submit({ ...sent, facts, expiresAt: Date.now() + 60_000 })
    return record?.outcome.kind === 'rejected' ? record.outcome.code : undefined
  }

  const erase = async (member: Member) => {
    const erased = await call(url, 'DELETE', '/v1/accounts/me', { token: member.token, body: { password } })
    assert.equal(erased.status, 200, erased.text)
  }

  const hasKey = async ({ id }: Member) =>
    (await sql`select from vault.personal_keys where subject = ${id} and wrapped is not null`).length > 0

  const inCommands = async (canary: string) =>
    (await searchTopic(log, commandTopic('channel'), canaryForms(canary))).length > 0

  const readModelHas = async (channel: string, is: (row: { text: string | null; author: string }) => boolean) => {
    const rows = await sql<{ text: string | null; author: string }[]>`
      select text, subject::text as author from readmodel.lane_events
      where channel_id = ${channel} and type = 'MessagePosted'`
    return rows.some(is)
  }
  return { ...whole, sql, clear, lobby, post, postAnyhow, erase, hasKey, inCommands, readModelHas }
}

test('an erasure meets', { timeout: 120_000 }, async (t) => {
  const world = await setUp(t)
  const { url, lobby, livePort: port, clear, post, erase } = world
  const bob = await register(url, { handle: 'bob' })
  const watcher = await joinLive(t, { port, channel: lobby, member: bob })

  await t.test(
    'a command in flight: posted before and decided after, it is refused, and readable nowhere',
    async (t) => {
      const canary = 'InFlightCanary4c7d'
      const ada = await register(url, { handle: 'ada' })
      assert.equal((await post(ada, 'hello')).status, 201)
      const talker = await joinLive(t, { port, channel: lobby, member: ada })
      await world.stopDecider()
      const answer = post(ada, canary)
      talker.send({ type: 'post', id: uuidv7(), channel: lobby, text: `live ${canary}` })
      await until(() => world.inCommands(canary), { what: 'the command is on its way' })
      await world.startDecider(['account', 'conversation'])
      await erase(ada)
      await until(async () => !(await world.hasKey(ada)), { what: 'the key is destroyed' })
      await world.startDecider(['channel', 'broadcast'])
      const { status, body } = await answer
      assert.deepEqual([status, body.code], [410, 'command.subject_erased'])
      assert.deepEqual(await clear(canary), [])
      assert.equal((await post(bob, 'after it')).status, 201)
      await watcher.next('event', ({ event }) => event.kind === 'message' && event.text === 'after it')
      assert.doesNotMatch(JSON.stringify([watcher.frames, talker.frames]), new RegExp(canary))
    },
  )

  await t.test('a projector behind, and the vault not told yet: no clear text ends in a table', async () => {
    const canary = 'BehindCanary81f2ab'
    const ada = await register(url, { handle: 'ada_2' })
    await world.stopProjector()
    assert.equal((await post(ada, canary)).status, 201)
    await erase(ada)
    assert.ok(await world.hasKey(ada), 'who destroys the key is behind, too')
    // Whoever has the key in its cache uses it no more, though the vault would still give it.
    await until(async () => (await world.postAnyhow(ada, `${canary} again`)) === 'command.subject_erased', {
      timeoutMs: BOUND_MS,
    })
    await world.startProjector()
    await until(async () => !(await world.hasKey(ada)), { what: 'the key is destroyed' })
    await until(() => world.readModelHas(lobby, ({ author, text }) => author === ada.id && text === null))
    assert.deepEqual(await clear(canary), [])
  })

  await t.test('keys in caches: within the bound nothing is sealed with them, or opened', async (t) => {
    const canary = 'CachedCanary09e3d1'
    const ada = await register(url, { handle: 'ada_3' })
    const mine = `/v1/channels/${ada.id}`
    assert.equal((await call(url, 'POST', '/v1/channels', { token: ada.token, body: {} })).status, 201)
    assert.equal((await post(ada, canary)).status, 201)
    const timeout = { token: ada.token, body: { durationMs: 60_000, reason: canary } }
    assert.equal((await call(url, 'PUT', `${mine}/timeouts/${bob.id}`, timeout)).status, 200)
    const { handle, password: first } = world.admin
    const credentials = { body: { handle, password: first } }
    const { body: restricted } = await call(url, 'POST', '/v1/sessions', credentials)
    const changed = await call(url, 'PUT', '/v1/accounts/me/password', {
      token: restricted.accessToken,
      body: { oldPassword: first, newPassword: password },
    })
    const audit = async () =>
      (
        await call(url, 'POST', '/v1/administration/audit/search', {
          token: changed.body.accessToken,
          body: { channel: ada.id },
        })
      ).text
    // The http edge has opened it, the live edge shows it, the decider has sealed it: each has the key.
    await until(async () => (await audit()).includes(canary))
    const reader = await joinLive(t, { port, channel: lobby, last: 50 })
    await reader.next('event', ({ event }) => event.kind === 'message' && event.text === canary)
    const erasedAt = performance.now()
    await erase(ada)
    const left = () => ({ timeoutMs: Math.max(1, BOUND_MS - (performance.now() - erasedAt)) })
    await until(async () => !(await audit()).includes(canary), { ...left(), what: 'the http edge opens nothing' })
    await until(
      async () => {
        const late = await joinLive(t, { port, channel: lobby, last: 50 })
        return !JSON.stringify(late.frames).includes(canary)
      },
      { ...left(), what: 'the live edge shows nothing' },
    )
    await until(async () => (await world.postAnyhow(ada, `${canary} again`)) === 'command.subject_erased', {
      ...left(),
      what: 'the decider seals nothing',
    })
    await until(async () => !(await world.hasKey(ada)), { what: 'the key is destroyed' })
    // What was sealed meanwhile nobody can open: it comes to the read models as nothing.
    await until(async () => (await clear(canary)).length === 0, { what: 'nothing is left' })
  })
})
