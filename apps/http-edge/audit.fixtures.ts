import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '#libs/testing/until.ts'
import { type LoggedIn, PASSWORD, type Platform } from './platform.fixtures.ts'

type Entry = {
  readonly id: string
  readonly kind: string
  readonly actor: string
  readonly actorHandle: string | null
  readonly target: { readonly id: string; readonly handle: string | null } | null
  readonly details: Readonly<Record<string, unknown>>
}
type Page = { readonly entries: readonly Entry[]; readonly next: string | null }

/** What staff read of what was done, and everybody of their own account. */
export const testAudit = (platform: () => Platform): void => {
  const logIn = async (handle: string) => {
    const { body } = await platform().call<LoggedIn>('POST', '/v1/sessions', { body: { handle, password: PASSWORD } })
    return { id: body.account.id, token: body.accessToken }
  }
  const audit = (token: string, body: object = {}, query = '') =>
    platform().call<Page>('POST', `/v1/administration/audit/search${query}`, { token, body })
  const takeAway = (token: string, body: object = {}) =>
    platform().call('POST', '/v1/administration/audit/export', { token, body })

  /** What the audit has of a kind that somebody did. */
  const detailsOf = async ({ id, token }: { readonly id: string; readonly token: string }, kind: string) => {
    const { entries } = (await audit(token, { kind, actor: id })).body
    return entries.map((entry) => entry.details)
  }

  test('the audit says who did what to whom and why, a page at a time, to those who may see it', async () => {
    const member = await platform().register('audited_one')
    const admin = await logIn('admin')
    const suspension = `/v1/administration/accounts/${member.id}/suspension`
    const suspended = await platform().call('PUT', suspension, {
      token: admin.token,
      body: { reason: 'Too much spam' },
    })
    const position = suspended.headers.get('position')
    const restored = await platform().call('DELETE', suspension, {
      token: admin.token,
      body: { reason: 'a mistake' },
    })

    const about = { target: member.id }
    const why = await audit(admin.token, { ...about, why: 'SPAM' }, `?min-position=${position}`)
    assert.equal(why.status, 200, JSON.stringify(why.body))
    const [entry, ...more] = why.body.entries
    assert.deepEqual(more, [])
    assert.deepEqual(
      [entry?.kind, entry?.actor, entry?.actorHandle, entry?.target, entry?.details.reason],
      ['account.account_suspended', admin.id, 'admin', { id: member.id, handle: 'audited_one' }, 'Too much spam'],
    )
    const whole = await audit(admin.token, about, `?min-position=${restored.headers.get('position')}`)
    const kinds = whole.body.entries.map(({ kind }) => kind)
    assert.ok(kinds.includes('account.session_opened') && kinds.includes('account.account_opened'))
    const [first] = (await audit(admin.token, { ...about, limit: 1 })).body.entries
    assert.equal(first?.id, whole.body.entries[0]?.id)
    const { next } = (await audit(admin.token, { ...about, limit: 1 })).body
    const second = await audit(admin.token, { ...about, limit: 1, before: next })
    assert.equal(second.body.entries[0]?.id, whole.body.entries[1]?.id)

    const exported = await takeAway(admin.token, about)
    assert.equal(exported.headers.get('content-type'), 'application/x-ndjson')
    const lines = String(exported.body.text).trim().split('\n')
    assert.deepEqual(lines.map((line) => JSON.parse(line).kind).slice(-kinds.length), kinds)

    const refused = await audit(member.token)
    assert.equal(refused.status, 401, 'who was suspended is logged out')
    const again = await logIn('audited_one')
    assert.equal((await audit(again.token)).status, 403)
    assert.equal((await takeAway(again.token)).status, 403)
  })

  test('that the audit was read or taken away stands in it, with what was asked for', async () => {
    const reader = await logIn('admin')
    const asked = { target: '4711', why: 'hush', address: '192.0.2.7' }
    assert.equal((await audit(reader.token, asked)).status, 200)
    assert.equal((await takeAway(reader.token, { channel: '4712' })).status, 200)
    const details = () => detailsOf(reader, 'account.audit_read')
    const has = (found: Awaited<ReturnType<typeof details>>, ...wanted: readonly [string, unknown][]) =>
      found.some((entry) => wanted.every(([name, value]) => entry[name] === value))
    await until(async () => has(await details(), ['exported', true], ['channel', '4712']))
    const found = await details()
    assert.ok(has(found, ['exported', false], ['target', '4711'], ['why', 'hush'], ['byAddress', true]))
    assert.ok(!JSON.stringify(found).includes('192.0.2.7'))
    const before = await logIn('audited_one')
    assert.equal((await audit(before.token)).status, 403)
    assert.ok(!(await details()).some(({ accountId }) => accountId === before.id), 'who may not has read nothing')
  })

  test('whom staff looked for, whom they were shown, and whose sessions, stands in it before they see anything', async () => {
    const member = await platform().register('looked_at')
    const staff = await logIn('admin')
    const body = { handle: 'looked_', email: 'who@example.org', address: '192.0.2.9' }
    for (const asked of [{ handle: 'Looked_' }, body])
      await platform().call('POST', '/v1/administration/accounts/search', { token: staff.token, body: asked })
    const sessions = await platform().call('GET', `/v1/administration/accounts/${member.id}/sessions`, staff)
    assert.equal(sessions.status, 200)
    await until(async () => (await detailsOf(staff, 'account.account_read')).length > 0)
    const searches = await detailsOf(staff, 'account.accounts_searched')
    const told = searches.map(({ handle, byEmail, byAddress, found }) => [handle, byEmail, byAddress, found])
    assert.deepEqual(told.slice(0, 2), [
      ['looked_', true, true, []],
      ['Looked_', false, false, [member.id]],
    ])
    assert.doesNotMatch(JSON.stringify(searches), /example\.org|192\.0\.2/)
    const { body: own } = await platform().call('GET', '/v1/accounts/me/activity', member)
    const [latest] = own.entries as readonly { readonly kind: string; readonly by: string; readonly details: object }[]
    assert.deepEqual(
      [latest?.kind, latest?.by, latest?.details],
      ['account.account_read', 'staff', { what: 'sessions' }],
    )
  })

  test('that invitations were made and banned addresses looked at stands in it', async () => {
    const staff = await logIn('admin')
    const invited = await platform().call('POST', '/v1/invitations', { token: staff.token })
    assert.equal(invited.status, 201)
    const listed = await platform().call('GET', '/v1/administration/address-bans', staff)
    assert.equal(listed.status, 200)
    await until(async () => (await detailsOf(staff, 'account.platform_read')).length > 0)
    const [made] = await detailsOf(staff, 'account.invitation_made')
    assert.equal(new Date(Number(made?.until)).toISOString(), invited.body.expiresAt)
  })

  test('what somebody tried who may not stands in it, in steps', async () => {
    const member = await platform().register('climber')
    const staff = await logIn('admin')
    for (let turn = 0; turn < 5; turn++)
      assert.equal((await platform().call('GET', '/v1/administration/address-bans', member)).status, 403)
    const told = async () => (await audit(staff.token, { kind: 'account.access_refused', target: member.id })).body
    await until(async () => (await told()).entries.length > 0)
    const { entries } = await told()
    assert.equal(entries.length, 1)
    const [{ actor, details } = {}] = entries
    assert.deepEqual([actor, details?.operation, details?.code], ['system', 'listAddressBans', 'http.forbidden'])
  })

  test('that wrong passwords were tried its owner sees in their activity', async () => {
    const member = await platform().register('guessed_at')
    const body = { handle: 'guessed_at', password: 'not the password' }
    assert.equal((await platform().call('POST', '/v1/sessions', { body })).status, 401)
    await until(async () => {
      const { body: own } = await platform().call('GET', '/v1/accounts/me/activity', member)
      const [latest] = own.entries as readonly {
        readonly kind: string
        readonly by: string
        readonly details: object
      }[]
      return (
        JSON.stringify([latest?.kind, latest?.by, latest?.details]) ===
        JSON.stringify(['account.logins_failed', 'platform', { attempts: 1 }])
      )
    })
  })

  test('everybody sees what happened to their own account, and not who of staff it was', async () => {
    const member = await logIn('audited_one')
    const { status, body } = await platform().call<{
      readonly entries: readonly { readonly kind: string; readonly by: string; readonly asYou: boolean }[]
      readonly next: string | null
    }>('GET', '/v1/accounts/me/activity', member)
    assert.equal(status, 200)
    const told = body.entries.map(({ kind, by }) => `${kind} ${by}`)
    assert.ok(
      told.includes('account.account_suspended staff') && told.includes('account.session_opened you'),
      told.join(),
    )
    assert.ok(told.includes('account.account_opened platform'))
    assert.ok(body.entries.every(({ asYou }) => !asYou))
    const { id } = await logIn('admin')
    assert.ok(!JSON.stringify(body).includes(`"${id}"`))
  })
}
