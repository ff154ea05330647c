import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { until } from '#libs/testing/until.ts'
import { listen } from './listen.ts'
import { plainBefore } from './plain-before.ts'
import { plainConnections } from './plain-connections.ts'
import type { PlainAnswer, PlainAnswers } from './plain-request.ts'

const told = (status: number, body: string): PlainAnswer => ({
  status,
  headers: ['Content-Type', 'text/plain', 'Content-Length', String(Buffer.byteLength(body))],
  body,
})

/** Tells what it was asked; whose token begins with `slow` hears of it a turn later. */
const plain: PlainAnswers = {
  paths: ['/v1/session', '/v1/verify'],
  answer: ({ path, authorization = 'nobody', host, origin, forwardedFor = '', remoteAddress = '' }) => {
    if (path === '/v1/verify') return { status: 204, headers: ['Whiply-Role', 'user'], body: '' }
    const answer = told(
      authorization === 'nobody' ? 401 : 200,
      `Ада ${authorization} ${host} ${origin} ${forwardedFor} ${remoteAddress}`,
    )
    return authorization.startsWith('Bearer slow') ? turn(answer) : answer
  },
}

/** Tells what Node understood. */
const application: RequestListener = (request, response) => {
  const { method, url } = request
  text(request).then(
    (body) => response.end(`${method} ${url} ${body}`),
    () => response.destroy(),
  )
}

const start = async (t: TestContext, handler: RequestListener, options: { readonly plain?: PlainAnswers } = {}) => {
  const server = await listen(handler, { port: 0, host: '127.0.0.1', ...options })
  t.after(() => server.close(0))
  return server
}

/** Answers up to the one with which the connection ends: whether Node writes another behind it differs from tick to tick. */
const untilClose = (answers: string): string => {
  const closes = answers.indexOf('\r\nConnection: close\r\n')
  const next = answers.indexOf('HTTP/1.1 ', closes)
  return closes < 0 || next < 0 ? answers : answers.slice(0, next)
}

/** Sends these pieces one by one, and nothing more. @returns all that is answered, until the server ends it */
const exchange = async (port: number, pieces: readonly string[]): Promise<string> => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'connect')
  for (const piece of pieces) {
    socket.write(piece, 'latin1')
    // Behind the next look at what has arrived, so that pieces come apart.
    await turn()
    await turn()
  }
  socket.end()
  await closed
  return untilClose(Buffer.concat(chunks).toString())
    .replaceAll(/^Date: [^\r]+/gm, 'Date: now')
    .replaceAll(/urn:uuid:[0-9a-f-]+/g, 'urn:uuid')
}

const session = 'GET /v1/session HTTP/1.1\r\n'
const usual = `${session}Host: whiply\r\nAuthorization: Bearer abc\r\n\r\n`

const startBoth = async (t: TestContext, reference: { readonly plain?: PlainAnswers } = {}) => {
  const ours = await start(t, application, { plain })
  const nodes = await start(t, plainBefore(plain, application), reference)
  let counted = 0
  const count = () => void counted++
  subscribe('http.server.request.start', count)
  t.after(() => unsubscribe('http.server.request.start', count))
  const counting = async (port: number, pieces: readonly string[]) => {
    counted = 0
    const answer = await exchange(port, pieces)
    return { answer, requests: counted }
  }
  return {
    /** Asks both, which must answer alike. @returns what they said, and how many requests Node's server saw of it here */
    ask: async (...pieces: readonly string[]) => {
      const expected = await counting(nodes.port, pieces)
      const { answer, requests } = await counting(ours.port, pieces)
      assert.equal(answer, expected.answer, JSON.stringify(pieces))
      return { answer, byNode: requests, byNodeAlone: expected.requests }
    },
  }
}

