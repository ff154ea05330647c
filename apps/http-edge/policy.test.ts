import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Answer, type Platform, startPlatform } from './platform.fixtures.ts'

const told = ({ status, body }: Answer<object>): string => ('code' in body ? `${status} ${body.code}` : String(status))

type Person = Awaited<ReturnType<Platform['register']>>
type Log = { readonly entries: readonly Readonly<Record<string, unknown>>[] }
type Refusal = {
  readonly context?: Readonly<Record<string, unknown>>
  readonly violations?: readonly { readonly at: string }[]
}

const policyOf = (...rules: readonly Readonly<Record<string, unknown>>[]) => ({ format: 1, rules })
const blocks = (id: string, term: string, rest: object = {}) => ({ id, kind: 'terms', terms: [term], ...rest })

describe('the policy of a channel on real engines', () => {
  const cleaners: (() => unknown)[] = []
  let platform: Platform
  let bob: Person
  let eve: Person
  let path: string

  before(async () => {
    platform = await startPlatform({ after: (clean) => cleaners.unshift(clean as () => unknown) })
    bob = await platform.register('bob')
    eve = await platform.register('eve')
    path = `/v1/channels/${bob.id}`
    const opened = await platform.call('POST', '/v1/channels', { token: bob.token, body: {} })
    assert.equal(opened.status, 201)
    await platform.call('GET', `${path}?min-position=${opened.body.position}`)
  })
  after(async () => {
    for (const clean of cleaners) await clean()
  })

  const post = (person: Person, text: string) =>
    platform.call<Refusal & Readonly<Record<string, string>>>('POST', `${path}/messages`, {
      token: person.token,
      body: { text },
    })

  test('a policy is tried over the past before it is set', async () => {
    const sent = [await post(eve, 'buy my grifter coins'), await post(eve, 'hello'), await post(bob, 'hello')]
    assert.deepEqual(sent.map(told), ['201', '201', '201'])
    const deleted = await platform.call('DELETE', `${path}/messages/${sent[0]?.body.commandId}`, { token: bob.token })
    assert.equal(deleted.status, 200)
    const body = { policy: policyOf(blocks('grifters', 'grifter')), since: new Date(Date.now() - 60_000).toISOString() }
    const trial = `${path}/policy/trials?min-position=${deleted.body.position}`
    const tried = await platform.call('POST', trial, { token: bob.token, body })
    assert.equal(tried.status, 200, JSON.stringify(tried.body))
    assert.equal(tried.body.messages, 3)
    assert.deepEqual(tried.body.confusion, { truePositive: 1, falsePositive: 0, falseNegative: 0, trueNegative: 2 })
    assert.deepEqual([tried.body.precision, tried.body.recall], [1, 1])
    assert.equal(told(await platform.call('POST', trial, { token: eve.token, body })), '403 channel.forbidden')
  })

  test('it is set, versioned and shown to moderators; what is wrong with one is told, and where', async () => {
    const wrong = { token: bob.token, body: { policy: policyOf({ id: 'p', kind: 'patterns', patterns: ['('] }) } }
    const refused = await platform.call<Refusal>('PUT', `${path}/policy`, wrong)
    assert.equal(told(refused), '422 channel.policy_invalid')
    assert.equal(refused.body.violations?.[0]?.at, 'body/policy/rules/0/patterns/0')
    const policy = policyOf(
      blocks('bad', 'bad'),
      blocks('maybe', 'maybe', { verdict: 'hold' }),
      blocks('worse', 'worse', { verdict: 'time_out', timeoutMs: 60_000 }),
    )
    const set = await platform.call('PUT', `${path}/policy`, { token: bob.token, body: { policy, reason: 'raid' } })
    assert.equal(set.status, 200, JSON.stringify(set.body))
    const shown = await platform.call('GET', `${path}/policy?min-position=${set.body.position}`, { token: bob.token })
    assert.deepEqual([shown.status, shown.body.version, shown.body.setBy], [200, 1, bob.id])
    assert.equal(told(await platform.call('GET', `${path}/policy`, { token: eve.token })), '403 channel.forbidden')
    const again = await platform.call('PUT', `${path}/policy`, { token: bob.token, body: { policy } })
    assert.equal(told(again), '409 channel.policy_unchanged')
  })

  test('the author is told by what kind of rule, and the moderators by which', async () => {
    const bad = await post(eve, 'so bad')
    assert.equal(told(bad), '422 channel.filtered')
    assert.deepEqual(bad.body.context, { kind: 'terms' })
    const worse = await post(eve, 'even worse')
    assert.equal(told(worse), '422 channel.filtered')
    assert.deepEqual(worse.body.context, { kind: 'terms', remainingMs: 60_000 })
    assert.equal(worse.headers.get('retry-after'), '60')
    assert.equal(told(await post(eve, 'hi')), '403 channel.timed_out')
    const lifted = await platform.call('DELETE', `${path}/timeouts/${eve.id}`, { token: bob.token })
    const log = await platform.call<Log>('GET', `${path}/moderation-log?min-position=${lifted.body.position}`, {
      token: bob.token,
    })
    const byRule = log.body.entries.find(({ actorId }) => actorId === '0')
    assert.deepEqual(
      [byRule?.action, byRule?.memberId, byRule?.rule, byRule?.cause],
      ['time_out_member', eve.id, 'worse', 'time_out'],
    )
  })

  test('it is taken away again, unless it has changed meanwhile', async () => {
    const stale = { token: bob.token, headers: { 'if-match': '"7"' } }
    assert.equal(told(await platform.call('DELETE', `${path}/policy`, stale)), '412 channel.version_conflict')
    const removed = await platform.call('DELETE', `${path}/policy`, { ...stale, headers: { 'if-match': '"1"' } })
    assert.equal(removed.status, 200)
    assert.equal(told(await post(eve, 'so bad')), '201')
    const shown = await platform.call('GET', `${path}/policy?min-position=${removed.body.position}`, {
      token: bob.token,
    })
    assert.deepEqual([shown.body.version, shown.body.policy], [2, null])
  })

  test('a moderator permits links to one member, once or for a while, and the log has it', async () => {
    const links = policyOf({ id: 'links', kind: 'links', listed: 'permitted' })
    await platform.call('PUT', `${path}/policy`, { token: bob.token, body: { policy: links } })
    const link = 'see https://example.org'
    const act = (body: object, person = bob) =>
      platform.call('POST', `${path}/acts`, { token: person.token, body: { member: eve.id, ...body } })
    const permit = { kind: 'mark', mark: 'link_permit', durationMs: 600_000 }
    assert.equal(told(await act(permit, eve)), '403 channel.forbidden')
    assert.equal(told(await act({ ...permit, durationMs: undefined })), '422 channel.duration_out_of_range')
    assert.equal(told(await post(eve, link)), '422 channel.filtered')
    assert.equal(told(await act({ ...permit, value: 1, reason: 'their own song' })), '200')
    const once = await post(eve, link)
    assert.deepEqual([told(once), told(await post(eve, link))], ['201', '422 channel.filtered'])
    const shown = async (what: string, position: unknown) =>
      (await platform.call(`GET`, `${path}/${what}&min-position=${position}`, { token: bob.token })).body
    const marks = `marks?member=${eve.id}&mark=link_permit`
    assert.deepEqual((await shown(marks, once.body.position)).marks, [])
    const { entries } = (await shown(`moderation-log?member=${eve.id}`, once.body.position)) as unknown as Log
    assert.deepEqual(
      entries
        .slice(0, 2)
        .map(({ action, actorId, mark, messageId, reason }) => [action, actorId, mark, messageId, reason]),
      [
        ['use_permit', eve.id, 'link_permit', once.body.commandId, null],
        ['mark_member', bob.id, 'link_permit', null, 'their own song'],
      ],
    )
    const given = await act(permit)
    assert.deepEqual([told(await post(eve, link)), told(await post(eve, link))], ['201', '201'])
    const [mark] = (await shown(marks, given.body.position)).marks as unknown as readonly Readonly<
      Record<string, unknown>
    >[]
    assert.deepEqual([mark?.value, mark?.actorId], [null, bob.id])
    assert.equal(told(await act({ kind: 'unmark', mark: 'link_permit' })), '200')
    assert.equal(told(await post(eve, link)), '422 channel.filtered')
  })

  test('a plain list of words is taken into the policy, and nothing else of it changes', async () => {
    let behind = ''
    const list = (name: string, body: object, person = bob, headers = {}) =>
      platform.call('POST', `${path}/policy/lists/${name}/imports${behind}`, {
        token: person.token,
        headers,
        body: { format: 'lines', ...body },
      })
    const before = await platform.call('GET', `${path}/policy`, { token: bob.token })
    const content = 'grumble\n!!\nfie upon you\n'
    const counts = {
      added: 2,
      removed: 0,
      words: 2,
      malformed: [{ line: 2, problem: 'no_letters' }],
      malformedCount: 1,
    }
    const version = Number(before.body.version)
    assert.equal(told(await list('en', { content }, eve)), '403 channel.forbidden')
    assert.equal(told(await list('en', { content: '!!\n' })), '422 channel.word_list_unfit')
    const each = await list('en', { content: `${'a\n'.repeat(6_000)}b` })
    assert.equal(told(each), '200', 'each once')
    behind = `?min-position=${each.body.position}`
    const many = Array.from({ length: 5_001 }, (_, index) => `w${index}`).join('\n')
    assert.equal(told(await list('en', { content: many })), '422 channel.word_list_unfit')
    assert.equal(told(await list('en', { content }, bob, { 'if-match': '"999"' })), '412 channel.version_conflict')
    const dry = await list('de', { content, dryRun: true })
    assert.deepEqual([dry.status, dry.body.added, dry.body.position], [200, 2, null])
    const taken = await list('de', { content, severity: 3, reason: 'ours' })
    behind = `?min-position=${taken.body.position}`
    assert.deepEqual(taken.body, { ...counts, version: version + 2, position: taken.body.position })
    const refused = await post(eve, 'what a GRUMB1E')
    assert.deepEqual([told(refused), refused.body.context], ['422 channel.filtered', { kind: 'phrases' }])
    const shown = await platform.call<{ policy: { rules: { id: string; lists: unknown }[]; lists: object } }>(
      'GET',
      `${path}/policy?min-position=${taken.body.position}`,
      { token: bob.token },
    )
    const { rules, lists } = shown.body.policy
    assert.deepEqual(lists, { en: ['a', 'b'], de: ['grumble', 'fie upon you'] })
    assert.deepEqual(
      rules.map(({ id }) => id),
      ['links', 'word-lists'],
    )
    const again = await list('de', { content })
    assert.deepEqual(again.body, { ...counts, added: 0, version: version + 2, position: null })
    const csv = { format: 'csv', content: 'term,source\nfie upon you,x\nbother,y\n', how: 'replace' }
    const replaced = await list('de', csv)
    assert.deepEqual([replaced.body.added, replaced.body.removed, replaced.body.words], [1, 1, 2])
    assert.equal(told(await post(eve, 'grumble')), '201')
    assert.equal(told(await post(eve, 'b0ther')), '422 channel.filtered')
  })
})
