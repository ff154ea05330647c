import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { recordingRoutes } from '#libs/broadcast/recordings/routes.ts'
import { broadcastRoutes } from '#libs/broadcast/routes.ts'
import { attachmentRoutes } from '#libs/channel/attachments/http.ts'
import { appealRoutes } from '#libs/channel/http/appeals.ts'
import { banListRoutes } from '#libs/channel/http/ban-lists.ts'
import { emoteRoutes } from '#libs/channel/http/emotes.ts'
import { historyRoutes } from '#libs/channel/http/history.ts'
import { listEdits } from '#libs/channel/http/messages.ts'
import { policyRoutes } from '#libs/channel/http/policy.ts'
import { reportRoutes } from '#libs/channel/http/reports.ts'
import { wordListRoutes } from '#libs/channel/http/word-lists.ts'
import { ownershipRoutes } from '#libs/channel/ownership/http.ts'
import { pollRoutes } from '#libs/channel/polls/http.ts'
import { conversationRoutes } from '#libs/conversation/routes.ts'
import { avatarRoutes } from '#libs/identity/http/avatars.ts'
import { ownFactorRoutes, selfServiceRoutes } from '#libs/identity/routes.ts'
import { integrationRoutes } from '#libs/integration/routes.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { until } from '#libs/testing/until.ts'
import { testAccessTokens } from './access-tokens.fixtures.ts'
import { testAddressBans } from './address-bans.fixtures.ts'
import { testAdministration } from './administration.fixtures.ts'
import { testAudit } from './audit.fixtures.ts'
import { testDataExport } from './data-export.fixtures.ts'
import { firstStart, resetAdmin } from './first-start.ts'
import {
  type Answer,
  cookieOf,
  type LoggedIn,
  noLimits,
  PASSWORD,
  type Platform,
  startPlatform,
} from './platform.fixtures.ts'
import { testSessions } from './sessions.fixtures.ts'

const never = new AbortController().signal

/** Lists of a channel and of a person; what stands in them is tested where it is made. */
const listed = [
  ...reportRoutes,
  ...appealRoutes,
  ...banListRoutes,
  ...pollRoutes,
  ...recordingRoutes,
  ...conversationRoutes,
]
  .filter(({ method }) => method === 'GET')
  .filter(({ path }) => !path.replace('{channelId}', '').includes('{'))
  // Asks for somebody by their handle, and lists nothing.
  .filter(({ id }) => id !== 'findWhisperReceiver')

const told = ({ status, body }: Answer<object>): string => ('code' in body ? `${status} ${body.code}` : String(status))

type Channels = { readonly channels: readonly { readonly id: string; readonly slug: string }[] }
type Messages = {
  readonly messages: readonly {
    readonly id: string
    readonly seq: number
    readonly text: string | null
    readonly author: { readonly id: string; readonly name: string | null }
  }[]
  readonly before: number | null
  readonly after: number | null
}

type Then = { readonly timeouts: readonly { readonly accountId: string }[]; readonly roles: unknown }
type Job = {
  readonly status: string
  readonly channel: Then | null
  readonly progress: { readonly recordsRead: number; readonly recordsAtMost: number }
}
type Erased = {
  readonly position: string
  readonly remaining: readonly { readonly where: string; readonly until: string }[]
}

