import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { conversationRoutes } from '#libs/conversation/routes.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { openVault } from '#libs/vault/open.ts'
import { firstStart } from './first-start.ts'
import { type Asked, type Client, type LoggedIn, PASSWORD, type Platform, startPlatform } from './platform.fixtures.ts'

type Person = Awaited<ReturnType<Platform['register']>>

/** Whoever the other fixtures send nothing twice for, and edges that know nothing of the first answer. */
describe('a command whose answer was lost is sent again to another edge', () => {
  const cleaners: (() => unknown)[] = []
  let platform: Platform
  let elsewhere: Client
  let admin: string
  let ada: Person
  let bob: Person

  before(async () => {
    platform = await startPlatform({ after: (clean) => cleaners.unshift(clean as () => unknown) })
    elsewhere = await platform.startEdge()
    const made = await firstStart(platform.config, new AbortController().signal)
    const handle = { handle: 'admin', password: made?.password }
    const { accessToken } = (await platform.call<LoggedIn>('POST', '/v1/sessions', { body: handle })).body
    const body = { oldPassword: made?.password, newPassword: PASSWORD }
    const changed = await platform.call<LoggedIn>('PUT', '/v1/accounts/me/password', { token: accessToken, body })
    assert.equal(changed.status, 200, JSON.stringify(changed.body))
    admin = changed.body.accessToken
    ada = await platform.register('ada')
    bob = await platform.register('bob')
    const opened = await platform.call('POST', '/v1/channels', { token: ada.token, body: {} })
    await elsewhere.call('GET', `/v1/channels/${ada.id}?min-position=${opened.body.position}`)
  })
  after(async () => {
    for (const clean of cleaners) await clean()
  })

  /** By one key, here and there; both are told the same, but for where it is to be found. */
  const twice = async (method: string, path: string, asked: Asked) => {
    const keyed = { ...asked, headers: { 'idempotency-key': uuidv7(), ...asked.headers } }
    const here = await platform.call(method, path, keyed)
    const there = await elsewhere.call(method, path, keyed)
    const { position: _, ...first } = here.body
    const { position: __, ...again } = there.body
    assert.deepEqual([there.status, again], [here.status, first])
    return here
  }

  test('a channel with a slug is opened once, and renamed once', async () => {
    const opened = await twice('POST', '/v1/channels', { token: admin, body: { slug: 'lounge' } })
    assert.equal(opened.status, 201)
    const path = `/v1/channels/${opened.body.channelId}`
    const renamed = await twice('PUT', `${path}/slug`, { token: admin, body: { slug: 'parlour' } })
    assert.equal(renamed.status, 200)
    const shown = await platform.call('GET', `${path}?min-position=${renamed.body.position}`)
    assert.equal(shown.body.slug, 'parlour')
  })

  test('something else by the same key is refused', async () => {
    const keyed = { token: admin, headers: { 'idempotency-key': uuidv7() } }
    assert.equal((await platform.call('POST', '/v1/channels', { ...keyed, body: { slug: 'cellar' } })).status, 201)
    const other = await elsewhere.call('POST', '/v1/channels', { ...keyed, body: { slug: 'attic' } })
    assert.equal(other.body.code, 'command.id_reused')
  })

  test('a handle is changed once', async () => {
    const cleo = await platform.register('cleo')
    const body = { handle: 'cleopatra', password: PASSWORD }
    const changed = await twice('PUT', '/v1/accounts/me/handle', { token: cleo.token, body })
    assert.deepEqual([changed.status, changed.body], [200, { handle: 'cleopatra' }])
  })

  test('a session and a token are ended once', async () => {
    const login = { body: { handle: 'bob', password: PASSWORD } }
    await platform.call('POST', '/v1/sessions', login)
    const { body } = await platform.call<{ readonly sessions: readonly { sessionId: string; current: boolean }[] }>(
      'GET',
      '/v1/accounts/me/sessions',
      { token: bob.token },
    )
    const other = body.sessions.find(({ current }) => !current)?.sessionId
    const ended = await twice('DELETE', `/v1/accounts/me/sessions/${other}`, { token: bob.token })
    assert.equal(ended.status, 204)
    const tokens = '/v1/accounts/me/access-tokens'
    const asked = { kind: 'bot', name: 'my bot', scopes: ['chat:read'] }
    const made = await platform.call('POST', tokens, { token: bob.token, body: asked })
    const revoked = await twice('DELETE', `${tokens}/${made.body.tokenId}`, { token: bob.token })
    assert.equal(revoked.status, 204)
  })

  test('a list of bans is imported once', async () => {
    const body = { format: 'lines', content: 'bob\nnobody_here\n' }
    const imported = await twice('POST', `/v1/channels/${ada.id}/ban-list/imports`, { token: ada.token, body })
    assert.deepEqual(imported.body, { banned: 1, found: 1, unknown: ['nobody_here'], malformed: [] })
  })

  test('settings of recordings change once, and of two changes at once neither undoes the other', async () => {
    const path = `/v1/channels/${bob.id}/recordings`
    const { token } = bob
    const opened = await platform.call('POST', '/v1/channels', { token, body: {} })
    await platform.call('GET', `/v1/channels/${bob.id}?min-position=${opened.body.position}`)
    const changes = [{ retentionDays: 5 }, { clipRetentionDays: 6 }, { isOn: false }]
    const changed = await Promise.all(changes.map((body) => twice('PATCH', path, { token, body })))
    assert.deepEqual(
      changed.map(({ status }) => status),
      [200, 200, 200],
    )
    const last = changed.map(({ body }) => String(body.position)).toSorted(byNumber)[2]
    const { body } = await platform.call('GET', `${path}?min-position=${last}`, { token })
    assert.deepEqual([body.retentionDays, body.clipRetentionDays, body.isOn], [5, 6, false])
  })

  test('who asks for a stream key by the id of another takes nothing from that', async (t) => {
    const keys = (person: Person) => `/v1/channels/${person.id}/stream-keys`
    const made = await platform.call('POST', keys(ada), { token: ada.token, body: {} })
    assert.equal(made.status, 201)
    const headers = { 'idempotency-key': String(made.body.keyId) }
    const refused = await elsewhere.call('POST', keys(ada), { token: bob.token, body: {}, headers })
    assert.equal(refused.body.code, 'broadcast.forbidden')
    const { databaseUrl, masterKey = '' } = platform.config
    const vault = await openVault({ databaseUrl, masterKey })
    t.after(() => vault.close())
    assert.equal((await vault.streamKeys.find(String(made.body.streamKey)))?.keyId, made.body.keyId)
  })

  test('a whisper is sent once, and marked as read once', async () => {
    const { token } = ada
    const path = `/v1/whispers/with/${bob.id}`
    const sent = await twice('POST', path, { token, body: { text: 'psst' } })
    assert.equal(sent.status, 201)
    const from = `/v1/whispers/with/${ada.id}`
    type Page = { readonly whispers: readonly unknown[] }
    const page = await platform.call<Page>('GET', `${from}?min-position=${sent.body.position}`, { token: bob.token })
    assert.equal(page.body.whispers.length, 1)
    assert.equal((await twice('PUT', `${from}/read`, { token: bob.token, body: { upTo: 1 } })).status, 200)
    const settings = { token, body: { allow: 'nobody' } }
    assert.equal((await twice('PUT', '/v1/whispers/settings', settings)).status, 200)
  })

  test('every command about whispers was sent twice', () => {
    const commands = conversationRoutes.filter(({ command }) => command).map(({ id }) => id)
    assert.deepEqual(
      platform.unseen().filter((answer) => commands.includes(answer.split(' ')[0] ?? '') && !answer.endsWith(' 202')),
      [],
    )
  })
})

const byNumber = (one: string, other: string): number => Number(one.split('.')[2]) - Number(other.split('.')[2])
