import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { claimedPng, picture } from '#libs/images/images.fixtures.ts'
import { openConfiguredObjects } from '#libs/journal/configured-objects.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { until } from '#libs/testing/until.ts'
import { type Answer, PASSWORD, type Platform, startPlatform } from './platform.fixtures.ts'

const told = ({ status, body }: Answer<object>): string => ('code' in body ? `${status} ${body.code}` : String(status))

describe('avatars on real engines', () => {
  const cleaners: (() => unknown)[] = []
  let platform: Platform
  let objects: ObjectStore

  before(async () => {
    platform = await startPlatform({ after: (clean) => cleaners.unshift(clean as () => unknown) })
    objects = await openConfiguredObjects(platform.config)
  })
  after(async () => {
    for (const clean of cleaners) await clean()
  })

  const put = (token: string | undefined, bytes: Buffer, type = 'image/png') =>
    platform.call('PUT', '/v1/accounts/me/avatar', { token, body: bytes, headers: { 'content-type': type } })
  const avatarOf = async (id: string) =>
    (await platform.call<{ readonly avatar: string | null }>('GET', `/v1/accounts/${id}`)).body.avatar
  const names = (id: string) => objects.list(`avatars/${id}/`)

  test('a picture is taken, shown to everybody, and replaced', async () => {
    const { id, token } = await platform.register('pia')
    assert.equal(await avatarOf(id), null)
    assert.equal(told(await put(token, await picture('png'))), '204')
    const first = await avatarOf(id)
    assert.match(first ?? '', new RegExp(`^/v1/avatars/${id}/[0-9a-f]{64}$`))
    const shown = await platform.call('GET', `${first}/128`)
    assert.deepEqual(
      ['content-type', 'cache-control', 'x-content-type-options', 'content-security-policy'].map((name) =>
        shown.headers.get(name),
      ),
      ['image/webp', 'public, max-age=86400, immutable', 'nosniff', "default-src 'none'; frame-ancestors 'none'"],
    )
    assert.ok(Number(shown.headers.get('content-length')) > 20)
    assert.equal(told(await put(token, await picture('webp', 99, 99, { r: 0, g: 0, b: 255 }), 'image/webp')), '204')
    const second = await avatarOf(id)
    assert.notEqual(second, first)
    await until(async () => (await names(id)).length === 3, { what: 'the one before is gone' })
    assert.equal((await platform.call('GET', `${first}/64`)).status, 404)
  })

  test('what is no picture, or none of the size, is refused and leaves nothing', async () => {
    const { id, token } = await platform.register('quin')
    assert.equal(
      told(await put(token, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))),
      '415 image.format_unknown',
    )
    assert.equal(told(await put(token, Buffer.from('{}'), 'application/json')), '415 http.unsupported_media_type')
    assert.equal(told(await put(token, claimedPng(60_000, 60_000))), '413 image.too_large')
    assert.equal(told(await put(token, claimedPng(64, 64))), '422 image.broken')
    assert.equal(told(await put(token, await picture('png', 20, 20))), '422 image.too_small')
    assert.equal(told(await put(token, await picture('png', 1000, 40))), '422 image.shape')
    assert.equal(told(await put(token, Buffer.alloc(4_194_305))), '413 http.body_too_large')
    assert.equal(told(await put(undefined, await picture('png'))), '401 http.unauthenticated')
    assert.deepEqual([await avatarOf(id), await names(id)], [null, []])
  })

  test('nothing but a picture is found by such a name', async () => {
    const { id } = await platform.register('rue')
    const paths = [
      `/v1/avatars/${id}/${'0'.repeat(64)}/64`,
      `/v1/avatars/${id}/..%2F..%2Fsnapshots/64`,
      `/v1/avatars/${id}/${'0'.repeat(64)}/65`,
    ]
    assert.deepEqual(
      await Promise.all(paths.map(async (path) => (await platform.call('GET', path)).status)),
      [404, 400, 400],
    )
  })

  test('it goes when it is taken away, and with its person', async () => {
    const { id, token } = await platform.register('sol')
    await put(token, await picture('png'))
    assert.equal(told(await platform.call('DELETE', '/v1/accounts/me/avatar', { token })), '204')
    assert.equal(await avatarOf(id), null)
    await until(async () => (await names(id)).length === 0, { what: 'it is gone from the store' })
    await put(token, await picture('png'))
    assert.equal((await names(id)).length, 3)
    const erased = await platform.call('DELETE', '/v1/accounts/me', { token, body: { password: PASSWORD } })
    assert.equal(told(erased), '200')
    await until(async () => (await names(id)).length === 0, { what: 'it is gone with its person' })
  })
})
