import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, joinLive, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { startBrowser, visit } from '#apps/web/web.fixtures.ts'
import { movingPicture } from '#libs/images/images.fixtures.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { until } from '#libs/testing/until.ts'

test('an emote goes from its upload to every screen, and stays on old lines', { timeout: 120_000 }, async (t) => {
  const whiply = await startWhole(t)
  const { url, livePort: port } = whiply
  const [olga, vera] = [await register(url, { handle: 'olga' }), await register(url, { handle: 'vera' })]
  const opened = await call(url, 'POST', '/v1/channels', { token: olga.token, body: {} })
  await call(url, 'GET', `/v1/channels/${olga.id}?min-position=${opened.body.position}`)
  const [owner, viewer] = [
    await joinLive(t, { port, channel: olga.id, member: olga }),
    await joinLive(t, { port, channel: olga.id, member: vera }),
  ]

  const upload = await fetch(`${url}/v1/channels/${olga.id}/emotes?name=catJAM`, {
    method: 'POST',
    headers: { authorization: `Bearer ${olga.token}`, 'content-type': 'image/gif' },
    body: new Uint8Array(await movingPicture('gif', 4)),
  })
  assert.equal(upload.status, 201)
  const added = await viewer.next('event', ({ event }) => event.kind === 'emote-added')
  assert.equal(added.event.kind, 'emote-added')
  const { id, ...emote } = added.event.kind === 'emote-added' ? added.event.emote : { id: '' }
  assert.deepEqual(emote, { name: 'catJAM', moving: true, width: 64, tier: null })

  const say = async (socket: typeof viewer, text: string) => {
    const post = uuidv7()
    socket.send({ type: 'post', id: post, channel: olga.id, text })
    const { event } = await viewer.next('event', ({ event }) => event.kind === 'message' && event.id === post)
    assert.equal(event.kind, 'message')
    return event.kind === 'message' ? event : undefined
  }
  const drawn = { kind: 'emote', name: 'catJAM', id }
  assert.deepEqual((await say(viewer, 'look: catJAM:flip'))?.entities, [
    { ...drawn, from: 6, to: 17, modifiers: ['flip'] },
  ])
  assert.deepEqual((await say(viewer, 'catJAM'))?.combo, undefined)
  assert.equal((await say(owner, 'catJAM'))?.combo, 2)

  const act = (body: object) => call(url, 'POST', `/v1/channels/${olga.id}/acts`, { token: olga.token, body })
  assert.equal((await act({ kind: 'set-mode', mode: 'emote_only', value: 1 })).status, 200)
  const refused = uuidv7()
  viewer.send({ type: 'post', id: refused, channel: olga.id, text: 'dogJAM' })
  const outcome = await viewer.next('outcome', (frame) => frame.id === refused)
  assert.deepEqual([outcome.status, outcome.code], ['rejected', 'channel.emote_only'])
  await say(viewer, 'catJAM catJAM')

  const removed = await call(url, 'DELETE', `/v1/channels/${olga.id}/emotes/${id}`, { token: olga.token })
  assert.equal(removed.status, 200)
  await viewer.next('event', ({ event }) => event.kind === 'emote-removed' && event.emote.id === id)

  const browser = await startBrowser(t)
  const { page, complaints } = await visit(browser, `${url}#olga`)
  const pictures = page.locator('.line img.emote')
  await pictures.nth(4).waitFor()
  assert.equal(await pictures.count(), 5)
  const allDrawn = "[...document.querySelectorAll('.line img.emote')].every(({ naturalWidth }) => naturalWidth > 0)"
  await until(async () => await page.evaluate<boolean>(allDrawn), { what: 'all emotes are drawn' })
  assert.equal(await page.locator('img.emote-flip').getAttribute('alt'), 'catJAM')
  assert.deepEqual(await page.locator('.combo').allTextContents(), ['×2'])
  assert.deepEqual(complaints, [])
})
