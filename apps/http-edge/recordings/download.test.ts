import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { before, type TestContext, test } from 'node:test'
import { uuidv7 } from '#libs/journal/ids.ts'
import { createMemoryObjects } from '#libs/journal/objects/memory.ts'
import type { ByteRange } from '#libs/journal/objects.ts'
import type { PackagerEvent } from '#libs/media/packager.ts'
import { placed } from '#libs/media/recording/timeline.ts'
import { decode, decodeAt } from '#libs/testing/decoded.ts'
import { encode } from '#libs/testing/encoded.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { storeRecorded } from '#libs/testing/recorded.ts'
import { createRefusal } from '../media/refusal.ts'
import { serveRecordings } from './serve.ts'

let ffmpeg: string
let events: readonly PackagerEvent[]
before(async () => {
  ffmpeg = await ffmpegForTests()
  events = await encode({ ffmpeg, seconds: 7 })
})

const folder = 'media/1/vods/b/'

/** A recording that is served over HTTP, of two sessions; and what is read of the object store. */
const serving = async (t: TestContext) => {
  const objects = createMemoryObjects()
  const pieces = [
    ...(await storeRecorded(objects, folder, events)),
    ...(await storeRecorded(objects, folder, await encode({ ffmpeg, seconds: 2, size: '160x90' }))),
  ]
  const id = uuidv7()
  const reads: { readonly name: string; readonly range: ByteRange | undefined }[] = []
  const application = serveRecordings(
    {
      library: {
        find: async () => ({ id, folder, audience: 'everybody', isFinished: true }),
        pieces: async () => placed(pieces),
      },
      tokens: { isGood: () => false },
      objects: {
        get: (name, range) => {
          reads.push({ name, range })
          return objects.get(name, range)
        },
      },
      refuse: createRefusal({ warn: () => {}, error: () => {} }),
    },
    (_request, response) => response.writeHead(404).end(),
  )
  const server = createServer(application).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/media/vods/${id}/download.mp4`
  const get = async (headers: Record<string, string> = {}, method = 'GET') => {
    const response = await fetch(url, { method, headers })
    return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
  }
  return { url, get, reads }
}

test('a download that was cut goes on where it was, piece by piece, to the same file', async (t) => {
  const { get, url } = await serving(t)
  const whole = await get()
  assert.equal(whole.status, 200)
  assert.equal(whole.headers.get('accept-ranges'), 'bytes')
  const tag = whole.headers.get('etag') ?? assert.fail('a tag')
  assert.match(tag, /^"[\w-]{27}"$/)
  assert.deepEqual(await decode(ffmpeg, whole.bytes), await decodeAt(ffmpeg, url))
  const parts: Buffer[] = []
  const step = 40_000
  for (let from = 0; from < whole.bytes.length; from += step) {
    const part = await get({ range: `bytes=${from}-${from + step - 1}`, 'if-range': tag })
    assert.equal(part.status, 206)
    const to = Math.min(from + step, whole.bytes.length)
    assert.equal(part.headers.get('content-range'), `bytes ${from}-${to - 1}/${whole.bytes.length}`)
    assert.equal(part.headers.get('etag'), tag)
    parts.push(part.bytes)
  }
  assert.ok(Buffer.concat(parts).equals(whole.bytes))
  const rest = await get({ range: 'bytes=-100' })
  assert.ok(rest.bytes.equals(whole.bytes.subarray(-100)))
})

test('what is no name of an object is not there, whatever it would lead to', async (t) => {
  const { url } = await serving(t)
  const { hostname, port, pathname } = new URL(url)
  const folder = pathname.slice(0, pathname.lastIndexOf('/'))
  for (const file of ['../x/index.mp4', '.././x.jpg', '..', '.mp4', '%2e%2e/x.mp4', 'a/b/c.mp4', 'constructor']) {
    // By hand: a client would resolve the dots.
    const [response] = await once(get({ hostname, port, path: `${folder}/${file}` }), 'response')
    assert.equal(response.statusCode, 404, file)
    response.resume()
  }
})

test('a range of another file than the one that was begun is answered with all of it', async (t) => {
  const { get } = await serving(t)
  const { status, bytes } = await get({ range: 'bytes=0-9', 'if-range': '"another"' })
  assert.equal(status, 200)
  assert.ok(bytes.length > 10)
})

test('what lies beyond the end is refused, with how much there is', async (t) => {
  const { get } = await serving(t)
  const { headers } = await get({}, 'HEAD')
  const { status, headers: told, bytes } = await get({ range: 'bytes=999999999-' })
  assert.equal(status, 416)
  assert.equal(told.get('content-range'), `bytes */${headers.get('content-length')}`)
  assert.equal(JSON.parse(bytes.toString()).code, 'playback.out_of_range')
})

test('HEAD tells of all of the file, whatever range it names', async (t) => {
  const { get } = await serving(t)
  const { status, headers, bytes } = await get({ range: 'bytes=0-9' }, 'HEAD')
  assert.equal(status, 200)
  assert.ok(Number(headers.get('content-length')) > 10)
  assert.equal(bytes.length, 0)
})

test('who seeks reads what is asked for, once the tables are made, and no more', async (t) => {
  const { get, reads } = await serving(t)
  const size = Number((await get({}, 'HEAD')).headers.get('content-length'))
  reads.length = 0
  const { bytes } = await get({ range: `bytes=${size - 1_000}-${size - 501}` })
  assert.equal(bytes.length, 500)
  assert.equal(reads.length, 1)
  const [{ range } = {}] = reads
  assert.equal((range?.to ?? 0) - (range?.from ?? 0), 500)
})