test('what is usual is answered as Node would, without it', async (t) => {
  const { ask } = await startBoth(t)
  for (const [asked, status] of [
    [usual, 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n'],
    [usual.replace('abc', 'slow'), 'HTTP/1.1 200 OK'],
    [`${session}Host:\r\n\r\n`, 'HTTP/1.1 401 Unauthorized'],
    ['GET /v1/verify HTTP/1.1\r\nhost: a\r\n\r\n', 'HTTP/1.1 204 No Content\r\nWhiply-Role: user\r\nDate: now'],
    [usual.replace('\r\n\r\n', '\r\nconnection: Keep-Alive\r\nX-Forwarded-For: 1.2.3.4, ::1\r\n\r\n'), 'HTTP/1.1 200'],
    [usual.replace('\r\n\r\n', '\r\nUser-Agent:\t\xe4 \r\nCookie: a=b\r\nconstructor: 1\r\n\r\n'), 'HTTP/1.1 200 OK'],
  ] as const) {
    const { answer, byNode } = await ask(asked)
    assert.ok(answer.startsWith(status), answer)
    assert.equal(byNode, 0, asked)
  }
})

/** Each is wrong or unusual, and would be taken differently by somebody. */
const unusual = {
  'a body by its length': `${usual.slice(0, -2)}Content-Length: 5\r\n\r\nhello`,
  'a body of nothing': `${usual.slice(0, -2)}Content-Length: 0\r\n\r\n`,
  'a request in a body': `${usual.slice(0, -2)}Content-Length: ${usual.length}\r\n\r\n${usual}`,
  'chunks that hold a request': `${usual.slice(0, -2)}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n${usual}`,
  'a blank before a colon': `${usual.slice(0, -2)}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  'a value on the next line': `${usual.slice(0, -2)}Content-Length:\r\n 5\r\n\r\nhello`,
  'a line that ends without CR': usual.replace('\r\nAuth', '\nAuth'),
  'a head that ends without CR': `${usual.slice(0, -2)}\n`,
  'a CR alone': usual.replace('abc', 'a\rb'),
  'a zero': usual.replace('abc', 'a\0b'),
  'two hosts': usual.replace('Host', 'Host: other\r\nHost'),
  'no host': usual.replace('Host: whiply\r\n', ''),
  'two tokens': usual.replace('\r\n\r\n', '\r\nAuthorization: Bearer b\r\n\r\n'),
  'a blank behind a token': usual.replace('abc', 'abc '),
  'two origins': usual.replace('\r\n\r\n', '\r\nOrigin: https://a\r\nOrigin: https://b\r\n\r\n'),
  'two forwarded addresses': usual.replace('\r\n\r\n', '\r\nX-Forwarded-For: a\r\nX-Forwarded-For: b\r\n\r\n'),
  'a connection to close': usual.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
  'a connection to close, by another name': usual.replace('\r\n\r\n', '\r\nProxy-Connection: close\r\n\r\n'),
  'a wish to upgrade': usual.replace('\r\n\r\n', '\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
  'an expectation': usual.replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n'),
  'an older version': usual.replace('HTTP/1.1', 'HTTP/1.0'),
  'another path': usual.replace('/v1/session', '/v1/session?a=b'),
  'a whole address': usual.replace('/v1/session', 'http://whiply/v1/session'),
  'another method': usual.replace('GET', 'HEAD'),
  'an empty line before': `\r\n${usual}`,
  'two requests at once': `${usual}${usual.replace('abc', 'slow')}`,
  'a request and a half': `${usual}${usual.slice(0, 40)}`,
  'a post behind it': `${usual}POST /v1/else HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi${usual}`,
  'a long head': usual.replace('abc', 'a'.repeat(4096)),
  'a head too long': usual.replace('abc', 'a'.repeat(20_000)),
  'no request': 'hello\r\n\r\n',
  nothing: '',
}

test('what is unusual is left to Node as a whole', async (t) => {
  const { ask } = await startBoth(t)
  for (const [name, asked] of Object.entries(unusual)) {
    const { byNode, byNodeAlone } = await ask(asked)
    assert.equal(byNode, byNodeAlone, name)
    await ask(usual, asked)
  }
})

test('wherever a request is cut in two, it is answered alike', async (t) => {
  const { ask } = await startBoth(t)
  const both = `${usual.replace('abc', 'slow')}GET /else HTTP/1.1\r\nHost: a\r\n\r\n${usual}`
  for (let at = 0; at <= both.length; at++) await ask(both.slice(0, at), both.slice(at))
})

/** Lines that a head may be made of, right and wrong, and what stands between them. */
const fieldOf = fc.constantFrom(
  ...[
    'Host: a',
    'host:',
    'Authorization: Bearer abc',
    'authorization: Bearer slow',
    'X-Forwarded-For: 1.2.3.4',
    'Origin: https://a',
  ],
  ...[
    'Content-Length: 0',
    'Content-Length: 3',
    'Content-Length: +3',
    'Transfer-Encoding: chunked',
    'Connection: close',
  ],
  ...[
    'Connection: keep-alive',
    'Upgrade: h2c',
    'Expect: 100-continue',
    'Accept: */*',
    ' folded',
    'Na me: a',
    ': a',
    'X',
  ],
)
const endOf = fc.constantFrom(...Array<string>(12).fill('\r\n'), '\n', '\r', '\r\n\r\n', ' \r\n', '\0\r\n', '\t\r\n')
const firstOf = fc.constantFrom(
  ...Array<string>(6).fill('GET /v1/session HTTP/1.1'),
  ...['GET /v1/verify HTTP/1.1', 'GET /else HTTP/1.1', 'POST /v1/session HTTP/1.1', 'GET  /v1/session HTTP/1.1'],
  ...['GET /v1/session HTTP/1.0', 'GET /v1/session', 'abc'],
)
const request = fc
  .tuple(
    fc.tuple(firstOf, endOf),
    fc.array(fc.tuple(fieldOf, endOf), { maxLength: 4 }),
    fc.constantFrom('\r\n', '\n', ''),
  )
  .map(([first, fields, end]) => [first, ...fields].map((line) => line.join('')).join('') + end)

test('whatever comes, in whatever pieces, it is answered as by Node alone', async (t) => {
  // Of a connection that is handed over Node reads in other ticks than of its own, which tells in what stands behind an
  // answer that comes later and is wrong: so here both are handed over, one of them with its first byte.
  const { ask } = await startBoth(t, { plain: { ...plain, paths: [] } })
  const pieces = fc.array(fc.oneof({ weight: 4, arbitrary: request }, fc.constant(usual)), {
    minLength: 1,
    maxLength: 4,
  })
  const cut = (all: readonly string[], at: number): readonly string[] => {
    const whole = all.join('')
    return at < 0 ? all : [whole.slice(0, at), whole.slice(at)]
  }
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: -60, max: 300 }), async (all, at) => {
      await ask(...cut(all, at))
    }),
    { numRuns: 400 },
  )
})

const opened = async (t: TestContext, port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

test('closing lets what is under way be answered, and ends what rests', async (t) => {
  const { promise, resolve } = Promise.withResolvers<PlainAnswer>()
  let asked = 0
  const late: PlainAnswers = {
    paths: plain.paths,
    answer: ({ authorization = '' }) => {
      asked++
      return authorization.endsWith('late') ? promise : told(200, 'soon')
    },
  }
  const server = await start(t, application, { plain: late })
  const [silent, resting, busy] = await Promise.all([1, 2, 3].map(() => opened(t, server.port)))
  const ended = [silent, resting].map((socket) => once(socket as Socket, 'end'))
  resting?.write(usual)
  assert.match(String((await once(resting as Socket, 'data'))[0]), /\r\nConnection: keep-alive\r\n.*soon$/s)
  silent?.resume()
  busy?.write(usual.replace('abc', 'late'))
  await until(() => asked === 2)
  const closed = server.close()
  await Promise.all(ended)
  const answers: Buffer[] = []
  busy?.on('data', (chunk) => answers.push(chunk))
  const isTold = once(busy as Socket, 'end')
  resolve(told(200, 'late'))
  await Promise.all([closed, isTold])
  assert.match(Buffer.concat(answers).toString(), /^HTTP\/1\.1 200 OK\r\n.*\r\nConnection: close\r\n\r\nlate$/s)
})

test('what is asked as closing begins is answered, and told that it was the last', async (t) => {
  const server = await start(t, application, { plain })
  const socket = connect({ port: server.port, host: '127.0.0.1' })
  const answers = text(socket)
  socket.write(usual)
  await once(socket, 'data')
  const closed = server.close()
  socket.write(usual)
  const [, first, last] = (await answers).split('HTTP/1.1 200 OK')
  await closed
  assert.match(first ?? '', /Connection: keep-alive/)
  assert.match(last ?? '', /Connection: close/)
})

test('closing cuts what is not answered in time', async (t) => {
  let asked = 0
  const never: PlainAnswers = {
    paths: plain.paths,
    answer: () => {
      asked++
      return new Promise(() => {})
    },
  }
  const server = await start(t, application, { plain: never })
  const socket = await opened(t, server.port)
  socket.write(usual)
  await until(() => asked === 1)
  const closed = once(socket, 'close')
  await server.close(1)
  await closed
})

/** Plain connections alone, with short times. */
const startAlone = async (t: TestContext, answers: PlainAnswers, times = { firstMs: 60_000, keepAliveMs: 60_000 }) => {
  const accepted: Socket[] = []
  const connections = plainConnections({
    plain: answers,
    handOver: (socket) => socket.destroy(),
    refuseSilent: (socket) => socket.end('too late'),
    ...times,
  })
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    accepted.push(socket)
    connections.accept(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    connections.destroy()
  })
  return { port: (server.address() as AddressInfo).port, accepted }
}

test('a connection that asks nothing is told, and one that rests too long is ended', async (t) => {
  const { port } = await startAlone(t, plain, { firstMs: 20, keepAliveMs: 1 })
  const silent = await opened(t, port)
  assert.equal(String((await once(silent, 'data'))[0]), 'too late')
  const asking = await opened(t, port)
  const ended = once(asking, 'end')
  asking.write(usual)
  assert.match(String((await once(asking, 'data'))[0]), /^HTTP\/1\.1 200 OK/)
  await ended
})

test('who reads no answers is asked for no more requests, and gets them all', async (t) => {
  let asked = 0
  const long: PlainAnswers = { paths: plain.paths, answer: () => told(200, `${asked++}.`.padEnd(1_000_000, '.')) }
  const { port, accepted } = await startAlone(t, long)
  const socket = await opened(t, port)
  socket.pause()
  const isHeld = () => accepted[0]?.isPaused() === true
  while (!isHeld()) {
    const before = asked
    socket.write(usual)
    await until(() => asked > before)
  }
  const before = asked
  socket.write(usual)
  let read = 0
  socket.on('data', (chunk) => {
    read += chunk.length
  })
  socket.resume()
  await until(() => read > (before + 1) * 1_000_000)
  assert.equal(asked, before + 1)
})
