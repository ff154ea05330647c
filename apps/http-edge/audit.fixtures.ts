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
  const audit = (token: string, query: string) =>
    platform().call<Page>('GET', `/v1/administration/audit?${query}`, { token })

  test('the audit says who did what to whom and why, a page at a time, to those who may see it', async () => {
    const member = await platform().register('audited_one')
    const admin = await logIn('admin')
    const suspension = `/v1/administration/accounts/${member.id}/suspension`
    const suspended = await platform().call('PUT', suspension, {
      token: admin.token,
      body: { reason: 'Too much spam' },
    })
    const position = suspended.headers.get('position')
    await platform().call('DELETE', suspension, { token: admin.token, body: { reason: 'a mistake' } })

    const about = `target=${member.id}&min-position=${position}`
    const why = await audit(admin.token, `${about}&why=SPAM`)
    assert.equal(why.status, 200, JSON.stringify(why.body))
    const [entry, ...more] = why.body.entries
    assert.deepEqual(more, [])
    assert.deepEqual(
      [entry?.kind, entry?.actor, entry?.actorHandle, entry?.target, entry?.details.reason],
      ['account.account_suspended', admin.id, 'admin', { id: member.id, handle: 'audited_one' }, 'Too much spam'],
    )
    const whole = await audit(admin.token, about)
    const kinds = whole.body.entries.map(({ kind }) => kind)
    assert.ok(kinds.includes('account.session_opened') && kinds.includes('account.account_opened'))
    const [first] = (await audit(admin.token, `${about}&limit=1`)).body.entries
    assert.equal(first?.id, whole.body.entries[0]?.id)
    const { next } = (await audit(admin.token, `${about}&limit=1`)).body
    const second = await audit(admin.token, `${about}&limit=1&before=${next}`)
    assert.equal(second.body.entries[0]?.id, whole.body.entries[1]?.id)

    const exported = await platform().call('GET', `/v1/administration/audit/export?target=${member.id}`, admin)
    assert.equal(exported.headers.get('content-type'), 'application/x-ndjson')
    const lines = String(exported.body.text).trim().split('\n')
    assert.deepEqual(lines.map((line) => JSON.parse(line).kind).slice(-kinds.length), kinds)

    const refused = await audit(member.token, '')
    assert.equal(refused.status, 401, 'who was suspended is logged out')
    const again = await logIn('audited_one')
    assert.equal((await audit(again.token, '')).status, 403)
    assert.equal((await platform().call('GET', '/v1/administration/audit/export', again)).status, 403)
  })

  test('that the audit was read or taken away stands in it, with what was asked for', async () => {
    const reader = await logIn('admin')
    const asked = '?target=4711&why=hush&address=192.0.2.7'
    assert.equal((await platform().call('GET', `/v1/administration/audit${asked}`, reader)).status, 200)
    assert.equal((await platform().call('GET', '/v1/administration/audit/export?channel=4712', reader)).status, 200)
    const details = async () => {
      const { entries } = (await audit(reader.token, `kind=account.audit_read&actor=${reader.id}`)).body
      return entries.map((entry) => entry.details)
    }
    const has = (found: Awaited<ReturnType<typeof details>>, ...wanted: readonly [string, unknown][]) =>
      found.some((entry) => wanted.every(([name, value]) => entry[name] === value))
    await until(async () => has(await details(), ['exported', true], ['channel', '4712']))
    const found = await details()
    assert.ok(has(found, ['exported', false], ['target', '4711'], ['why', 'hush'], ['byAddress', true]))
    assert.ok(!JSON.stringify(found).includes('192.0.2.7'))
    const before = await logIn('audited_one')
    assert.equal((await audit(before.token, '')).status, 403)
    assert.ok(!(await details()).some(({ accountId }) => accountId === before.id), 'who may not has read nothing')
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
