import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, type TestContext, test } from 'node:test'
import { freePort } from '#infra/embedded/engine.ts'
import { ConfigError, printable, readConfig } from '#libs/config/config.ts'
import { tcpProxy } from '#libs/testing/tcp-proxy.ts'
import { until } from '#libs/testing/until.ts'
import { s3Server } from '#libs/testing/versitygw.ts'
import { openConfiguredObjects } from '../../configured-objects.ts'
import { ObjectExists, ObjectStoreError, type ObjectStoreErrorCode } from '../../objects.ts'
import { objectStoreContract } from '../objects.contract.ts'
import { addressOf } from './bucket.ts'
import { openS3Objects, type S3Options } from './open.ts'
import { keyPage, refusalCode } from './xml.ts'

const server = await s3Server({ after })

const quick = { silenceMs: 400, tries: 3, backoffMs: 5 }
const somewhere = (): string => `${randomBytes(6).toString('hex')}/`
const open = (more: Partial<S3Options> = {}) => openS3Objects({ ...server, prefix: somewhere(), ...more })

/** That every call fails with the code, and with nothing of the credentials. */
const failsWith = async (options: Partial<S3Options>, code: ObjectStoreErrorCode): Promise<void> => {
  const store = open({ ...quick, ...options })
  const calls = {
    assertServes: () => store.assertServes(),
    put: () => store.put('a', Buffer.from('x')),
    get: () => store.get('a'),
    list: () => store.list(''),
    remove: () => store.remove('a'),
  }
  for (const [name, call] of Object.entries(calls))
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof ObjectStoreError, name)
      assert.equal(error.code, code, `${name}: ${error.message}`)
      for (const secret of [server.accessKeyId, server.secretAccessKey, 'Signature='])
        assert.ok(!String(error.stack).includes(secret), name)
      return true
    })
}

