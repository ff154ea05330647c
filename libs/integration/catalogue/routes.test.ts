import assert from 'node:assert/strict'
import { test } from 'node:test'
import { streamsApp } from '../streams/streams.fixtures.ts'

test('the catalogue is a page, or data for who would rather have that', async (t) => {
  const origin = await streamsApp(t)
  const ask = (path: string, accept?: string) =>
    fetch(origin + path, { redirect: 'manual', ...(accept !== undefined && { headers: { accept } }) })
  const page = await ask('/catalogue', 'text/html,*/*;q=0.8')
  assert.deepEqual([page.status, page.headers.get('content-type')], [200, 'text/html; charset=utf-8'])
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  assert.match(await page.text(), /whiply\.public\.chat\.v1/)
  const elsewhere = await ask('/catalogue', 'application/json')
  assert.deepEqual([elsewhere.status, elsewhere.headers.get('location')], [303, '/catalogue.json'])
  const { topics } = (await (await ask('/catalogue.json')).json()) as { readonly topics: readonly { name: string }[] }
  assert.deepEqual(
    topics.map(({ name }) => name),
    ['chat', 'channel'],
  )
  const refused = await ask('/catalogue', 'image/png')
  assert.equal(((await refused.json()) as { readonly code: string }).code, 'http.not_acceptable')
  assert.equal((await ask('/catalogue.css')).headers.get('content-type'), 'text/css; charset=utf-8')
})
