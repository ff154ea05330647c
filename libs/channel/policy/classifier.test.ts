import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { classificationFacts, classificationOf } from './classification.ts'
import { httpClassifier } from './classifier.ts'

const closers: (() => void)[] = []
after(() => {
  for (const close of closers) close()
})

/** A model that behaves as it is told to. */
const modelThat = async (behaves: RequestListener): Promise<string> => {
  const server = createServer(behaves)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/classify`
}

const said = { channel: '42', text: 'hello' }
const answer = { label: 'toxic', score: 0.93, version: 'm-7' }
/** Long enough for a busy machine to answer in. */
const patient = { timeoutMs: 20_000 }

test('the model is asked of the text and its channel, and of nobody’s name', async () => {
  let asked: unknown
  const url = await modelThat(async (request, response) => {
    asked = JSON.parse(await readText(request))
    response.end(JSON.stringify({ ...answer, explanation: 'left out' }))
  })
  assert.deepEqual(await httpClassifier({ url, ...patient })(said), { kind: 'classified', ...answer })
  assert.deepEqual(asked, said)
})

const misbehaving: Readonly<Record<string, RequestListener>> = {
  fails: (_request, response) => void response.writeHead(500).end('{"label":"toxic","score":1,"version":"1"}'),
  'answers garbage': (_request, response) => void response.end('<html>'),
  'answers another thing': (_request, response) => void response.end('{"label":"toxic","score":7,"version":"1"}'),
  'answers without end': (_request, response) => {
    const more = () => void (response.writable && response.write('x'.repeat(8_192), () => setImmediate(more)))
    more()
  },
  'sends elsewhere': (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  'hangs up': (request) => void request.socket.destroy(),
}

for (const [how, behaves] of Object.entries(misbehaving))
  test(`a model that ${how} is unavailable`, async () => {
    assert.deepEqual(await httpClassifier({ url: await modelThat(behaves), ...patient })(said), { kind: 'unavailable' })
  })

test('a model that hangs, or stops in the middle, is given up in time', async () => {
  const hangs = httpClassifier({ url: await modelThat(() => {}), timeoutMs: 20 })
  assert.deepEqual(await hangs(said), { kind: 'unavailable' })
  const stops = httpClassifier({
    url: await modelThat((_request, response) => void response.write('{"la')),
    timeoutMs: 20,
  })
  assert.deepEqual(await stops(said), { kind: 'unavailable' })
})

test('a model that is away is left alone for a while, and then asked again', async () => {
  let asked = 0
  let fails = true
  const url = await modelThat((_request, response) => {
    asked++
    if (fails) response.writeHead(500).end()
    else response.end(JSON.stringify(answer))
  })
  let at = 0
  const classify = httpClassifier({ url, ...patient, failures: 2, restMs: 1_000, now: () => at })
  for (let times = 0; times < 5; times++) assert.equal((await classify(said)).kind, 'unavailable')
  assert.equal(asked, 2)
  at = 1_000
  fails = false
  assert.equal((await classify(said)).kind, 'classified')
})

test('more questions than may be asked at once are not asked', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const url = await modelThat(async (_request, response) => {
    await promise
    response.end(JSON.stringify(answer))
  })
  const classify = httpClassifier({ url, ...patient, concurrency: 1 })
  const first = classify(said)
  assert.equal((await classify(said)).kind, 'unavailable')
  resolve()
  assert.equal((await first).kind, 'classified')
})

test('what was said rides on the command as facts, and is read from them again', () => {
  for (const classification of [undefined, { kind: 'unavailable' }, { kind: 'classified', ...answer }] as const)
    assert.deepEqual(classificationOf(classificationFacts(classification)), classification)
  assert.deepEqual(classificationOf({ classifier: 'answered', classifierScore: 'x' }), { kind: 'unavailable' })
})
