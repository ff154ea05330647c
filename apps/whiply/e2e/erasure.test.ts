import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import postgres from 'postgres'
import { openBackbone } from '#apps/http-edge/backbone.ts'
import { projectionsOf } from '#apps/projector/projections.ts'
import { openReadSide } from '#apps/projector/read-side.ts'
import { call, joinLive, lobbyOf, password, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { start as startRelay } from '#apps/relay/app.ts'
import { startSchemaRegistry } from '#apps/schema-registry/app.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { recordAdded } from '#libs/integration/access/records.ts'
import { topicFor } from '#libs/integration/public-topic.ts'
import { publicTopics } from '#libs/integration/topics.ts'
import { ensureConfiguredTopics } from '#libs/journal/configured-log.ts'
import { openConfiguredObjects } from '#libs/journal/configured-objects.ts'
import { commandTopic, families, presenceTopic } from '#libs/journal/families.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { kafkaTransactions } from '#libs/journal/kafka/transactions.ts'
import { dropLeftovers } from '#libs/readmodel/leftovers.ts'
import { rebuild } from '#libs/readmodel/rebuild.ts'
import { createLogger, logTo } from '#libs/telemetry/logger.ts'
import { canaryForms } from '#libs/testing/canary/forms.ts'
import { searchPages } from '#libs/testing/canary/pages.ts'
import { topicsThere } from '#libs/testing/canary/places.ts'
import { type Found, searchCanary, searchForms } from '#libs/testing/canary/search.ts'
import { judge } from '#libs/testing/canary/verdict.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { until } from '#libs/testing/until.ts'
import { unzip } from '#libs/testing/unzip.ts'
import { emoteName, writeInCases, writeInPictures, writeOfBroadcasts } from './erasure.fixtures.ts'
import { writeSnapshots } from './snapshots.fixtures.ts'

/** What only one person has written, each in a place of its own. */
const canaries = {
  handle: 'CanaryHandle4b1f7c',
  displayName: 'CanaryName9d2e60a3',
  email: 'canarymail5c81f2e7',
  message: 'CanaryMessage3fa8c9d1',
  topic: 'CanaryTopic77b0e42c',
  reason: 'CanaryReason1e6d90bf',
  whisper: 'CanaryWhisper60c7fd2a',
} as const

/** Topics in which what people wrote stands in clear for a while. */
const passing: readonly string[] = [
  ...families.map(commandTopic),
  presenceTopic,
  ...publicTopics.flatMap(({ topic }) => [topic, topicFor(topic, 'acme')]),
]

/** Who is given the lobby and nothing else, as the command that adds integrators writes it down. */
const acme = (lobby: string) => ({
  reads: Object.fromEntries(publicTopics.map(({ topic }) => [topicFor(topic, 'acme'), 1])),
  channels: [lobby],
  passwordSince: undefined,
})

/** Where the canaries are to be found before the erasure, at least: what is to be erased is there at all. */
const columns: readonly string[] = [
  ...['accounts.handle', 'accounts.display_name', 'accounts.email', 'accounts.bio', 'handle_history.handle'],
  ...['lane_rows.text', 'lane_rows.name', 'message_edits.text', 'message_texts.text', 'polls.question'],
  ...['channels.topic', 'moderation_log.reason', 'evidence.text', 'reports.words', 'appeals.text', 'alts.evidence'],
  ...['whispers.text', 'whispers.name', 'broadcast_texts.text', 'said_of_channels.text', 'clips.title'],
]

const topicsOf = (found: readonly Found[]): readonly string[] =>
  [...new Set(found.flatMap((each) => (each.kind === 'record' ? [each.topic] : [])))].sort()

/** Mails that wait for who runs a platform without a mail server. */
const isMail = (path: string): boolean => path.endsWith('.eml')

const today = (): string => new Date().toISOString().slice(0, 10)

/** Everything that is left after an erasure must be a record that ages out. */
const isPassing = (each: Found): boolean =>
  each.kind === 'record' && passing.includes(each.topic) && !judge(each, today()).overdue

/** Columns as `table.column`, whichever schema their build has. */
const columnsOf = (found: readonly Found[]): ReadonlySet<string> =>
  new Set(found.flatMap((each) => (each.kind === 'rows' ? [`${each.table.split('.').at(-1)}.${each.column}`] : [])))

/** A person who writes in every way there is, and one who watches. */
const setUp = async (test: TestContext) => {
  const t = inReverse(test)
  const lines: string[] = []
  logTo({ write: (line) => lines.push(line) })
  const schemaRegistryPort = await freePort()
  const whiply = await startWhole(t, {
    LOG_LEVEL: 'trace',
    SCHEMA_REGISTRY_PORT: `${schemaRegistryPort}`,
    SCHEMA_REGISTRY_URL: `http://127.0.0.1:${schemaRegistryPort}`,
  })
  for (const start of [startSchemaRegistry, startRelay]) {
    const app = await start(whiply.config, new AbortController().signal)
    t.after(app.close)
    await until(async () => app.ready(), { what: 'the relay and its registry are ready' })
  }
  const backbone = await openBackbone(whiply.config, 'test', createLogger('test', 'silent'))
  t.after(backbone.close)
  const { config, url, livePort: port } = whiply
  const [log, sql] = [kafkaLog({ brokers: config.kafkaBrokers }), postgres(config.databaseUrl, { max: 1 })]
  const transactions = kafkaTransactions({ brokers: config.kafkaBrokers })
  t.after(() => Promise.all([log.close(), transactions.close(), sql.end()]))
  const objects = await openConfiguredObjects(config)
  const lobby = await lobbyOf(url)
  await recordAdded(log, 'acme', acme(lobby))
  const ownTopic = topicFor('whiply.public.chat.v1', 'acme')
  await until(async () => (await log.describeTopic(ownTopic)) !== undefined, { what: 'the relay has made its topic' })
  const places = {
    log,
    topics: await topicsThere(log, transactions),
    sql,
    objects,
    folder: { path: config.data, except: [] },
  }
  const search = async () => {
    const found: Partial<Record<string, readonly Found[]>> = {}
    for (const [field, canary] of Object.entries(canaries)) found[field] = await searchCanary(canary, places)
    return found as Readonly<Record<keyof typeof canaries, readonly Found[]>>
  }
  const ada = await register(url, {
    handle: canaries.handle,
    displayName: canaries.displayName,
    email: `${canaries.email}@example.org`,
  })
  const bob = await register(url, { handle: 'bob' })
  const meta = await ensureConfiguredTopics(log, config)
  const snapshot = async () => {
    await writeSnapshots({ log, meta, objects })
    return objects.list('')
  }
  const forms = Object.values(canaries).map(canaryForms)
  const any = { bytes: forms.flatMap(({ bytes }) => bytes), texts: forms.flatMap(({ texts }) => texts) }
  const searchAny = () => searchForms(any, places)
  const pages = () => searchPages(sql, any)
  const searchEmote = () => searchCanary(emoteName, places)
  return {
    ...whiply,
    port,
    sql,
    backbone,
    objects,
    search,
    searchAny,
    searchEmote,
    pages,
    snapshot,
    lines,
    ada,
    bob,
    lobby,
  }
}

/** Waits until what a person wrote stands in the read models too. */
const write = async (t: TestContext, world: Awaited<ReturnType<typeof setUp>>) => {
  const { url, port, ada, bob, lobby } = world
  const [talker, watcher] = [
    await joinLive(t, { port, channel: lobby, member: ada }),
    await joinLive(t, { port, channel: lobby, member: bob }),
  ]
  const opened = await call(url, 'POST', '/v1/channels', { token: ada.token, body: {} })
  assert.deepEqual([opened.status, opened.body.channelId], [201, ada.id])
  await joinLive(t, { port, channel: ada.id, member: bob })
  const said = uuidv7()
  talker.send({ type: 'post', id: said, channel: lobby, text: `hello ${canaries.message}` })
  const { seq } = await watcher.next('event', ({ event }) => event.kind === 'message')
  const own = await call(url, 'GET', `/v1/channels/${ada.id}?min-position=${opened.body.position}`)
  const headers = { 'if-match': `"${own.body.version}"` }
  const changed = { token: ada.token, headers, body: { topic: canaries.topic } }
  assert.equal((await call(url, 'PATCH', `/v1/channels/${ada.id}/settings`, changed)).status, 200)
  const timeout = { token: ada.token, body: { durationMs: 60_000, reason: canaries.reason } }
  assert.equal((await call(url, 'PUT', `/v1/channels/${ada.id}/timeouts/${bob.id}`, timeout)).status, 200)
  const act = async (body: unknown) => {
    const done = await call(url, 'POST', `/v1/channels/${ada.id}/acts`, { token: ada.token, body })
    assert.equal(done.status, 200, done.text)
  }
  // A search for each canary takes its time: what stands in several places has one.
  await act({ kind: 'start-poll', question: canaries.message, options: ['a', 'b'], durationMs: 600_000 })
  await act({ kind: 'set-mode', mode: 'edit_window', value: 600 })
  const message = uuidv7()
  const first = { token: ada.token, headers: { 'idempotency-key': message }, body: { text: canaries.message } }
  assert.equal((await call(url, 'POST', `/v1/channels/${ada.id}/messages`, first)).status, 201)
  await act({ kind: 'edit-message', message, text: 'something else' })
  const asked = { token: ada.token, body: { kind: 'bot', name: canaries.reason, scopes: ['chat:read'] } }
  assert.equal((await call(url, 'POST', '/v1/accounts/me/access-tokens', asked)).status, 201)
  const path = `/v1/whispers/with/${bob.id}`
  const whispered = await call(url, 'POST', path, { token: ada.token, body: { text: canaries.whisper } })
  assert.equal(whispered.status, 201, whispered.text)
  await until(async () => (await call(url, 'GET', path, { token: ada.token })).body.whispers.length === 1, {
    what: 'the whisper is in the lane of who sent it',
  })
  const words = canaries.reason
  await writeInCases({ url, ada, bob, lobby, said, words })
  await writeInPictures({ url, ada, note: canaries.message })
  await writeOfBroadcasts({ url, ada, backbone: world.backbone, title: canaries.topic, label: words })
  const { position } = (
    await call(url, 'POST', `/v1/channels/${lobby}/messages`, { token: bob.token, body: { text: 'x' } })
  ).body
  await call(url, 'GET', `/v1/channels/${lobby}/messages?min-position=${position}`)
  return { seq, watcher }
}

test('an erased person', { timeout: 120_000 }, async (t) => {
  const world = await setUp(t)
  const { url, port, ada, bob, lobby, search, lines, sql, config } = world
  const { seq, watcher } = await write(t, world)

  await t.test(
    'is found in clear before the erasure in commands and read models, in no journal or snapshot',
    async () => {
      await until(
        async () => {
          const found = await world.searchAny()
          const there = columnsOf(found)
          const missing = columns.filter((column) => !there.has(column))
          const topics = topicsOf(found)
          const isPublic = ['whiply.public.chat.v1', 'whiply.public.chat.v1.for.acme'].every((each) =>
            topics.includes(each),
          )
          return missing.length === 0 && isPublic
        },
        { what: 'what was written is in every column and topic' },
      )
      assert.ok((await world.snapshot()).length > 0)
      const found = await search()
      for (const [field, places] of Object.entries(found)) {
        assert.ok(
          places.some(({ kind }) => kind === 'rows'),
          `${field} in no row`,
        )
        assert.ok(
          topicsOf(places).some((topic) => topic.endsWith('.commands')),
          `${field} in no command`,
        )
        assert.deepEqual(
          topicsOf(places).filter((topic) => !passing.includes(topic)),
          [],
          field,
        )
        const elsewhere = places.filter(
          (place) => place.kind === 'object' || (place.kind === 'file' && !isMail(place.path)),
        )
        assert.deepEqual(elsewhere, [], field)
      }
    },
  )

  await t.test('is handed all of it in an archive, of which nothing stays behind', async () => {
    const response = await fetch(`${url}/v1/accounts/me/export`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.token}` },
    })
    assert.equal(response.status, 200)
    const files = unzip(Buffer.from(await response.arrayBuffer()))
    const holds = (canary: string) => [...files].filter(([, bytes]) => bytes.includes(canary)).map(([name]) => name)
    for (const [field, canary] of Object.entries(canaries)) assert.ok(holds(canary).length > 0, field)
    const written = ['messages', 'message-edits', 'messages-in-cases', 'reports', 'appeals', 'moderators-words']
    const besides = ['evidence-of-alts', 'polls', 'whispers', 'broadcast-titles', 'clips', 'access-tokens', 'acts']
    const all = new Set(Object.values(canaries).flatMap(holds))
    for (const name of [...written, ...besides]) assert.ok(all.has(`${name}.json`), name)
    assert.deepEqual(holds(emoteName).sort(), ['acts.json', 'emotes.json'])
  })

  await sql`create table keys_backup as table vault.personal_keys`
  await sql`create table reconciled_backup as table vault.reconciled`
  const erased = await call(url, 'DELETE', '/v1/accounts/me', { token: ada.token, body: { password } })
  assert.equal(erased.status, 200, erased.text)
  await until(async () => (await world.searchAny()).every(isPassing), { what: 'all else is gone' })

  await t.test('is left only in topics that age out, each by the day that the answer named', async () => {
    const remaining = new Map<string, string>(
      erased.body.remaining.map(({ where, until }: { where: string; until: string }) => [where, until.slice(0, 10)]),
    )
    const left = await world.searchAny()
    assert.ok(left.length >= Object.keys(canaries).length)
    for (const each of left) {
      assert.ok(each.kind === 'record' && each.agesOutOn !== undefined)
      const where = each.topic.replace(/\.for\.acme$/, '.for.*')
      assert.ok(each.agesOutOn <= (remaining.get(where) ?? ''), JSON.stringify(each))
    }
  })

  await t.test(
    'is told what nobody can read any more, and what stays: a word of a channel is where that says',
    async () => {
      const { unreadable, kept } = erased.body
      const told = (what: RegExp) => unreadable.some((each: string) => what.test(each))
      for (const what of [
        /^Messages/,
        /^Whispers/,
        /^Reports/,
        /^Appeals/,
        /^Polls/,
        /^Clips/,
        /^Titles/,
        /alts|two accounts/,
      ])
        assert.ok(told(what), `${what}`)
      assert.ok(kept.some(({ what }: { what: string }) => /^Emotes/.test(what)))
      const left = (await world.searchEmote()).filter((each) => judge(each, today()).overdue)
      const ofChannel = ['audit.event', 'emotes.name', 'lane_rows.body', 'moderation_log.label']
      assert.deepEqual([...columnsOf(left)].sort(), ofChannel)
      assert.deepEqual(topicsOf(left), ['whiply.channel.journal'])
      for (const place of ['avatars', 'attachments', 'uploads'])
        assert.deepEqual(await world.objects.list(`${place}/${ada.id}/`), [], place)
    },
  )

  await t.test('has no key, password or session any more', async () => {
    const counts = async () => {
      const [row] = await sql`
        select (select count(*)::int from vault.personal_keys where subject = ${ada.id} and wrapped is null) as tombstones,
          (select count(*)::int from vault.credentials where account_id = ${ada.id}) as credentials,
          (select count(*)::int from vault.sessions where account_id = ${ada.id}) as sessions,
          (select count(*)::int from vault.access_tokens where account_id = ${ada.id}) as tokens`
      return { ...row }
    }
    await until(async () => (await counts()).tokens === 0, { what: 'the last that the vault held is gone' })
    assert.deepEqual(await counts(), { tombstones: 1, credentials: 0, sessions: 0, tokens: 0 })
  })

  await t.test('is not in history, and not in the past', async () => {
    const polls = `/v1/channels/${ada.id}/polls`
    const paths = [polls, `/v1/channels/${lobby}/messages`, `/v1/channels/${ada.id}`, `/v1/channels/${ada.id}/messages`]
    const asOf = `/v1/channels/${ada.id}?as-of=${encodeURIComponent(new Date().toISOString())}`
    for (const path of [...paths, asOf, `/v1/channels/${ada.id}/moderation-log`]) {
      const { text } = await call(url, 'GET', path, { token: bob.token })
      assert.doesNotMatch(text, /canary/i, path)
    }
    const whispers = await call(url, 'GET', `/v1/whispers/with/${ada.id}`, { token: bob.token })
    assert.deepEqual(
      whispers.body.whispers.map(({ author, text }: { author: unknown; text: unknown }) => [author, text]),
      [[{ id: ada.id, name: null }, null]],
    )
    const { body } = await call(url, 'GET', `/v1/channels/${lobby}/messages`)
    const message = body.messages.find((each: { seq: number }) => each.seq === seq)
    assert.deepEqual([message.text, message.author], [null, { id: ada.id, name: null }])
  })

  await t.test('is a skip to live clients, and a channel of theirs has no topic', async () => {
    await watcher.next('presence', ({ left }) => left?.includes(ada.id) ?? false)
    const reader = await joinLive(t, { port, channel: lobby, last: 50 })
    await reader.next('skip', ({ from, to }) => from <= seq && seq <= to)
    const visitor = await joinLive(t, { port, channel: ada.id })
    const joined = visitor.frames.find((frame) => frame.type === 'joined')
    assert.deepEqual([joined?.channel, joined?.settings.topic], [ada.id, null])
    assert.doesNotMatch(JSON.stringify([reader.frames, visitor.frames]), /canary/i)
  })

  await t.test('is in no log line', () => {
    assert.ok(lines.length > 0)
    assert.deepEqual(
      lines.filter((line) => /canary/i.test(line)),
      [],
    )
  })

  await t.test('keeps their handle claimed, in whatever case', async () => {
    const again = await call(url, 'POST', '/v1/accounts', { body: { handle: canaries.handle.toLowerCase(), password } })
    assert.deepEqual([again.status, again.body.code], [409, 'identity.handle_taken'])
  })

  await t.test('is not in read models built anew, which equal the scrubbed ones, and then on no page', async () => {
    for (const name of await world.pages()) {
      const [table] = await sql`
        select reloptions from pg_class where oid = ${name}::regclass or reltoastrelid = ${name}::regclass`
      assert.match(`${table?.reloptions}`, /autovacuum_vacuum_threshold=0/, name)
    }
    const logger = createLogger('rebuild', 'silent')
    const side = await openReadSide(config, logger, new AbortController().signal)
    try {
      for (const projection of projectionsOf(side.vault.keys)) {
        const { hashEqual } = await rebuild({ ...side, projection, logger })
        assert.ok(hashEqual, projection.name)
        await dropLeftovers(side.sql, projection.name)
      }
    } finally {
      await side.close()
    }
    assert.deepEqual(await world.pages(), [])
    const left = await world.searchAny()
    assert.ok(left.every(isPassing))
  })

  await t.test('does not come back with a backup of the vault, whichever app starts on it first', async () => {
    const keys = () => sql`select from vault.personal_keys where subject = ${ada.id} and wrapped is not null`
    await sql`truncate vault.personal_keys, vault.reconciled`
    await sql`insert into vault.personal_keys select * from keys_backup`
    await sql`insert into vault.reconciled select * from reconciled_backup`
    assert.equal((await keys()).length, 1)
    await world.startSecondLive()
    assert.equal((await keys()).length, 0)
  })
})