describe('the API on real engines', () => {
  const cleaners: (() => unknown)[] = []
  let platform: Platform
  let admin: { readonly id: string; readonly token: string }
  let ada: Awaited<ReturnType<Platform['register']>>
  let bob: Awaited<ReturnType<Platform['register']>>
  let lobby: string
  let adminPassword: string

  before(async () => {
    platform = await startPlatform({ after: (clean) => cleaners.unshift(clean as () => unknown) })
  })
  after(async () => {
    for (const clean of cleaners) await clean()
  })

  test('the first start makes an administrator and a lobby, once', async () => {
    const made = await firstStart(platform.config, never)
    assert.equal(made?.handle, 'admin')
    assert.match(made?.password ?? '', /^[a-z0-9]{5}(-[a-z0-9]{5}){3}$/)
    adminPassword = made?.password ?? ''
    assert.equal(await firstStart(platform.config, never), undefined)
    const found = await platform.call<Channels>('GET', '/v1/channels?slug=Lobby')
    assert.equal(found.status, 200)
    const [channel] = found.body.channels
    assert.equal(channel?.slug, 'lobby')
    lobby = channel?.id ?? ''
  })

  test('a one-time password opens nothing but its own change', async () => {
    const credentials = { handle: 'ADMIN', password: adminPassword }
    const session = await platform.call<LoggedIn>('POST', '/v1/sessions', { body: credentials })
    assert.equal(session.body.mustChangePassword, true)
    const token = session.body.accessToken
    const post = { token, body: { text: 'hello' } }
    const refused = await platform.call('POST', `/v1/channels/${lobby}/messages`, post)
    assert.equal(told(refused), '403 http.password_change_required')
    assert.equal((await platform.call('GET', '/v1/accounts/me', { token })).status, 200)
    const unchanged = { oldPassword: adminPassword, newPassword: adminPassword }
    const kept = await platform.call('PUT', '/v1/accounts/me/password', { token, body: unchanged })
    assert.equal(told(kept), '400 http.invalid_request', 'the first password cannot be kept')
    const changed = await platform.call<LoggedIn>('PUT', '/v1/accounts/me/password', {
      token,
      body: { oldPassword: adminPassword, newPassword: PASSWORD },
    })
    assert.equal(changed.status, 200)
    admin = { id: changed.body.account.id, token: changed.body.accessToken }
    const old = await platform.call('GET', '/v1/accounts/me', { token })
    assert.equal(told(old), '401 identity.token_invalid', 'the session before the change has ended')
    assert.equal(
      (await platform.call('POST', `/v1/channels/${lobby}/messages`, { ...post, token: admin.token })).status,
      201,
    )
  })

  test('accounts register, handles are unique without case, and a lost answer can be asked for again', async () => {
    ada = await platform.register('Ada_L')
    bob = await platform.register('bob')
    const taken = await platform.call('POST', '/v1/accounts', { body: { handle: 'ADA_l', password: PASSWORD } })
    assert.equal(told(taken), '409 identity.handle_taken')
    const key = { 'idempotency-key': uuidv7() }
    const body = { handle: 'carol', password: PASSWORD, displayName: ' Carol ', email: 'carol@example.org' }
    const first = await platform.call<{ readonly account: { readonly id: string } }>('POST', '/v1/accounts', {
      body,
      headers: key,
    })
    const again = await platform.call('POST', '/v1/accounts', { body, headers: key })
    assert.equal(first.status, 201)
    assert.equal(again.status, 201)
    assert.deepEqual(again.body.account, first.body.account)
    const other = await platform.call('POST', '/v1/accounts', {
      body: { ...body, password: 'another password' },
      headers: key,
    })
    assert.equal(told(other), '422 command.id_reused')
    await platform.projected('outcomes', first.headers.get('position') ?? '')
    const elsewhere = await platform.startEdge()
    const there = await elsewhere.call('POST', '/v1/accounts', { body, headers: key })
    assert.deepEqual([there.status, there.body.account], [201, first.body.account])
    const otherThere = await elsewhere.call('POST', '/v1/accounts', {
      body: { ...body, password: 'another password' },
      headers: key,
    })
    assert.equal(told(otherThere), '422 command.id_reused')
    const location = first.headers.get('location') ?? ''
    const shown = await platform.call('GET', `${location}?min-position=${first.headers.get('position')}`)
    assert.equal(shown.body.displayName, 'Carol')
    assert.equal(shown.body.email, undefined)
    const accountId = first.body.account.id
    const outcome = await platform.call('GET', `/v1/commands/${key['idempotency-key']}?account=${accountId}`)
    assert.equal(outcome.body.status, 'accepted')
  })

  test('a registration that two edges are sent at once opens one account, and one that failed may be sent again', async () => {
    const elsewhere = await platform.startEdge()
    const sent = { body: { handle: 'twice', password: PASSWORD }, headers: { 'idempotency-key': uuidv7() } }
    const [here, there] = await Promise.all(
      [platform, elsewhere].map((edge) => edge.call('POST', '/v1/accounts', sent)),
    )
    assert.deepEqual([here?.status, there?.status], [201, 201])
    assert.deepEqual(here?.body.account, there?.body.account)
    const session = await platform.call('POST', '/v1/sessions', { body: sent.body })
    assert.equal(session.status, 201)

    const failing = { body: { handle: 'Twice', password: PASSWORD }, headers: { 'idempotency-key': uuidv7() } }
    assert.equal(told(await platform.call('POST', '/v1/accounts', failing)), '409 identity.handle_taken')
    assert.equal(told(await elsewhere.call('POST', '/v1/accounts', failing)), '409 identity.handle_taken')
    const corrected = { ...failing, body: { ...failing.body, handle: 'thrice' } }
    assert.equal((await elsewhere.call('POST', '/v1/accounts', corrected)).status, 201)
  })

  test('what is wrong with a registration is told by code', async () => {
    const register = async (body: unknown) => told(await platform.call('POST', '/v1/accounts', { body }))
    assert.equal(await register({ handle: 'x y', password: PASSWORD }), '400 http.invalid_request')
    assert.equal(await register({ handle: 'dave', password: 'short' }), '400 http.invalid_request')
    assert.equal(
      await register({ handle: 'dave', password: PASSWORD, displayName: 'a\u202eb' }),
      '422 identity.display_name_invalid',
    )
    assert.deepEqual((await platform.call('GET', '/v1/channels?slug=dave')).body, { channels: [] })
    assert.ok((await platform.register('dave')).id, 'what was rejected left nothing behind')
  })

  test('a wrong login tells nothing of what was wrong', async () => {
    const logIn = (handle: string, password: string) =>
      platform.call('POST', '/v1/sessions', { body: { handle, password } })
    assert.equal(told(await logIn('nobody', PASSWORD)), '401 identity.invalid_credentials')
    assert.equal(told(await logIn('bob', 'wrong password')), '401 identity.invalid_credentials')
    assert.equal(told(await logIn('lobby', PASSWORD)), '401 identity.invalid_credentials', 'a channel has no password')
  })

  test('a token is renewed by the cookie until logout, which cuts the token too', async () => {
    const session = await platform.call('POST', '/v1/sessions', { body: { handle: 'bob', password: PASSWORD } })
    assert.match(
      session.headers.getSetCookie()[0] ?? '',
      /^whiply_session=[^;]+; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax/,
    )
    const cookie = cookieOf(session)
    const renewed = await platform.call<LoggedIn>('POST', '/v1/tokens', { cookie })
    assert.equal(renewed.status, 201)
    const token = renewed.body.accessToken
    assert.equal((await platform.call('GET', '/v1/accounts/me', { token })).body.handle, 'bob')
    const verified = await platform.call('GET', '/v1/verify', { token })
    assert.deepEqual([verified.status, verified.headers.get('whiply-role')], [204, 'user'])
    const current = await platform.call('GET', '/v1/session', { token })
    assert.deepEqual([current.status, current.body.platformRole], [200, 'user'])
    const foreign = await platform.call('POST', '/v1/tokens', { cookie, headers: { origin: 'https://evil.example' } })
    assert.equal(told(foreign), '403 http.origin_refused')
    assert.equal((await platform.call('DELETE', '/v1/sessions/current', { cookie })).status, 204)
    assert.equal(told(await platform.call('GET', '/v1/accounts/me', { token })), '401 identity.token_invalid')
    assert.equal(told(await platform.call('POST', '/v1/tokens', { cookie })), '401 identity.session_ended')
    assert.equal((await platform.call('DELETE', '/v1/sessions/current', { cookie })).status, 204, 'it is ended already')
  })

  test('a message is posted once, is read without an account, and is deleted', async () => {
    const path = `/v1/channels/${lobby}/messages`
    const id = uuidv7()
    const post = { token: ada.token, body: { text: 'hello, world' }, headers: { 'idempotency-key': id } }
    const first = await platform.call('POST', path, post)
    assert.equal(first.status, 201)
    const again = await platform.call('POST', path, post)
    assert.deepEqual(again.body, first.body)
    const changed = await platform.call('POST', path, { ...post, body: { text: 'something else' } })
    assert.equal(told(changed), '422 command.id_reused')
    const read = async (position: unknown) => {
      const page = await platform.call<Messages>('GET', `${path}?min-position=${position}`)
      return page.body.messages.filter((message) => message.id === id)
    }
    const [message, ...others] = await read(first.body.position)
    assert.equal(message?.text, 'hello, world')
    assert.equal(message?.author.name, 'Ada_L')
    assert.deepEqual(others, [])
    const old = { ...post, headers: { 'idempotency-key': uuidv7(Date.now() - 3_600_000) } }
    assert.equal(told(await platform.call('POST', path, old)), '422 command.too_old')
    const ahead = { ...post, headers: { 'idempotency-key': uuidv7(Date.now() + 3_600_000) } }
    assert.equal(told(await platform.call('POST', path, ahead)), '422 command.too_new')
    const outcome = () => platform.call('GET', `/v1/commands/${id}`, { token: ada.token })
    await until(async () => (await outcome()).body.status === 'accepted', { what: 'its outcome is told' })
    assert.equal(told(await platform.call('GET', `/v1/commands/${id}`, { token: bob.token })), '404 http.not_found')
    assert.equal(told(await platform.call('DELETE', `${path}/${id}`, { token: bob.token })), '403 channel.forbidden')
    const deleted = await platform.call('DELETE', `${path}/${id}`, { token: ada.token })
    assert.equal(deleted.status, 200)
    assert.equal((await read(deleted.body.position))[0]?.text, null)
    assert.equal(
      told(await platform.call('DELETE', `${path}/${id}`, { token: ada.token })),
      '410 channel.message_deleted',
    )
  })

  test('history is paged in both ways without a hole', async () => {
    const channel = await platform.call('POST', '/v1/channels', { token: bob.token, body: {} })
    assert.equal(channel.status, 201)
    assert.equal(channel.body.channelId, bob.id)
    assert.equal(
      told(await platform.call('POST', '/v1/channels', { token: bob.token, body: {} })),
      '409 channel.exists',
    )
    const path = `/v1/channels/${bob.id}/messages`
    let position: unknown
    for (let n = 1; n <= 7; n++) {
      position = (await platform.call('POST', path, { token: bob.token, body: { text: `${n}` } })).body.position
    }
    const walk = async (query: string, way: 'before' | 'after'): Promise<string[]> => {
      const page = await platform.call<Messages>('GET', `${path}?limit=3${query}&min-position=${position}`)
      assert.equal(page.status, 200)
      const texts = page.body.messages.map(({ text }) => text ?? '')
      const next = page.body[way]
      if (next === null) return texts
      const others = await walk(`&${way}=${next}`, way)
      return way === 'before' ? [...others, ...texts] : [...texts, ...others]
    }
    const all = ['1', '2', '3', '4', '5', '6', '7']
    assert.deepEqual(await walk('', 'before'), all)
    assert.deepEqual(await walk('&after=0', 'after'), all)
    assert.equal(told(await platform.call('GET', `${path}?after=1&before=3`)), '400 http.invalid_request')
    const own = await platform.call<Channels>('GET', '/v1/channels?slug=BOB')
    assert.equal(own.body.channels[0]?.slug, 'bob')
  })

  test('settings change by the version that was seen', async () => {
    const path = `/v1/channels/${bob.id}`
    const seen = await platform.call('GET', path)
    const etag = seen.headers.get('etag') ?? ''
    const fresh = await platform.call('GET', path, { headers: { 'if-none-match': etag } })
    assert.equal(fresh.status, 304)
    const change = (topic: string | null, ifMatch?: string, token = bob.token) =>
      platform.call('PATCH', `${path}/settings`, {
        token,
        body: { topic, slowModeSeconds: 0 },
        ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }),
      })
    assert.equal(told(await change('bees')), '428 http.precondition_required')
    assert.equal(told(await change('bees', '*', ada.token)), '403 channel.forbidden')
    const changed = await change('bees', etag)
    assert.equal(changed.status, 200)
    assert.equal(told(await change('wasps', etag)), '412 channel.version_conflict')
    const now = await platform.call('GET', `${path}?min-position=${changed.body.position}`)
    assert.equal(now.body.topic, 'bees')
    assert.equal(now.headers.get('etag'), changed.headers.get('etag'))
    assert.equal((await change(null, now.headers.get('etag') ?? '')).status, 200)
    const kept = (days: number | null) =>
      platform.call('POST', `${path}/acts`, { token: bob.token, body: { kind: 'set-retention', days } })
    const before = await platform.call('GET', `${path}?min-position=${(await kept(30)).body.position}`)
    const after = await platform.call<{ readonly historyDays: number | null }>(
      'GET',
      `${path}?min-position=${(await kept(null)).body.position}`,
      { headers: { 'if-none-match': before.headers.get('etag') ?? '' } },
    )
    assert.deepEqual([after.status, after.body.historyDays], [200, null])
    assert.equal(told(await change('stale', before.headers.get('etag') ?? '')), '412 channel.version_conflict')
    assert.equal((await change(null, after.headers.get('etag') ?? '')).status, 200)
  })

  test('acts over HTTP are those of the live protocol: modes hold for members, who follow and are subscribers', async () => {
    const path = `/v1/channels/${bob.id}`
    const act = (body: object, token = bob.token) => platform.call('POST', `${path}/acts`, { token, body })
    const post = () => platform.call('POST', `${path}/messages`, { token: ada.token, body: { text: 'may I?' } })
    const set = await act({ kind: 'set-mode', mode: 'followers_only', value: 0 })
    assert.equal(set.status, 200)
    assert.equal(told(await act({ kind: 'set-mode', mode: 'unique', value: 1 }, ada.token)), '403 channel.forbidden')
    assert.equal(told(await act({ kind: 'set-mode', mode: 'nonsense', value: 1 })), '400 http.invalid_request')
    const now = await platform.call<{ readonly modes: readonly object[] }>(
      'GET',
      `${path}?min-position=${set.body.position}`,
    )
    assert.deepEqual(
      now.body.modes.map((mode) => ({ ...mode, since: '' })),
      [{ mode: 'followers_only', value: 0, actor: bob.id, since: '' }],
    )
    assert.equal(told(await post()), '403 channel.followers_only')
    const following = async (query = '') => {
      const token = ada.token
      return (await platform.call<{ since: string | null }>('GET', `${path}/following${query}`, { token })).body.since
    }
    assert.equal(await following(), null)
    const followed = await act({ kind: 'follow' }, ada.token)
    assert.match((await following(`?min-position=${followed.body.position}`)) ?? '', /^\d{4}-\d\d-\d\dT/)
    assert.equal(told(await act({ kind: 'follow' }, ada.token)), '409 channel.follows_already')
    assert.equal((await post()).status, 201)
    assert.equal((await act({ kind: 'grant-subscription', member: ada.id, tier: 2 })).status, 200)
    assert.equal((await act({ kind: 'set-mode', mode: 'followers_only', value: null })).status, 200)
  })

  test('rules are accepted before posting, a message is pinned, and a closed channel is read only', async () => {
    const path = `/v1/channels/${bob.id}`
    const act = (body: object, token = bob.token) => platform.call('POST', `${path}/acts`, { token, body })
    const post = () => platform.call('POST', `${path}/messages`, { token: ada.token, body: { text: 'as agreed' } })
    assert.equal((await act({ kind: 'set-text', text: 'rules', value: 'Be kind.\nNo spoilers.' })).status, 200)
    assert.equal(told(await post()), '403 channel.rules_unaccepted')
    assert.equal(told(await act({ kind: 'accept-rules', version: 2 }, ada.token)), '409 channel.rules_outdated')
    const accepted = await act({ kind: 'accept-rules', version: 1 }, ada.token)
    await platform.call('GET', `${path}?min-position=${accepted.body.position}`)
    const posted = await post()
    assert.equal(posted.status, 201)
    assert.equal((await act({ kind: 'pin', message: posted.body.commandId })).status, 200)
    const closed = await act({ kind: 'close', reason: 'moved' })
    assert.equal(told(await post()), '403 channel.closed')
    const { body } = await platform.call('GET', `${path}?min-position=${closed.body.position}`)
    assert.deepEqual(
      [body.texts, body.pin, body.closed],
      [
        [{ of: 'rules', text: 'Be kind.\nNo spoilers.', version: 1 }],
        { id: posted.body.commandId, seq: posted.body.seq },
        true,
      ],
    )
    assert.equal((await act({ kind: 'reopen' })).status, 200)
    assert.equal((await act({ kind: 'set-text', text: 'rules', value: null })).status, 200)
    assert.equal((await post()).status, 201)
  })

  test('moderators ban, mark, hold and nuke; the ledger finds it all again', async () => {
    const path = `/v1/channels/${bob.id}`
    const act = (body: object, token = bob.token) => platform.call('POST', `${path}/acts`, { token, body })
    const post = (text: string) => platform.call('POST', `${path}/messages`, { token: ada.token, body: { text } })
    const list = <Body extends object>(what: string, position: unknown) =>
      platform.call<Body>('GET', `${path}/${what}${what.includes('?') ? '&' : '?'}min-position=${position}`, {
        token: bob.token,
      })

    assert.equal((await act({ kind: 'ban', member: ada.id, reason: 'spam' })).status, 200)
    assert.equal(told(await post('let me in')), '403 channel.banned')
    const unbanned = await act({ kind: 'unban', member: ada.id, reason: 'appealed' })
    assert.equal((await post('thank you')).status, 201)

    const marked = await act({ kind: 'mark', member: ada.id, mark: 'low_trust', reason: 'new here' })
    const marks = await list<{ readonly marks: readonly { readonly mark: string; readonly reason: string }[] }>(
      `marks?member=${ada.id}&mark=low_trust`,
      marked.body.position,
    )
    assert.deepEqual(
      marks.body.marks.map(({ mark, reason }) => [mark, reason]),
      [['low_trust', 'new here']],
    )
    const waiting = await post('may I speak?')
    assert.equal(waiting.body.held, true)
    const held = await list<{ readonly messages: readonly { readonly id: string; readonly text: string }[] }>(
      'held-messages',
      waiting.body.position,
    )
    assert.deepEqual(
      held.body.messages.map(({ text }) => text),
      ['may I speak?'],
    )
    const approved = await act({ kind: 'review', message: held.body.messages[0]?.id, approve: true })
    const texts = async (position: unknown) =>
      (await list<Messages>('messages', position)).body.messages.map(({ text }) => text)
    assert.equal((await texts(approved.body.position)).at(-1), 'may I speak?')
    await act({ kind: 'unmark', member: ada.id, mark: 'low_trust' })

    const own = { token: bob.token, body: { text: 'no free skins, please' } }
    assert.equal((await platform.call('POST', `${path}/messages`, own)).status, 201)
    const spam = await post('FREE   skins here')
    const nuke = (body: object) =>
      platform.call<Messages & { readonly position: string; readonly commandId: string }>(
        'POST',
        `${path}/nukes?min-position=${spam.body.position}`,
        { token: bob.token, body: { text: 'free skins', withinMs: 60_000, ...body } },
      )
    const dry = await nuke({})
    const matches = ['FREE   skins here', 'no free skins, please']
    assert.deepEqual([dry.status, dry.body.messages.map(({ text }) => text)], [200, matches])
    const nuked = await nuke({ dryRun: false, durationMs: 60_000, reason: 'spam' })
    assert.equal(nuked.status, 201, 'what the sweep finds is the broadcaster’s own, and left alone')
    assert.equal(told(await post('again')), '403 channel.timed_out')
    assert.equal((await texts(nuked.body.position)).at(-1), null)
    const undone = await act({ kind: 'undo-nuke', nuke: nuked.body.commandId })
    assert.equal((await texts(undone.body.position)).at(-1), 'FREE   skins here')
    assert.equal((await post('again')).status, 201)

    const ledger = async (query: string) => {
      const page = await list<{ readonly entries: readonly { readonly action: string }[] }>(
        `moderation-log?limit=200&${query}`,
        undone.body.position,
      )
      return page.body.entries.map(({ action }) => action)
    }
    assert.deepEqual((await ledger(`actor=${ada.id}`)).slice(0, 1), ['hold_message'])
    assert.deepEqual(await ledger('action=nuke'), ['nuke'])
    const byPattern = { text: 'free +sk[i1]ns', match: 'pattern' }
    const found = await nuke(byPattern)
    assert.deepEqual([found.status, found.body.messages.map(({ text }) => text)], [200, matches])
    assert.equal(told(await nuke({ text: '(?=free)', match: 'pattern' })), '422 channel.pattern_unfit')
    assert.equal(told(await nuke({ text: 'free|.*', match: 'pattern' })), '422 channel.pattern_unfit')
    const struck = await nuke({ ...byPattern, dryRun: false })
    assert.equal(told(await post('Free SK1NS')), '422 channel.filtered')
    const terms = await list<{ readonly terms: readonly { readonly term: string; readonly match: string }[] }>(
      'blocked-terms',
      struck.body.position,
    )
    assert.deepEqual(
      terms.body.terms.map(({ term, match }) => [term, match]),
      [['free +sk[i1]ns', 'pattern']],
    )
    await act({ kind: 'undo-nuke', nuke: struck.body.commandId })
    assert.equal((await post('Free SK1NS')).status, 201)
    assert.deepEqual((await ledger(`member=${ada.id}&action=ban_member`)).length, 1)
    assert.deepEqual(await ledger('to=2020-01-01T00:00:00Z'), [])
    assert.ok(unbanned.body.position)
  })

  test('moderators act, members are told how long, and the log says who', async () => {
    const path = `/v1/channels/${bob.id}`
    const role = await platform.call('PUT', `${path}/roles/${ada.id}`, {
      token: bob.token,
      body: { role: 'moderator' },
    })
    assert.equal(role.status, 200)
    const roles = await platform.call('GET', `${path}/roles?min-position=${role.body.position}`)
    assert.deepEqual(roles.body.roles, [
      { accountId: bob.id, role: 'broadcaster' },
      { accountId: ada.id, role: 'moderator' },
    ])
    const carol = await platform.register('carol2')
    const timeout = { token: ada.token, body: { durationMs: 60_000, reason: 'spam' } }
    const timedOut = await platform.call('PUT', `${path}/timeouts/${carol.id}`, timeout)
    assert.equal(timedOut.status, 200)
    assert.equal(told(await platform.call('PUT', `${path}/timeouts/${bob.id}`, timeout)), '403 channel.rank_too_low')
    const refused = await platform.call<{ readonly code: string; readonly context: { readonly remainingMs: number } }>(
      'POST',
      `${path}/messages`,
      { token: carol.token, body: { text: 'spam' } },
    )
    assert.equal(told(refused), '403 channel.timed_out')
    const { remainingMs } = refused.body.context
    assert.ok(remainingMs > 50_000 && remainingMs <= 60_000)
    const log = await platform.call<{ readonly entries: readonly Record<string, unknown>[]; readonly before: unknown }>(
      'GET',
      `${path}/moderation-log?min-position=${timedOut.body.position}&limit=1`,
      { token: ada.token },
    )
    const [entry] = log.body.entries
    assert.deepEqual(
      { actor: entry?.actorId, member: entry?.memberId, reason: entry?.reason, durationMs: entry?.durationMs },
      { actor: ada.id, member: carol.id, reason: 'spam', durationMs: 60_000 },
    )
    assert.notEqual(log.body.before, null)
    const hidden = await platform.call('GET', `${path}/moderation-log`, { token: carol.token })
    assert.equal(told(hidden), '403 channel.forbidden')
    const lift = `${path}/timeouts/${carol.id}?reason=apologised`
    const lifted = await platform.call('DELETE', lift, { token: ada.token })
    assert.equal(lifted.status, 200)
    const why = await platform.call<typeof log.body>(
      'GET',
      `${path}/moderation-log?min-position=${lifted.body.position}&limit=1`,
      { token: ada.token },
    )
    assert.deepEqual([why.body.entries[0]?.action, why.body.entries[0]?.reason], ['lift_timeout', 'apologised'])
    const twice = await platform.call('DELETE', `${path}/timeouts/${carol.id}`, { token: ada.token })
    assert.equal(told(twice), '409 channel.not_timed_out')
    const posted = await platform.call('POST', `${path}/messages`, { token: carol.token, body: { text: 'sorry' } })
    assert.equal(posted.status, 201)

    const then = await platform.call<Then>('GET', `${path}?as-of=${timedOut.body.position}`, { token: ada.token })
    assert.equal(then.status, 200)
    assert.deepEqual(
      then.body.timeouts.map(({ accountId }) => accountId),
      [carol.id],
    )
    assert.deepEqual(then.body.roles, [{ accountId: ada.id, role: 'moderator' }])
    const memberCase = await platform.call<{ readonly sanctions: readonly { readonly kind: string }[] }>(
      'GET',
      `${path}/members/${carol.id}/case?as-of=${timedOut.body.position}`,
      { token: ada.token },
    )
    assert.deepEqual(
      memberCase.body.sanctions.map(({ kind }) => kind),
      ['timeout'],
    )
    const { position } = timedOut.body
    const beyond = `${position}`.replace(/\d+$/, '999999')
    const ahead = await platform.call('GET', `${path}?as-of=${beyond}`, { token: ada.token })
    assert.equal(told(ahead), '422 http.as_of_out_of_reach')
    const elsewhere = `${position}`.replace(/^channel\.\d+/, 'channel.99')
    const foreign = await platform.call('GET', `${path}?as-of=${elsewhere}`, { token: ada.token })
    assert.equal(told(foreign), '400 http.invalid_request')
    const early = await platform.call('GET', `${path}?as-of=2020-01-01T00:00:00Z`, { token: ada.token })
    assert.equal(told(early), '404 channel.unknown')
    const now = await platform.call<Then>('GET', `${path}?as-of=${new Date().toISOString()}`, { token: ada.token })
    assert.deepEqual(now.body.timeouts, [])
    assert.equal(
      told(await platform.call('GET', `${path}?as-of=${timedOut.body.position}`)),
      '401 http.unauthenticated',
    )
    assert.equal(
      told(await platform.call('GET', `${path}?as-of=${timedOut.body.position}`, { token: carol.token })),
      '403 channel.forbidden',
    )

    const farAway = await platform.startEdge({}, noLimits, { nearRecords: 0 })
    const askFar = () => farAway.call<Then>('GET', `${path}?as-of=${position}`, { token: ada.token })
    const later = await askFar()
    assert.equal(later.status, 202, JSON.stringify(later.body))
    assert.equal(later.headers.get('retry-after'), '1')
    const location = later.headers.get('location') ?? ''
    const job = (token?: string) => platform.call<Job>('GET', location, { token })
    await until(async () => (await job(ada.token)).body.status === 'done')
    const done = await job(ada.token)
    assert.deepEqual(done.body.channel, then.body, 'what another edge would have said at once')
    assert.ok(done.body.progress.recordsRead <= done.body.progress.recordsAtMost)
    assert.deepEqual((await askFar()).body, then.body)
    assert.equal(told(await job()), '401 http.unauthenticated')
    assert.equal(told(await job(carol.token)), '403 channel.forbidden')
    const elsewhereJob = location.replace(`/channels/${bob.id}/`, `/channels/${lobby}/`)
    assert.equal(told(await platform.call('GET', elsewhereJob, { token: admin.token })), '404 http.not_found')
    const taken = await platform.call('DELETE', `${path}/roles/${ada.id}`, { token: bob.token })
    assert.equal(taken.status, 200)
  })

  test('an administrator opens a channel by a slug, others may not', async () => {
    const open = (token: string, slug: string) => platform.call('POST', '/v1/channels', { token, body: { slug } })
    assert.equal(told(await open(bob.token, 'news')), '403 http.forbidden')
    const opened = await open(admin.token, 'news')
    assert.equal(opened.status, 201, JSON.stringify(opened.body))
    const channel = await platform.call('GET', `${opened.headers.get('location')}?min-position=${opened.body.position}`)
    assert.equal(channel.body.slug, 'news')
    assert.equal(told(await open(admin.token, 'NEWS')), '409 identity.handle_taken')
  })

  test('an erased account is gone for every reader, and what is left is named with its day', async () => {
    const erin = await platform.register('erin')
    const path = `/v1/channels/${lobby}/messages`
    const posted = await platform.call('POST', path, { token: erin.token, body: { text: 'forget me' } })
    const wrong = await platform.call('DELETE', '/v1/accounts/me', { token: erin.token, body: { password: 'not it' } })
    assert.equal(told(wrong), '403 identity.wrong_password')
    const erased = await platform.call<Erased>('DELETE', '/v1/accounts/me', {
      token: erin.token,
      body: { password: PASSWORD },
    })
    assert.equal(erased.status, 200)
    const [commands] = erased.body.remaining
    assert.equal(commands?.where, 'whiply.account.commands')
    assert.ok(Date.parse(commands?.until ?? '') > Date.now() + 86_400_000)
    assert.equal(
      told(await platform.call('GET', '/v1/accounts/me', { token: erin.token })),
      '401 identity.token_invalid',
    )
    const gone = await platform.call('GET', `/v1/accounts/${erin.id}?min-position=${erased.body.position}`)
    assert.equal(told(gone), '410 identity.account_erased')
    const page = await platform.call<Messages>('GET', `${path}?min-position=${erased.body.position}`)
    const message = page.body.messages.find(({ seq }) => seq === posted.body.seq)
    assert.equal(message?.text, null)
    assert.deepEqual(message?.author, { id: erin.id, name: null })
    const login = await platform.call('POST', '/v1/sessions', { body: { handle: 'erin', password: PASSWORD } })
    assert.equal(told(login), '401 identity.invalid_credentials')
  })

  test('what a channel and a person have is listed for whom it concerns, where there is nothing too', async () => {
    const { id, token } = admin
    for (const { path } of listed) {
      const { status, body } = await platform.call<{ code?: string }>('GET', path.replace('{channelId}', lobby), {
        token,
      })
      assert.equal(status, 200, `${path} for ${id}: ${body.code}`)
    }
  })

  testAdministration(() => platform)
  testAudit(() => platform)
  testDataExport(() => platform)
  testAddressBans(() => platform)

  test('a lost administrator’s password is reset, and their sessions end', async () => {
    const reset = await resetAdmin(platform.config, never)
    assert.notEqual(reset.password, PASSWORD)
    const logIn = (password: string) =>
      platform.call<LoggedIn>('POST', '/v1/sessions', { body: { handle: 'admin', password } })
    assert.equal(told(await logIn(PASSWORD)), '401 identity.invalid_credentials')
    assert.equal((await logIn(reset.password)).body.mustChangePassword, true)
    assert.equal(
      told(await platform.call('GET', '/v1/accounts/me', { token: admin.token })),
      '401 identity.token_invalid',
    )
  })

  test('the page, the documents and the keys are served with strict policies', async () => {
    const page = await platform.call('GET', '/')
    assert.equal(page.status, 200)
    const policy = page.headers.get('content-security-policy') ?? ''
    assert.match(policy, /script-src 'self';/)
    assert.match(policy, /connect-src 'self' ws:\/\/127\.0\.0\.1:8081;/)
    const config = await platform.call('GET', '/v1/config')
    assert.equal(config.body.realtimeUrl, 'ws://127.0.0.1:8081/v1/live')
    const document = await platform.call('GET', '/openapi.json')
    assert.equal(document.body.openapi, '3.1.0')
    for (const path of ['/docs', '/docs/docs.js', '/docs/docs.css']) {
      assert.equal((await platform.call('GET', path)).status, 200, path)
    }
    const jwks = await platform.call<{ readonly keys: readonly unknown[] }>('GET', '/.well-known/jwks.json')
    assert.ok(jwks.body.keys.length > 0)
    assert.ok(!JSON.stringify(jwks.body).includes('"d"'), 'no private part')
    const code = await platform.call('GET', '/problems/channel.slow_mode')
    assert.equal(code.body.status, 429)
    assert.equal(told(await platform.call('GET', '/problems/no.such_code')), '404 http.not_found')
    assert.equal(told(await platform.call('GET', '/../package.json')), '404 http.not_found')
    assert.equal(told(await platform.call('GET', '/nothing.html')), '404 http.not_found')
  })

  test('whatever comes to any route, it is never a 500', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    const path = fc.constantFrom(
      `/v1/channels/${lobby}/messages`,
      `/v1/channels/${lobby}/settings`,
      `/v1/channels/${lobby}/timeouts/${bob.id}`,
      `/v1/channels/${lobby}/roles/${bob.id}`,
      `/v1/channels/9007199254740993`,
      '/v1/channels',
      '/v1/channels?slug=%00abc',
      '/v1/accounts',
      '/v1/sessions',
      '/v1/tokens',
      '/v1/accounts/me',
      '/v1/accounts/0',
      `/v1/commands/${uuidv7()}`,
    )
    const member = fc.constantFrom(
      'text',
      'topic',
      'slowModeSeconds',
      'durationMs',
      'reason',
      'role',
      'handle',
      'password',
      'slug',
      'oldPassword',
      'email',
      'displayName',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
        path,
        fc.dictionary(member, fc.oneof(text, fc.double(), fc.integer(), fc.jsonValue({ maxDepth: 2 }))),
        fc.record({ 'if-match': fc.constantFrom('*', '"1"', '""', 'x') }, { requiredKeys: [] }),
        fc.constantFrom('key=1', 'whiply_session=%%%', `whiply_session=${'x'.repeat(100)}`),
        async (method, target, body, headers, cookie) => {
          const asked = method === 'GET' ? {} : { body }
          const answer = await platform.call(method, target, { ...asked, token: ada.token, headers, cookie })
          assert.ok(answer.status < 500, `${method} ${target} ${JSON.stringify(body)}: ${told(answer)}`)
        },
      ),
      { numRuns: 200 },
    )
  })

  testSessions(() => platform)
  testAccessTokens(
    () => platform,
    () => lobby,
  )

  test('every documented answer of every route was seen', () => {
    const onlyWithoutKafka = / 202$/
    // Where accounts have second factors.
    const inTwoSteps = 'logIn 200'
    const inAnotherFile = new Set(
      [
        ...selfServiceRoutes,
        ...ownFactorRoutes,
        ...avatarRoutes,
        ...emoteRoutes,
        ...attachmentRoutes,
        ...historyRoutes,
        ...policyRoutes,
        ...wordListRoutes,
        ...broadcastRoutes,
        ...recordingRoutes,
        ...integrationRoutes,
        ...ownershipRoutes,
        ...pollRoutes,
        ...reportRoutes,
        ...appealRoutes,
        ...banListRoutes,
        ...conversationRoutes,
        listEdits,
      ].map(({ id }) => id),
    )
    assert.deepEqual(
      platform
        .unseen()
        .filter(
          (answer) =>
            answer !== inTwoSteps && !onlyWithoutKafka.test(answer) && !inAnotherFile.has(answer.split(' ')[0] ?? ''),
        ),
      [],
    )
  })
})
