import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Config } from '#libs/config/config.ts'
import { selfServiceRoutes } from '#libs/identity/routes.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { until } from '#libs/testing/until.ts'
import { firstStart } from './first-start.ts'
import { outboxOf, secretIn } from './outbox.fixtures.ts'
import {
  type Answer,
  type Asked,
  type Client,
  type LoggedIn,
  PASSWORD,
  type Platform,
  startPlatform,
} from './platform.fixtures.ts'

const told = ({ status, body }: Answer<object>): string => ('code' in body ? `${status} ${body.code}` : String(status))

const NEW_PASSWORD = 'a horse that is greener'

type Own = {
  readonly id: string
  readonly handle: string
  readonly email: string | null
  readonly emailVerified: boolean
  readonly termsVersion: string | null
  readonly eraseAt: string | null
}

describe('accounts on real engines', () => {
  const cleaners: (() => unknown)[] = []
  let platform: Platform
  let outbox: ReturnType<typeof outboxOf>

  before(async () => {
    platform = await startPlatform({ after: (clean) => cleaners.unshift(clean as () => unknown) })
    outbox = outboxOf(platform.config.data)
  })
  after(async () => {
    for (const clean of cleaners) await clean()
  })

  const logIn = async (handle: string, password = PASSWORD) =>
    platform.call<LoggedIn>('POST', '/v1/sessions', { body: { handle, password } })

  const register = async (handle: string, more: object = {}, asked: Pick<Asked, 'once'> = {}) => {
    const body = { handle, password: PASSWORD, ...more }
    assert.equal(told(await platform.call('POST', '/v1/accounts', { ...asked, body })), '201')
    return (await logIn(handle)).body.accessToken
  }

  const own = async (token: string) => {
    const { email, emailVerified } = (await platform.call<Own>('GET', '/v1/accounts/me', { token })).body
    return { email, emailVerified }
  }

  const confirm = (secret: string) => platform.call('POST', '/v1/email-confirmations', { body: { secret } })

  test('a password that would be guessed soon is refused wherever one is set, and the answer says why', async () => {
    const registering = (password: string) =>
      platform.call('POST', '/v1/accounts', { body: { handle: 'weakling', password, email: 'no.body@example.org' } })
    const refused = await registering('Weakling_1999')
    assert.equal(told(refused), '422 identity.password_weak')
    assert.match(String(refused.body.detail), /personal/)
    assert.equal(told(await registering('no.body@example.org')), '422 identity.password_weak')
    assert.equal(told(await registering('x9$kL2m')), '400 http.invalid_request')
    assert.equal(told(await registering('x'.repeat(257))), '400 http.invalid_request')
    assert.equal(told(await registering('x9$kL2m!')), '201')
    const token = (await logIn('weakling', 'x9$kL2m!')).body.accessToken
    const change = (newPassword: string) =>
      platform.call('PUT', '/v1/accounts/me/password', { token, body: { oldPassword: 'x9$kL2m!', newPassword } })
    assert.equal(told(await change('weakling2')), '422 identity.password_weak')
    assert.equal(told(await change('password'.repeat(32))), '422 identity.password_weak')
    assert.equal(told(await change(NEW_PASSWORD)), '200')
  })

  test('an address is confirmed by the mail that went to it, once', async () => {
    const token = await register('grace', { email: 'grace@example.org' })
    const first = secretIn(await outbox.last('grace@example.org', 1))
    assert.deepEqual(await own(token), { email: 'grace@example.org', emailVerified: false })
    const again = { token, body: undefined }
    assert.equal(told(await platform.call('POST', '/v1/accounts/me/email/confirmation', again)), '202')
    const second = secretIn(await outbox.last('grace@example.org', 2))
    assert.equal(told(await confirm(first)), '410 identity.link_invalid', 'the later mail takes its place')
    assert.deepEqual((await confirm(second)).body, { state: 'confirmed' })
    assert.equal(told(await confirm(second)), '410 identity.link_invalid')
    assert.deepEqual(await own(token), { email: 'grace@example.org', emailVerified: true })
    assert.equal(told(await platform.call('POST', '/v1/accounts/me/email/confirmation', again)), '202')
    assert.equal(await outbox.count('grace@example.org'), 2, 'nothing is left to confirm')
  })

  test('another address takes its place once both have confirmed', async () => {
    const token = (await logIn('grace')).body.accessToken
    const change = (email: string, password = PASSWORD) =>
      platform.call('PUT', '/v1/accounts/me/email', { token, body: { email, password } })
    assert.equal(told(await change('hopper@example.org', 'not hers at all')), '403 identity.wrong_password')
    assert.equal(told(await change('hopper@example.org')), '202')
    const arrived = secretIn(await outbox.last('hopper@example.org', 1))
    const left = secretIn(await outbox.last('grace@example.org', 3))
    assert.deepEqual((await confirm(arrived)).body, { state: 'other_address' })
    assert.deepEqual(await own(token), { email: 'grace@example.org', emailVerified: true })
    assert.deepEqual((await confirm(left)).body, { state: 'confirmed' })
    assert.deepEqual(await own(token), { email: 'hopper@example.org', emailVerified: true })
  })

  test('an address that was never confirmed is changed by the new one alone', async () => {
    const token = await register('slip', { email: 'wrong@example.org' })
    await outbox.last('wrong@example.org', 1)
    const body = { email: 'right@example.org', password: PASSWORD }
    assert.equal(told(await platform.call('PUT', '/v1/accounts/me/email', { token, body })), '202')
    assert.deepEqual((await confirm(secretIn(await outbox.last('right@example.org', 1)))).body, { state: 'confirmed' })
    assert.equal(await outbox.count('wrong@example.org'), 1)
  })

  const ask = (body: object) => platform.call('POST', '/v1/password-resets', { body })
  const reset = (secret: string, newPassword = NEW_PASSWORD) =>
    platform.call('PUT', '/v1/password-resets', { body: { secret, newPassword } })

  test('a lost password is replaced by a mail, which ends every session', async () => {
    const token = (await logIn('grace')).body.accessToken
    const before = await outbox.count('hopper@example.org')
    assert.equal(told(await ask({ handle: 'GRACE' })), '202')
    const first = secretIn(await outbox.last('hopper@example.org', before + 1))
    assert.equal(told(await ask({ email: 'Hopper@example.org' })), '202')
    const second = secretIn(await outbox.last('hopper@example.org', before + 2))
    assert.equal(told(await reset(second, 'short')), '400 http.invalid_request')
    assert.equal(
      told(await reset(second, 'hopper@example.org')),
      '422 identity.password_weak',
      'and the link is good still',
    )
    const both = await Promise.all([reset(second), reset(second, 'another one altogether')])
    assert.deepEqual(both.map(told).toSorted(), ['204', '410 identity.link_invalid'])
    assert.equal(told(await reset(first)), '410 identity.link_invalid', 'one that was sent before is not good either')
    const old = await platform.call('GET', '/v1/accounts/me', { token })
    assert.equal(told(old), '401 identity.token_invalid')
    assert.equal(told(await logIn('grace')), '401 identity.invalid_credentials')
    const winner = both[0]?.status === 204 ? NEW_PASSWORD : 'another one altogether'
    assert.equal(told(await logIn('grace', winner)), '201')
    assert.match(await outbox.last('hopper@example.org', before + 3), /was changed just now/)
  })

  test('who asks for a reset learns nothing of whether there is such an account', async () => {
    const answers = await Promise.all(
      [{ handle: 'nobody_here' }, { email: 'nobody@example.org' }, { handle: 'slip' }].map(ask),
    )
    const seen = answers.map(({ status, body, headers }) => [status, body, headers.get('content-length')])
    assert.deepEqual(seen, [seen[0], seen[0], seen[0]])
    assert.equal(told(await ask({})), '400 http.invalid_request')
    assert.equal(told(await ask({ handle: 'slip', email: 'a@example.org' })), '400 http.invalid_request')
  })

  test('who registers learns nothing of whose an address is', async () => {
    const registering = (handle: string, email: string) =>
      platform.call('POST', '/v1/accounts', { body: { handle, password: PASSWORD, email } })
    const shapes = [
      await registering('second_one', 'hopper@example.org'),
      await registering('first_one', 'nobody.yet@example.org'),
    ].map(({ status, body, headers }) => [status, Object.keys(body).toSorted(), [...headers.keys()].toSorted()])
    assert.deepEqual(shapes[0], shapes[1])
    assert.equal(shapes[0]?.[0], 201)
  })

  const at = async <Result>(settings: Partial<Config>, work: (edge: Client) => Promise<Result>): Promise<Result> =>
    work(await platform.startEdge(settings))

  const ownAccount = async (token: string) => (await platform.call<Own>('GET', '/v1/accounts/me', { token })).body

  test('who registers accepts the terms by their version, and later ones again', async () => {
    const body = { handle: 'termsy', password: PASSWORD }
    await at({ termsVersion: '2026-11' }, async (edge) => {
      const refused = await edge.call('POST', '/v1/accounts', { body })
      assert.equal(told(refused), '422 identity.terms_not_accepted')
      assert.deepEqual(refused.body.context, { version: '2026-11' })
      const accepted = { ...body, termsVersion: '2026-11' }
      assert.equal(told(await edge.call('POST', '/v1/accounts', { body: accepted })), '201')
    })
    const token = (await logIn('termsy')).body.accessToken
    assert.equal((await ownAccount(token)).termsVersion, '2026-11')
    await at({ termsVersion: '2027-01' }, async (edge) => {
      const accept = (version: string) => edge.call('PUT', '/v1/accounts/me/terms', { token, body: { version } })
      assert.equal(told(await accept('2026-11')), '422 identity.terms_not_accepted')
      assert.equal(told(await accept('2027-01')), '204')
    })
    assert.equal((await ownAccount(token)).termsVersion, '2027-01')
  })

  test('a closed platform takes nobody, one by invitation who has one, once', async () => {
    const body = { handle: 'guest', password: PASSWORD }
    const closed = await at({ registration: 'closed' }, (edge) => edge.call('POST', '/v1/accounts', { body }))
    assert.equal(told(closed), '403 identity.registration_closed')
    const made = await firstStart(platform.config, new AbortController().signal)
    const first = await logIn('admin', made?.password)
    const changed = await platform.call<LoggedIn>('PUT', '/v1/accounts/me/password', {
      token: first.body.accessToken,
      body: { oldPassword: made?.password, newPassword: NEW_PASSWORD },
    })
    const { accessToken: token } = changed.body
    const user = (await logIn('slip')).body.accessToken
    assert.equal(told(await platform.call('POST', '/v1/invitations', { token: user })), '403 http.forbidden')
    const invited = await platform.call<{ readonly invitation: string }>('POST', '/v1/invitations', { token })
    assert.equal(invited.status, 201)
    const { invitation } = invited.body
    await at({ registration: 'invitation' }, async (edge) => {
      const registering = (handle: string, given?: string, id: string = uuidv7()) =>
        edge.call('POST', '/v1/accounts', {
          body: { ...body, handle, ...(given && { invitation: given }) },
          headers: { 'idempotency-key': id },
        })
      assert.equal(told(await registering('guest')), '403 identity.invitation_invalid')
      assert.equal(told(await registering('slip', invitation)), '409 identity.handle_taken')
      const both = await Promise.all([registering('guest', invitation), registering('visitor', invitation)])
      assert.deepEqual(both.map(told).toSorted(), ['201', '403 identity.invitation_invalid'])

      const id = uuidv7()
      const { body: another } = await platform.call<{ readonly invitation: string }>('POST', '/v1/invitations', {
        token,
      })
      for (let sent = 0; sent < 2; sent++)
        assert.equal(told(await registering('slip', another.invitation, id)), '409 identity.handle_taken')
      for (let sent = 0; sent < 2; sent++)
        assert.equal(told(await registering('invited', another.invitation, id)), '201', 'sent again, it is the same')
    })
  })

  test('of those who register a handle at once one gets it, and the others are told that it is taken', async () => {
    const handles = ['Sought_1', 'sought_1', 'SOUGHT_1', 'sought_1']
    const answers = await Promise.all(
      handles.map((handle) => platform.call('POST', '/v1/accounts', { body: { handle, password: PASSWORD } })),
    )
    const taken = '409 identity.handle_taken'
    assert.deepEqual(answers.map(told).toSorted(), ['201', taken, taken, taken])
  })

  const changeHandle = (token: string, handle: string, password = PASSWORD) =>
    platform.call<{ readonly handle: string }>('PUT', '/v1/accounts/me/handle', { token, body: { handle, password } })

  /** The id of who has a handle, or where it leads. */
  const holder = async (handle: string) => {
    const { status, headers, body } = await platform.call('GET', `/v1/handles/${handle}`, { redirect: 'manual' })
    return status === 308 ? headers.get('location') : body.id
  }

  test('a handle is changed: the old one leads to the new one, and nobody else gets it', async () => {
    const token = await register('before_1')
    assert.equal(told(await changeHandle(token, 'after_1', 'not the password')), '403 identity.wrong_password')
    assert.equal(told(await changeHandle(token, 'moderator')), '422 identity.handle_reserved')
    const changed = await changeHandle(token, 'after_1')
    assert.equal(told(changed), '200')
    const own = await ownAccount(token)
    assert.equal(own.handle, 'after_1')
    await until(async () => (await holder('Before_1')) === '/v1/handles/after_1')
    assert.equal(await holder('after_1'), own.id)
    const again = await platform.call('POST', '/v1/accounts', { body: { handle: 'before_1', password: PASSWORD } })
    assert.equal(told(again), '409 identity.handle_taken')
    assert.equal(told(await logIn('after_1')), '201')
    assert.equal(told(await logIn('before_1')), '401 identity.invalid_credentials')
    const past = await platform.call<{ readonly handles: readonly { readonly handle: string }[] }>(
      'GET',
      '/v1/accounts/me/handles',
      { token },
    )
    assert.deepEqual(
      past.body.handles.map(({ handle }) => handle),
      ['after_1', 'before_1'],
    )
    assert.equal(told(await changeHandle(token, 'again_1')), '409 identity.handle_changed_lately')
    assert.equal(told(await platform.call('GET', '/v1/handles/nobody_at_all')), '404 http.not_found')
  })

  test('renames that race end with one name each, and none is lost', async () => {
    const handles = ['racer_a', 'racer_b', 'racer_c']
    const tokens = await Promise.all(handles.map((handle) => register(handle)))
    const token = (index: number) => tokens[index] ?? ''
    // All want one handle, and two of them that of each other as well.
    const answers = await Promise.all([
      ...handles.map((_, index) => changeHandle(token(index), 'prize')),
      changeHandle(token(0), 'racer_b'),
      changeHandle(token(1), 'racer_a'),
    ])
    const won = answers.filter(({ status, body }) => status === 200 && body.handle === 'prize')
    assert.equal(won.length, 1, answers.map(told).join())
    const lost = new Set(answers.map(told).filter((code) => code !== '200'))
    for (const code of ['409 identity.handle_taken', '409 identity.handle_changed_lately']) lost.delete(code)
    assert.deepEqual([...lost], [], 'who lost is told why')
    const owners = await Promise.all(tokens.map(ownAccount))
    assert.deepEqual(
      owners.filter(({ handle }, index) => handle !== handles[index]).map(({ handle }) => handle),
      ['prize'],
    )
    for (const { id, handle } of owners) assert.equal(await holder(handle), id)
    await until(async () => (await Promise.all(handles.map(holder))).includes('/v1/handles/prize'))
  })

  test('a name that could be taken for another is refused, as a handle and as a name shown', async () => {
    // One that comes again reserves its names again, for ten minutes.
    const token = await register('paypal', { displayName: 'Pay Pal Inc' }, { once: true })
    const other = async (body: object) =>
      told(await platform.call('POST', '/v1/accounts', { body: { password: PASSWORD, ...body } }))
    assert.equal(await other({ handle: 'paypaI' }), '409 identity.name_confusable')
    assert.equal(await other({ handle: 'looks', displayName: 'p\u0430yp\u0430l' }), '409 identity.name_confusable')
    assert.equal(await other({ handle: 'looks', displayName: 'PAYPALINC' }), '409 identity.name_confusable')
    const show = (displayName: string) => platform.call('PATCH', '/v1/accounts/me', { token, body: { displayName } })
    assert.equal(told(await show('SLIP')), '409 identity.name_confusable')
    assert.equal(told(await show('PayPal')), '204', 'one’s own handle is no other’s')
    await until(async () => (await other({ handle: 'looks', displayName: 'Pay Pal Inc' })) === '201', {
      what: 'the name that was left is free',
    })
  })

  test('a profile is changed and shown, others are blocked', async () => {
    const token = await register('profiled')
    const patch = (body: object) => platform.call('PATCH', '/v1/accounts/me', { token, body })
    assert.equal(told(await patch({ colour: '#00FF7F', bio: ' Hello ' })), '204')
    const { id } = await ownAccount(token)
    const shown = async () => {
      const { body } = await platform.call('GET', `/v1/accounts/${id}`)
      return [body.colour, body.bio, body.displayName]
    }
    assert.deepEqual(await shown(), ['#00ff7f', 'Hello', 'profiled'])
    assert.equal(told(await patch({ bio: null })), '204')
    assert.deepEqual(await shown(), ['#00ff7f', null, 'profiled'])
    assert.equal(told(await patch({})), '422 identity.nothing_to_change')
    const { id: other } = await platform.register('blockee')
    const path = '/v1/accounts/me/blocks'
    type Blocks = { readonly blocks: readonly { readonly id: string; readonly handle: string }[] }
    const blocks = async () =>
      (await platform.call<Blocks>('GET', path, { token })).body.blocks.map((block) => [block.id, block.handle])
    assert.equal(told(await platform.call('PUT', `${path}/${other}`, { token })), '204')
    assert.deepEqual(await blocks(), [[other, 'blockee']])
    assert.equal(told(await platform.call('PUT', `${path}/${id}`, { token })), '422 identity.block_invalid')
    assert.equal(told(await platform.call('DELETE', `${path}/${other}`, { token })), '204')
    assert.deepEqual(await blocks(), [])
  })

  test('a deactivated account is as if it were not there, until its owner logs in', async () => {
    const { id, token } = await platform.register('sleeper')
    const deactivate = (password: string) =>
      platform.call('POST', '/v1/accounts/me/deactivation', { token, body: { password } })
    assert.equal(told(await deactivate('not the password')), '403 identity.wrong_password')
    assert.equal(told(await deactivate(PASSWORD)), '204')
    assert.equal(told(await platform.call('GET', '/v1/accounts/me', { token })), '401 identity.token_invalid')
    assert.equal(told(await platform.call('GET', `/v1/accounts/${id}`)), '404 identity.account_unknown')
    assert.equal(told(await logIn('sleeper', 'not the password')), '401 identity.invalid_credentials')
    assert.equal(told(await logIn('sleeper')), '201')
    assert.equal(told(await platform.call('GET', `/v1/accounts/${id}`)), '200')
  })

  test('an erasure waits, is told by mail, and can be cancelled', async () => {
    const token = await register('leaver', { email: 'leaver@example.org' })
    await outbox.last('leaver@example.org', 1)
    const leave = (edge: Client) =>
      edge.call<{ readonly eraseAt: string }>('DELETE', '/v1/accounts/me', { token, body: { password: PASSWORD } })
    const left = await at({ erasureDelayDays: 7 }, leave)
    assert.equal(left.status, 200)
    assert.ok(Date.parse(left.body.eraseAt) > Date.now() + 6 * 86_400_000)
    assert.equal((await ownAccount(token)).eraseAt, left.body.eraseAt)
    assert.match(await outbox.last('leaver@example.org', 2), /will be erased on/)
    const cancel = () => platform.call('DELETE', '/v1/accounts/me/erasure', { token })
    assert.equal(told(await cancel()), '204')
    assert.equal((await ownAccount(token)).eraseAt, null)
    assert.equal(told(await cancel()), '409 identity.erasure_not_scheduled')
    assert.equal((await leave(platform)).status, 200)
    await until(async () => (await outbox.count('leaver@example.org')) === 0, { what: 'no mail about them is left' })
  })

  test('every documented answer of these routes was seen', () => {
    const here = new Set(selfServiceRoutes.map(({ id }) => id))
    const onlyWithoutKafka = / 202$/
    assert.deepEqual(
      platform.unseen().filter((answer) => here.has(answer.split(' ')[0] ?? '') && !onlyWithoutKafka.test(answer)),
      [],
    )
  })
})
