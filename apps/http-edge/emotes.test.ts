import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { emoteRoutes } from '#libs/channel/http/emotes.ts'
import { movingPicture, picture } from '#libs/images/images.fixtures.ts'
import { until } from '#libs/testing/until.ts'
import { firstStart } from './first-start.ts'
import { type Answer, type LoggedIn, PASSWORD, type Platform, startPlatform } from './platform.fixtures.ts'

const told = ({ status, body }: Answer<object>): string => ('code' in body ? `${status} ${body.code}` : String(status))

type Emote = {
  readonly id: string
  readonly name: string
  readonly moving: boolean
  readonly width: number
  readonly tier: number | null
  readonly enabled: boolean
}
type Manifest = {
  readonly channel: readonly Emote[]
  readonly platform: readonly Emote[]
  readonly modifiers: readonly string[]
}
type Done = { readonly commandId: string; readonly position: string }
type Message = { readonly text: string; readonly entities: readonly object[]; readonly combo: number | null }

describe('emotes on real engines', () => {
  const cleaners: (() => unknown)[] = []
  let platform: Platform
  let owner: { readonly id: string; readonly token: string }
  let viewer: { readonly id: string; readonly token: string }
  let admin: string

  before(async () => {
    platform = await startPlatform({ after: (clean) => cleaners.unshift(clean as () => unknown) })
    const first = await firstStart(platform.config, new AbortController().signal)
    assert.ok(first)
    const opened = await platform.call<LoggedIn>('POST', '/v1/sessions', {
      body: { handle: first.handle, password: first.password },
    })
    const changed = await platform.call<LoggedIn>('PUT', '/v1/accounts/me/password', {
      token: opened.body.accessToken,
      body: { oldPassword: first.password, newPassword: PASSWORD },
    })
    admin = changed.body.accessToken
    owner = await platform.register('olga')
    viewer = await platform.register('vera')
    const channel = await platform.call<Done>('POST', '/v1/channels', { token: owner.token, body: {} })
    assert.equal(
      told(await platform.call('GET', `/v1/channels/${owner.id}?min-position=${channel.body.position}`)),
      '200',
    )
  })
  after(async () => {
    for (const clean of cleaners) await clean()
  })

  const add = async (token: string, query: string, body: Buffer, path = `/v1/channels/${owner.id}/emotes`) =>
    platform.call<Done>('POST', `${path}?${query}`, { token, body, headers: { 'content-type': 'image/png' } })
  const manifest = async (position?: string, path = `/v1/channels/${owner.id}/emotes`) =>
    platform.call<Manifest>('GET', position === undefined ? path : `${path}?min-position=${position}`)
  const say = async (text: string, token = viewer.token): Promise<Message> => {
    const posted = await platform.call<Done>('POST', `/v1/channels/${owner.id}/messages`, { token, body: { text } })
    assert.equal(told(posted), '201', JSON.stringify(posted.body))
    const page = await platform.call<{ readonly messages: readonly Message[] }>(
      'GET',
      `/v1/channels/${owner.id}/messages?limit=1&min-position=${posted.body.position}`,
    )
    const [message] = page.body.messages
    assert.ok(message)
    return message
  }
  const emoteIn = (from: number, to: number, name: string, id: string, modifiers: readonly string[] = []) => ({
    kind: 'emote',
    from,
    to,
    name,
    id,
    modifiers,
  })

  test('one is added, listed, drawn, renamed, switched off and removed, and an old message goes on showing it', async () => {
    const added = await add(owner.token, 'name=catJAM&reason=by+request', await movingPicture('gif', 3))
    assert.equal(told(added), '201', JSON.stringify(added.body))
    const id = added.body.commandId
    const listed = await manifest(added.body.position)
    const { addedAt: _, addedBy, ...emote } = listed.body.channel[0] as Emote & { addedAt: string; addedBy: string }
    assert.deepEqual(
      [emote, addedBy],
      [{ id, name: 'catJAM', moving: true, width: 64, tier: null, enabled: true }, owner.id],
    )
    assert.ok(listed.body.modifiers.includes('mirror'))

    const message = await say('so catJAM:mirror !')
    assert.deepEqual(message.entities, [emoteIn(3, 16, 'catJAM', id, ['mirror'])])
    const shown = await platform.call('GET', `/v1/emotes/${id}/2x`)
    assert.deepEqual(
      [shown.status, shown.headers.get('content-type'), shown.headers.get('cache-control')],
      [200, 'image/webp', 'public, max-age=31536000, immutable'],
    )

    const etag = listed.headers.get('etag') ?? ''
    const again = await platform.call('GET', `/v1/channels/${owner.id}/emotes`, { headers: { 'if-none-match': etag } })
    assert.equal(again.status, 304)
    const at = `/v1/channels/${owner.id}/emotes/${id}`
    const renamed = await platform.call<Done>('PATCH', at, {
      token: owner.token,
      body: { name: 'dogJAM', tier: 2, enabled: false, reason: 'not now' },
    })
    assert.equal(told(renamed), '200')
    const later = await manifest(renamed.body.position)
    assert.notEqual(later.headers.get('etag'), etag)
    assert.deepEqual(
      later.body.channel.map(({ name, tier, enabled }) => [name, tier, enabled]),
      [['dogJAM', 2, false]],
    )
    assert.deepEqual((await say('no catJAM nor dogJAM')).entities, [])
    const tooLong = 'x'.repeat(513)
    for (const [method, path, body] of [
      ['PATCH', at, { enabled: true, reason: tooLong }],
      ['DELETE', `${at}?reason=${tooLong}`, undefined],
    ] as const)
      assert.equal(told(await platform.call(method, path, { token: owner.token, body })), '422 channel.text_too_long')
    const removed = await platform.call<Done>('DELETE', `${at}?reason=stolen`, { token: owner.token })
    assert.equal(told(removed), '200')
    const log = await platform.call<{ readonly entries: readonly Readonly<Record<string, string>>[] }>(
      'GET',
      `/v1/channels/${owner.id}/moderation-log?min-position=${removed.body.position}`,
      { token: owner.token },
    )
    assert.deepEqual(
      log.body.entries.map(({ action, label, reason, actorId }) => [action, label, reason, actorId]),
      [
        ['remove_emote', 'dogJAM', 'stolen', owner.id],
        ['change_emote', 'dogJAM', 'not now', owner.id],
        ['add_emote', 'catJAM', 'by request', owner.id],
      ],
    )
    assert.deepEqual((await manifest(removed.body.position)).body.channel, [])
    assert.equal((await platform.call('GET', `/v1/emotes/${id}/1x-still`)).status, 200)
    assert.equal(told(await platform.call('DELETE', at, { token: owner.token })), '404 channel.emote_unknown')
  })

  test('a picture that does not move is its own still', async () => {
    const added = await add(owner.token, 'name=still', await picture('png'))
    await manifest(added.body.position)
    const sizes = await Promise.all(
      ['1x', '1x-still'].map(async (size) => {
        const { headers } = await platform.call('GET', `/v1/emotes/${added.body.commandId}/${size}`)
        return headers.get('content-length')
      }),
    )
    assert.equal(sizes[0], sizes[1])
  })

  test('they are added by those alone who look after them, before anything is read', async () => {
    const png = await picture('png')
    assert.equal(told(await add(viewer.token, 'name=mine', Buffer.from('no picture'))), '403 channel.forbidden')
    assert.equal(told(await add(owner.token, 'name=1', png)), '422 channel.emote_name_invalid')
    assert.equal(told(await add(owner.token, 'name=STILL', png)), '409 channel.emote_name_taken')
    assert.equal(told(await add(owner.token, 'name=odd', Buffer.from('GIF89a'))), '422 image.broken')
    assert.equal(told(await add(owner.token, 'name=odd', png, '/v1/channels/9000000/emotes')), '404 channel.unknown')
    assert.equal(told(await add(owner.token, 'name=odd', png, '/v1/emotes')), '403 http.forbidden')
  })

  test('those of the platform are for every channel, and their names are taken', async () => {
    const added = await add(admin, 'name=Kappa', await picture('png'), '/v1/emotes')
    assert.equal(told(added), '201', JSON.stringify(added.body))
    const id = added.body.commandId
    const listed = await manifest(added.body.position)
    assert.deepEqual(
      listed.body.platform.map(({ name }) => name),
      ['Kappa'],
    )
    assert.deepEqual(
      (await manifest(undefined, '/v1/emotes')).body.platform.map(({ name }) => name),
      ['Kappa'],
    )
    await until(async () => (await say('hm Kappa')).entities.length > 0, { what: 'the edge knows it' })
    assert.deepEqual((await say('oh Kappa:slow')).entities, [emoteIn(3, 13, 'Kappa', id, ['slow'])])
    assert.equal(told(await add(owner.token, 'name=KAPPA', await picture('png'))), '409 channel.emote_name_taken')
    const at = `/v1/emotes/${id}`
    assert.equal(
      told(await platform.call('PATCH', at, { token: owner.token, body: { enabled: false } })),
      '403 http.forbidden',
    )
    const off = await platform.call<Done>('PATCH', at, { token: admin, body: { enabled: false } })
    assert.equal(told(off), '200')
    await manifest(off.body.position)
    await until(async () => (await say('hm Kappa')).entities.length === 0, { what: 'the edge knows it no more' })
    assert.equal(told(await platform.call('DELETE', at, { token: admin })), '200')
    const none = await platform.call('GET', '/v1/emotes', { headers: { 'if-none-match': '*' } })
    assert.equal(none.status, 304)
  })

  test('the same emote in a row is counted', async () => {
    const still = (await manifest()).body.channel.find(({ name }) => name === 'still')
    assert.ok(still)
    assert.equal((await say('still')).combo, null)
    assert.equal((await say('still', owner.token)).combo, 2)
    assert.equal((await say('enough')).combo, null)
    assert.equal((await say('still')).combo, null)
  })

  test('every documented answer was seen', () => {
    const here = new Set(emoteRoutes.map(({ id }) => id))
    assert.deepEqual(
      platform.unseen().filter((answer) => here.has(answer.split(' ')[0] ?? '') && !answer.endsWith(' 202')),
      [],
    )
  })
})
