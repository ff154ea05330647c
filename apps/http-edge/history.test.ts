import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { historyRoutes } from '#libs/channel/http/history.ts'
import { type Answer, type Platform, startPlatform } from './platform.fixtures.ts'

const told = ({ status, body }: Answer<object>): string => ('code' in body ? `${status} ${body.code}` : String(status))

type Done = { readonly commandId: string; readonly position: string }
type Message = { readonly id: string; readonly seq: number; readonly text: string | null; readonly deleted: boolean }
type Found = { readonly messages: readonly Message[]; readonly before: number | null }

describe('the history of a channel on real engines', () => {
  const cleaners: (() => unknown)[] = []
  let platform: Platform
  let [owner, viewer, other] = [
    { id: '', token: '' },
    { id: '', token: '' },
    { id: '', token: '' },
  ]
  let position = ''

  const at = (path: string) => `/v1/channels/${owner.id}${path}`
  const say = async (token: string, text: string): Promise<string> => {
    const posted = await platform.call<Done>('POST', at('/messages'), { token, body: { text } })
    assert.equal(told(posted), '201', JSON.stringify(posted.body))
    position = posted.body.position
    return posted.body.commandId
  }
  const search = (query: string, token: string) =>
    platform.call<Found>('GET', `${at('/messages/search')}?${query}&min-position=${position}`, { token })
  const texts = ({ body }: Answer<Found>) => body.messages.map(({ text }) => text)

  before(async () => {
    platform = await startPlatform({ after: (clean) => cleaners.unshift(clean as () => unknown) })
    owner = await platform.register('olga')
    viewer = await platform.register('vera')
    other = await platform.register('otto')
    const opened = await platform.call<Done>('POST', '/v1/channels', { token: owner.token, body: {} })
    position = opened.body.position
  })
  after(async () => {
    for (const clean of cleaners) await clean()
  })

  test('members search their own messages, moderators those of all, what was deleted among them', async () => {
    await say(viewer.token, 'green apples')
    await say(other.token, 'red apples')
    const gone = await say(viewer.token, 'rotten apples https://a.b')
    const deleted = await platform.call<Done>('DELETE', at(`/messages/${gone}`), { token: owner.token })
    position = deleted.body.position
    assert.deepEqual(texts(await search('words=apples', viewer.token)), ['green apples'])
    assert.deepEqual(texts(await search(`words=apples&author=${viewer.id}`, viewer.token)), ['green apples'])
    assert.equal(told(await search(`author=${other.id}`, viewer.token)), '403 channel.forbidden')
    assert.equal(told(await search('deleted=true', viewer.token)), '403 channel.forbidden')
    assert.deepEqual(texts(await search('words=apples', owner.token)), [
      'rotten apples https://a.b',
      'red apples',
      'green apples',
    ])
    const [found] = (await search('deleted=true&has=link', owner.token)).body.messages
    assert.deepEqual([found?.text, found?.deleted], ['rotten apples https://a.b', true])
    const page = await search('part=APPLE&limit=1', owner.token)
    assert.deepEqual([page.body.messages.length, page.body.before], [1, page.body.messages[0]?.seq])
    assert.deepEqual(texts(await search(`part=APPLE&limit=5&before=${page.body.before}`, owner.token)), [
      'red apples',
      'green apples',
    ])
    assert.equal(told(await search('has=nonsense', owner.token)), '400 http.invalid_request')
    const none = await platform.call('GET', '/v1/channels/9000000/messages/search', { token: owner.token })
    assert.equal(told(none), '404 channel.unknown')
  })

  test('a message is shown with what was said around it', async () => {
    const ids: string[] = []
    for (const text of ['one', 'two', 'three', 'four']) ids.push(await say(viewer.token, text))
    const around = (query: string) =>
      platform.call<Found>('GET', `${at(`/messages/${ids[1]}/context`)}?${query}&min-position=${position}`)
    assert.deepEqual(texts(await around('before=1&after=1')), ['one', 'two', 'three'])
    assert.deepEqual(texts(await around('before=0&after=5')), ['two', 'three', 'four'])
    const unknown = await platform.call('GET', at(`/messages/${ids[1]?.replace(/.$/, '0')}x/context`))
    assert.equal(told(unknown), '400 http.invalid_request')
    assert.equal(
      told(await platform.call('GET', at('/messages/0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b/context'))),
      '404 channel.message_unknown',
    )
  })

  test('history is paged by number both ways', async () => {
    const page = async (query: string) =>
      (
        await platform.call<Found & { readonly after: number | null; readonly trimmedBefore: string | null }>(
          'GET',
          `${at('/messages')}?${query}`,
        )
      ).body
    const all = (await page('limit=200')).messages
    const middle = all[3]?.seq ?? 0
    assert.deepEqual(
      (await page(`before=${middle}&limit=2`)).messages.map(({ seq }) => seq),
      all.slice(1, 3).map(({ seq }) => seq),
    )
    const newer = await page(`after=${middle}&limit=2`)
    assert.deepEqual(
      newer.messages.map(({ seq }) => seq),
      all.slice(4, 6).map(({ seq }) => seq),
    )
    assert.deepEqual([newer.after, newer.trimmedBefore], [all[5]?.seq, null])
  })

  test('the broadcaster takes the whole history away, a message a line', async () => {
    const exported = await platform.call<{ readonly text: string }>(
      'GET',
      `${at('/messages/export')}?min-position=${position}`,
      { token: owner.token },
    )
    assert.equal(exported.status, 200)
    assert.equal(exported.headers.get('content-type'), 'application/x-ndjson')
    const lines = exported.body.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Message)
    assert.deepEqual(
      lines.map(({ text }) => text),
      ['green apples', 'red apples', null, 'one', 'two', 'three', 'four'],
    )
    const rest = await platform.call<{ readonly text: string }>('GET', at(`/messages/export?after=${lines[4]?.seq}`), {
      token: owner.token,
    })
    assert.equal(rest.body.text.trimEnd().split('\n').length, 2)
    assert.equal(
      told(await platform.call('GET', at('/messages/export'), { token: viewer.token })),
      '403 channel.forbidden',
    )
  })

  test('the broadcaster sets for how long it is kept', async () => {
    const act = (days: number | null, token = owner.token) =>
      platform.call<Done>('POST', at('/acts'), { token, body: { kind: 'set-retention', days } })
    const kept = async (position: string) =>
      (await platform.call<{ readonly historyDays: number | null }>('GET', `${at('')}?min-position=${position}`)).body
        .historyDays
    const set = await act(30)
    assert.equal(told(set), '200')
    assert.equal(await kept(set.body.position), 30)
    assert.equal(told(await act(30)), '422 channel.nothing_to_change')
    assert.equal(told(await act(4_000)), '422 channel.retention_out_of_range')
    assert.equal(told(await act(1, viewer.token)), '403 channel.forbidden')
  })

  test('every documented answer was seen', () => {
    const here = new Set(historyRoutes.map(({ id }) => id))
    assert.deepEqual(
      platform.unseen().filter((answer) => here.has(answer.split(' ')[0] ?? '')),
      [],
    )
  })
})
