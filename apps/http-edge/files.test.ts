import assert from 'node:assert/strict'
import { request as ask, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import express from 'express'
import { webFiles } from './files.ts'

type Answer = { readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly bytes: Buffer }

/** The page alone, asked as it stands in the request line. */
const serving = async (t: TestContext) => {
  const app = express()
  app.use(webFiles('ws://example.org:8081'))
  app.use((_request, response) => void response.status(404).end('elsewhere'))
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  return (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
    new Promise<Answer>((resolve, reject) => {
      const outgoing = ask({ host: '127.0.0.1', port, path, method, headers, agent: false }, async (response) => {
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) })
      })
      outgoing.once('error', reject)
      outgoing.end()
    })
}

test('files of the page are packed for those who take that, and not sent again to those who have them', async (t) => {
  const get = await serving(t)
  const plain = await get('/')
  assert.deepEqual([plain.status, plain.headers['content-type']], [200, 'text/html; charset=utf-8'])
  assert.match(String(plain.headers['content-security-policy']), /connect-src 'self' ws:\/\/example\.org:8081/)
  assert.equal(plain.headers['content-encoding'], undefined)
  assert.deepEqual((await get('/index.html')).bytes, plain.bytes)
  for (const path of ['/', '/opening.js', '/style.css', '/vendor/hls.js', '/vendor/qr.js', '/watch/session.js']) {
    const whole = await get(path)
    const packed = await get(path, { 'accept-encoding': 'br, gzip' })
    assert.deepEqual([packed.status, packed.headers['content-encoding']], [200, 'gzip'], path)
    assert.deepEqual(gunzipSync(packed.bytes), whole.bytes)
    assert.ok(packed.bytes.length < whole.bytes.length)
    assert.deepEqual(
      [packed.headers.vary, packed.headers['cache-control'], packed.headers.etag],
      ['Accept-Encoding', 'no-cache', whole.headers.etag],
    )
    const again = await get(path, { 'if-none-match': String(whole.headers.etag) })
    assert.deepEqual([again.status, again.bytes.length], [304, 0])
    assert.equal((await get(path, { 'if-none-match': 'W/"another"' })).status, 200)
  }
  for (const refusing of ['gzip;q=0', 'identity', 'br, gzip;q=0.0'])
    assert.equal((await get('/', { 'accept-encoding': refusing })).headers['content-encoding'], undefined, refusing)
  const head = await get('/opening.js', {}, 'HEAD')
  assert.deepEqual([head.status, head.bytes.length], [200, 0])
  assert.ok(Number(head.headers['content-length']) > 0)
})

test('what is no file of the page is left to others', async (t) => {
  const get = await serving(t)
  for (const path of [
    '/elsewhere.js',
    '/watch',
    '/watch/',
    '/.hidden',
    '/../package.json',
    '/watch/../../../../package.json',
    '/%2e%2e/watch.test.ts',
    '/watch/..%2f..%2fpreload.test.js',
    '//example.org/opening.js',
    '/vendor/zod.js',
  ])
    assert.deepEqual([(await get(path)).status, String((await get(path)).bytes)], [404, 'elsewhere'], path)
  assert.equal((await get('/opening.js', {}, 'POST')).status, 404)
})
