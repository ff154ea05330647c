import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { call, joinLive, type Member, password, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { startBrowser, visit } from '#apps/web/web.fixtures.ts'
import { notedPng } from '#libs/images/images.fixtures.ts'
import { openConfiguredObjects } from '#libs/journal/configured-objects.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { until } from '#libs/testing/until.ts'

test('pictures go with messages where a channel takes them, until they are deleted', {
  timeout: 120_000,
}, async (t) => {
  const whiply = await startWhole(t)
  const { url, livePort: port } = whiply
  const [olga, vera] = [await register(url, { handle: 'olga' }), await register(url, { handle: 'vera' })]
  const opened = await call(url, 'POST', '/v1/channels', { token: olga.token, body: {} })
  const channel = `/v1/channels/${olga.id}`
  await call(url, 'GET', `${channel}?min-position=${opened.body.position}`)
  const viewer = await joinLive(t, { port, channel: olga.id, member: vera })

  const upload = async ({ token }: Pick<Member, 'token'>) => {
    const response = await fetch(`${url}${channel}/attachments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png' },
      body: new Uint8Array(await notedPng('taken at home')),
    })
    return { status: response.status, body: JSON.parse(await response.text()) }
  }
  const post = async (attachments: readonly string[], { token }: Member = vera, text = 'look') => {
    const id = uuidv7()
    const headers = { 'idempotency-key': id }
    const answer = await call(url, 'POST', `${channel}/messages`, {
      token,
      headers,
      body: { text, attachments },
    })
    return { id, told: answer.body.code ?? answer.status, position: answer.body.position }
  }
  const fetched = async (message: string, picture: string, size = 'thumb', position = '') => {
    const query = position && `?min-position=${position}`
    return fetch(`${url}${channel}/messages/${message}/attachments/${picture}/${size}${query}`)
  }

  assert.equal((await upload(vera)).body.code, 'channel.attachments_off')
  assert.equal((await post(['x'])).told, 'channel.attachments_off')
  const on = { kind: 'set-mode', mode: 'attachments', value: 1 }
  const { position } = (await call(url, 'POST', `${channel}/acts`, { token: olga.token, body: on })).body
  await call(url, 'GET', `${channel}?min-position=${position}`)

  const { status, body: picture } = await upload(vera)
  assert.deepEqual([status, picture.width, picture.height], [201, 64, 64])
  assert.equal((await post([picture.id], olga)).told, 'channel.attachment_unknown', 'it is another’s')
  assert.equal((await post([picture.id, picture.id])).told, 'channel.attachment_unknown')
  assert.equal((await post(Array.from({ length: 5 }, () => picture.id))).told, 'channel.too_many_attachments')

  const first = await post([picture.id])
  assert.equal(first.told, 201)
  const { event } = await viewer.next('event', ({ event }) => event.kind === 'message' && event.id === first.id)
  const shown = event.kind === 'message' ? event.attachments : undefined
  const [{ id } = { id: '' }] = shown ?? []
  assert.deepEqual(shown, [{ id, width: 64, height: 64 }])
  const served = await fetched(first.id, id, 'full', first.position)
  assert.deepEqual([served.status, served.headers.get('content-type')], [200, 'image/webp'])
  const bytes = Buffer.from(await served.arrayBuffer())
  assert.equal((await sharp(bytes).metadata()).width, 64)
  assert.ok(!bytes.includes('taken at home'))
  const history = async (min: string) =>
    (await call(url, 'GET', `${channel}/messages?min-position=${min}`)).body.messages
  assert.deepEqual((await history(first.position))[0].attachments, shown)

  const live = uuidv7()
  const second = (await upload(vera)).body
  viewer.send({ type: 'post', id: live, channel: olga.id, text: 'live', attachments: [second.id] })
  const outcome = await viewer.next('outcome', (frame) => frame.id === live)
  assert.equal(outcome.status, 'accepted', outcome.code)
  const forged = uuidv7()
  const other = second.id.replace(':64x', ':65x')
  viewer.send({ type: 'post', id: forged, channel: olga.id, text: 'live', attachments: [other] })
  assert.equal((await viewer.next('outcome', (frame) => frame.id === forged)).code, 'channel.attachment_unknown')
  const [kept = ''] = second.id.split(':')
  assert.equal((await fetched(first.id, kept)).status, 404, 'of another message')

  const mark = (kind: 'mark' | 'unmark') =>
    call(url, 'POST', `${channel}/acts`, { token: olga.token, body: { kind, member: vera.id, mark: 'low_trust' } })
  await mark('mark')
  const waiting = await post([(await upload(vera)).body.id], vera, '')
  const asModerator = { token: olga.token }
  const heldPath = `${channel}/held-messages?min-position=${waiting.position}`
  const [held] = (await call(url, 'GET', heldPath, asModerator)).body.messages
  assert.deepEqual([held.id, held.text, held.attachments.length], [waiting.id, '', 1])
  const picturePath = `${channel}/held-messages/${held.id}/attachments/${held.attachments[0].id}/thumb`
  const heldPicture = async (token: string, position = waiting.position) =>
    (await fetch(`${url}${picturePath}?min-position=${position}`, { headers: { authorization: `Bearer ${token}` } }))
      .status
  assert.deepEqual([await heldPicture(olga.token), await heldPicture(vera.token)], [200, 403])
  assert.equal((await fetched(held.id, held.attachments[0].id)).status, 404, 'nobody else is shown it')
  const review = { ...asModerator, body: { kind: 'review', message: held.id, approve: true } }
  const approved = await call(url, 'POST', `${channel}/acts`, review)
  assert.equal((await fetched(held.id, held.attachments[0].id, 'thumb', approved.body.position)).status, 200)
  assert.equal(await heldPicture(olga.token, approved.body.position), 404, 'it does not wait any more')
  const wordless = await viewer.next('event', ({ event }) => event.kind === 'message' && event.id === held.id)
  assert.deepEqual(wordless.event.kind === 'message' && wordless.event.text, '')
  await call(url, 'DELETE', `${channel}/messages/${held.id}`, asModerator)
  await mark('unmark')

  const browser = await startBrowser(t)
  const { page, complaints } = await visit(browser, `${url}#olga`)
  const loaded =
    "[...document.querySelectorAll('.line .attachment img')].filter(({ naturalWidth }) => naturalWidth > 0).length"
  await until(async () => (await page.evaluate(loaded)) === 2, { what: 'both pictures are drawn' })
  const [drawn] = await page.locator('.attachment img').all()
  assert.equal(await drawn?.getAttribute('alt'), 'Picture 1 of vera')
  assert.deepEqual(complaints, [])

  const objects = await openConfiguredObjects(whiply.config)
  const pictures = () => objects.list(`attachments/${vera.id}/`)
  assert.equal((await pictures()).length, 4)
  await until(async () => (await objects.list(`uploads/${vera.id}/`)).length === 0, { what: 'none waits' })
  const gone = await call(url, 'DELETE', `${channel}/messages/${first.id}`, { token: olga.token })
  assert.equal(gone.status, 200, gone.text)
  assert.equal((await fetched(first.id, id, 'full', gone.body.position)).status, 404)
  assert.deepEqual((await history(gone.body.position))[0].attachments, [])
  await until(async () => (await pictures()).length === 2, { what: 'its bytes are gone' })
  assert.equal((await fetched(live, kept)).status, 200)

  await upload(vera)
  const erased = await call(url, 'DELETE', '/v1/accounts/me', { token: vera.token, body: { password } })
  assert.equal(erased.status, 200, erased.text)
  await until(async () => [...(await pictures()), ...(await objects.list(`uploads/${vera.id}/`))].length === 0, {
    what: 'all bytes of the erased are gone',
  })
  assert.equal((await fetched(live, kept)).status, 404)
})