/** An HTTP server that says what a test says. @returns its address, and how many requests have come */
const standIn = async (t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) => {
  let count = 0
  const http = createServer((request, response) => {
    count++
    request.resume()
    request.on('end', () => answer(request, response))
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  t.after(() => {
    http.close()
    http.closeAllConnections()
  })
  return { endpoint: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, count: () => count }
}

objectStoreContract('S3', async () => open())

test('S3: a list goes on beyond the thousand names of one answer', async () => {
  const store = open()
  const names = Array.from({ length: 1_005 }, (_, index) => `a/${String(index).padStart(4, '0')}`)
  for (let from = 0; from < names.length; from += 67)
    await Promise.all(names.slice(from, from + 67).map((name) => store.put(name, Buffer.alloc(0))))
  assert.deepEqual(await store.list('a/'), names)
})

test('S3: stores of one bucket keep apart, and what is not theirs is in no list', async () => {
  const [one, other] = [open(), open()]
  await one.put('a', Buffer.from('one'))
  await one.assertServes()
  assert.deepEqual(await one.list(''), ['a'])
  assert.deepEqual(await other.list(''), [])
  assert.equal(await other.get('a'), undefined)
})

test('S3: wrong credentials, missing buckets and servers that are away have codes of their own', async () => {
  await failsWith({ secretAccessKey: 'wrong' }, 'object.store_denied')
  await failsWith({ accessKeyId: 'nobody' }, 'object.store_denied')
  await failsWith({ bucket: 'not-there' }, 'object.bucket_missing')
  await failsWith({ endpoint: `http://127.0.0.1:${await freePort()}` }, 'object.store_away')
})

test('S3: a server that takes requests and says nothing is away, and back when it answers', async (t) => {
  const proxy = await tcpProxy(t, () => server.port)
  const options = { ...quick, endpoint: `http://127.0.0.1:${proxy.port}` }
  const store = open(options)
  await store.put('a', Buffer.from('x'))
  proxy.set('hang')
  await failsWith({ ...options, silenceMs: 100, tries: 2 }, 'object.store_away')
  proxy.set('pass')
  assert.deepEqual(await store.get('a'), Buffer.from('x'))
})

test('S3: a write whose answer was lost is written once, and is no conflict with itself', async (t) => {
  const proxy = await tcpProxy(t, () => server.port)
  const prefix = somewhere()
  const store = open({ ...quick, prefix, tries: 5, endpoint: `http://127.0.0.1:${proxy.port}` })
  proxy.set('lose')
  const [first, second] = [store.put('a', Buffer.from('mine')), store.put('b', Buffer.from('mine too'))]
  const direct = openS3Objects({ ...server, prefix: '' })
  await until(async () => (await direct.list(prefix)).length === 2)
  proxy.set('pass')
  await Promise.all([first, second])
  await assert.rejects(store.put('a', Buffer.from('mine')), ObjectExists)
})

test('S3: a store that cannot serve now is asked again, so often and no more', async (t) => {
  let failing = 2
  const passing = await standIn(t, (_request, response) => {
    response.statusCode = failing-- > 0 ? 503 : 200
    response.end('hello')
  })
  assert.deepEqual(await open({ ...quick, endpoint: passing.endpoint }).get('a'), Buffer.from('hello'))
  assert.equal(passing.count(), 3)
  const lasting = await standIn(t, (_request, response) => response.writeHead(503).end())
  await assert.rejects(open({ ...quick, endpoint: lasting.endpoint }).get('a'), { code: 'object.store_away' })
  assert.equal(lasting.count(), quick.tries)
})

test('S3: a conflict of two writers at one moment is tried again', async (t) => {
  let conflicts = 1
  const { endpoint, count } = await standIn(t, ({ method }, response) => {
    if (method === 'GET') response.end("another's")
    else if (conflicts-- > 0) response.writeHead(409).end('<Error><Code>ConditionalRequestConflict</Code></Error>')
    else response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>')
  })
  await assert.rejects(open({ ...quick, endpoint }).put('a', Buffer.from('x')), ObjectExists)
  assert.equal(count(), 3)
})

test('S3: a store that overwrites, or lacks a feature, is refused at the start', async (t) => {
  const careless = await standIn(t, (_request, response) => response.end())
  await assert.rejects(open({ endpoint: careless.endpoint }).assertServes(), /overwrites objects/)
  const lacking = await standIn(t, ({ method }, response) => response.writeHead(method === 'PUT' ? 501 : 200).end())
  await assert.rejects(open({ ...quick, endpoint: lacking.endpoint }).assertServes(), { code: 'object.store_refused' })
  assert.equal(lacking.count(), 2)
  const elsewhere = await standIn(t, (_request, response) =>
    response.writeHead(301, { location: server.endpoint }).end('<Error><Code>PermanentRedirect</Code></Error>'),
  )
  await failsWith({ endpoint: elsewhere.endpoint }, 'object.store_refused')
})

test('S3: no more than the bound is written, or read however it is sent', async (t) => {
  const store = open({ ...quick, maxBytes: 1_000 })
  await assert.rejects(store.put('a', Buffer.alloc(1_001)), { code: 'object.too_large' })
  await store.put('a', Buffer.alloc(1_000))
  const told = await standIn(t, (_request, response) => response.end(Buffer.alloc(1_001)))
  const untold = await standIn(t, (_request, response) => {
    response.write(Buffer.alloc(600))
    response.end(Buffer.alloc(600))
  })
  for (const { endpoint, count } of [told, untold]) {
    await assert.rejects(open({ ...quick, endpoint, maxBytes: 1_000 }).get('a'), { code: 'object.too_large' })
    assert.equal(count(), 1)
  }
})

test('S3: an answer that stops in its middle is asked for again', async (t) => {
  let stuck = true
  const { endpoint } = await standIn(t, (_request, response) => {
    response.writeHead(200, { 'content-length': '5' })
    response.write('he')
    if (!stuck) response.end('llo')
    stuck = false
  })
  assert.deepEqual(await open({ ...quick, endpoint }).get('a'), Buffer.from('hello'))
})

test('S3: the bucket stands in the path or in the name of the host', () => {
  const bucket = { ...server, endpoint: 'https://s3.example:9000', bucket: 'b' }
  const query = { 'list-type': '2' }
  assert.equal(addressOf(bucket, 'k/v=1', {}).href, 'https://s3.example:9000/b/k/v=1')
  assert.equal(addressOf({ ...bucket, pathStyle: false }, '', query).href, 'https://b.s3.example:9000/?list-type=2')
})

test('S3: keys and tokens are read with their entities', () => {
  const page = '<Contents><Key>a&amp;b</Key></Contents><IsTruncated>true</IsTruncated>'
  assert.deepEqual(keyPage(`${page}<NextContinuationToken>&lt;&#65;&#x42;&quot;&odd;</NextContinuationToken>`), {
    keys: ['a&b'],
    next: '<AB"&odd;',
  })
  assert.deepEqual(keyPage('<ListBucketResult/>'), { keys: [], next: undefined })
  assert.equal(refusalCode(Buffer.from('not found')), undefined)
})

const settingsOf = (more: Readonly<Record<string, string>> = {}) =>
  readConfig({
    OBJECT_STORE: `s3://${server.bucket}/of/settings`,
    S3_ENDPOINT: server.endpoint,
    S3_ACCESS_KEY_ID: server.accessKeyId,
    S3_SECRET_ACCESS_KEY: server.secretAccessKey,
    ...more,
  })

test('S3: the settings lead to a bucket and a prefix in it', async () => {
  const store = await openConfiguredObjects(settingsOf())
  await store.put('a', Buffer.from('x'))
  assert.deepEqual(await openS3Objects({ ...server, prefix: 'of/settings/' }).get('a'), Buffer.from('x'))
})

test('S3: what is wrong with the settings is told at the start', async () => {
  await assert.rejects(openConfiguredObjects(settingsOf({ S3_SECRET_ACCESS_KEY: '' })), (error) => {
    assert.ok(error instanceof ConfigError)
    return /S3_SECRET_ACCESS_KEY/.test(error.message)
  })
  const denied = openConfiguredObjects(settingsOf({ S3_SECRET_ACCESS_KEY: 'wrong' }), () => assert.fail('not away'))
  await assert.rejects(denied, { code: 'object.store_denied' })
})

test('S3: who can do without a store for a while opens it all the same', async () => {
  const port = await freePort()
  const config = settingsOf({ S3_ENDPOINT: `http://127.0.0.1:${port}` })
  await assert.rejects(openConfiguredObjects(config), { code: 'object.store_away' })
  const told: ObjectStoreError[] = []
  await openConfiguredObjects(config, (error) => told.push(error))
  assert.deepEqual(
    told.map(({ code }) => code),
    ['object.store_away'],
  )
})

test('S3: what can be no bucket is refused by its setting, and the secret is never printed', () => {
  for (const place of ['s3://', 's3://B', 's3://bucket//a', 's3://bucket/.a', 's3://bucket/a?b'])
    assert.throws(() => settingsOf({ OBJECT_STORE: place }), /OBJECT_STORE must be a folder, or a bucket/, place)
  const config = settingsOf()
  assert.equal(settingsOf({ OBJECT_STORE: `${config.objectStore}/` }).objectStore, config.objectStore)
  assert.ok(!JSON.stringify(printable(config)).includes(server.secretAccessKey))
})
