import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createBreaches, PAUSE_MS } from './breaches.ts'
import { refuseBreached } from './refuse-breached.ts'

const known = 'correct horse battery'
const hash = createHash('sha1').update(known).digest('hex').toUpperCase()

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A stand-in of the service, which answers as it is told. */
const setUp = async (t: TestContext, answer: Answer) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers['add-padding']}`)
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const world = { now: 0 }
  const errors: unknown[] = []
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/range`
  const options = { url, onError: (error: unknown) => errors.push(error), timeoutMs: 200, now: () => world.now }
  return { asked, errors, world, breaches: createBreaches(options) }
}

const range = (...lines: readonly string[]): Answer => {
  const other = `${'0'.repeat(35)}:3`
  return (_request, response) => response.end([other, ...lines].join('\r\n'))
}

test('a password that became known is refused; five digits of its hash are all that is sent', async (t) => {
  const { asked, errors, breaches } = await setUp(t, range(`${hash.slice(5)}:7`))
  assert.equal(await breaches.has(known), true)
  assert.deepEqual(asked, [`/range/${hash.slice(0, 5)} true`])
  assert.equal(await breaches.has('another password'), false)
  assert.deepEqual(errors, [])
})

test('one that only pads the answer is not known', async (t) => {
  const { breaches } = await setUp(t, range(`${hash.slice(5)}:0`))
  assert.equal(await breaches.has(known), false)
})

const misbehaviours: Readonly<Record<string, Answer>> = {
  'answers nothing': () => {},
  fails: (_request, response) => response.writeHead(503).end(),
  'hangs up': (request) => request.socket.destroy(),
  'leads elsewhere': (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  'says something else': (_request, response) => response.end('<html>'),
  'says nothing': (_request, response) => response.end(),
  'stops in the middle': (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write(`${hash.slice(5)}:7\r\n`)
  },
  'never ends': (_request, response) => {
    const more = (): void => {
      if (!response.destroyed) response.write(`${'0'.repeat(35)}:3\r\n`.repeat(2_000), () => setImmediate(more))
    }
    more()
  },
}

for (const [name, answer] of Object.entries(misbehaviours))
  test(`a service that ${name} keeps nobody from a password, is told of once, and is left alone for a while`, async (t) => {
    const { asked, errors, world, breaches } = await setUp(t, answer)
    assert.equal(await breaches.has(known), false)
    assert.equal(await breaches.has(known), false)
    assert.equal(asked.length, 1)
    world.now += PAUSE_MS
    assert.equal(await breaches.has(known), false)
    assert.deepEqual([asked.length, errors.length], [2, 1])
    assert.ok(!String(errors).includes(known) && !String(errors).includes(hash))
  })

test('what is weak by itself is told so, and nobody is asked', async () => {
  const asked: string[] = []
  const has = async (password: string) => asked.push(password) > 0
  const strength = { weakness: async (password: string) => (password === 'weak' ? 'guessed soon' : undefined) }
  const both = refuseBreached({ ...strength, close: async () => {} }, { has })
  assert.equal(await both.weakness('weak', []), 'guessed soon')
  assert.match((await both.weakness('strong', [])) ?? '', /became known/)
  assert.deepEqual(asked, ['strong'])
})
