import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { defaultAllowances } from '#libs/http/allowance.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { gcraLimiter } from '#libs/http/rate-limit.ts'
import { bind, routesOf } from '#libs/http/route.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { type ServerFrameOf, serverFrameSchema } from '#libs/protocols/native/server-frames.ts'
import { until } from '#libs/testing/until.ts'
import { ada, bob } from '../edge.fixtures.ts'
import { limits } from '../limits.ts'
import type { Identity } from '../recipient.ts'
import { type Asker, createAsking } from './asking.ts'
import type { QuestionFrame } from './parts.ts'

type Door = { readonly begun: AbortSignal[]; readonly ends: (() => void)[]; readonly done: string[] }

const route = routesOf<Door>()
const common = {
  tag: 'test',
  summary: 'For this test',
  auth: 'account',
  access: 'signed in',
  scopes: ['chat:read'],
  responses: { 200: { description: 'It', body: z.unknown() }, 202: { description: 'Later', body: z.unknown() } },
  errors: [],
} as const

const routes = [
  route({
    ...common,
    method: 'GET',
    path: '/open',
    id: 'open',
    auth: 'none',
    access: 'public',
    rate: 'read',
    handler: () => ({ status: 200, body: 'for all' }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/echo/{place}',
    id: 'echo',
    rate: 'read',
    reads: ['messages'],
    params: z.strictObject({ place: z.string() }),
    query: z.strictObject({ limit: z.string().transform(Number).optional() }),
    handler: ({ params, query, caller }) => ({ status: 200, body: { ...params, ...query, by: caller.accountId } }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/slow',
    id: 'slow',
    rate: 'read',
    handler: async ({ signal }, door) => {
      door.begun.push(signal)
      await new Promise<void>((resolve) => door.ends.push(resolve))
      return { status: 200, body: 'at last' }
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/costly',
    id: 'costly',
    rate: 'read',
    bodyLimit: limits.frameBytes + 1,
    handler: async ({ signal }, door) => {
      door.begun.push(signal)
      await new Promise<void>((resolve) => door.ends.push(resolve))
      return { status: 200, body: null }
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/large',
    id: 'large',
    rate: 'read',
    handler: () => ({ status: 200, body: 'x'.repeat(limits.answerBytes) }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/page',
    id: 'page',
    rate: 'read',
    handler: () => ({ status: 200, body: 'x'.repeat(limits.answerBytes / 2) }),
  }),
  route({
    ...common,
    method: 'POST',
    path: '/change',
    id: 'change',
    rate: 'write',
    command: true,
    ifMatch: 'required',
    bodyLimit: 64,
    body: z.strictObject({ text: z.string() }),
    handler: ({ commandId, ifMatch = 'any', body }, door) => {
      door.done.push(`${commandId} ${ifMatch} ${body.text}`)
      return body.text === 'later' ? { status: 202, body: { commandId } } : { status: 200, body: { commandId } }
    },
  }),
  route({
    ...common,
    method: 'DELETE',
    path: '/staff',
    id: 'staff',
    rate: 'write',
    command: true,
    access: { platform: 'manage_emotes' },
    handler: () => ({ status: 200, body: null }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/broken',
    id: 'broken',
    rate: 'read',
    handler: () => {
      throw new Error('of nobody’s concern')
    },
  }),
]

const setUp = ({ oldestPendingMs = 0, reached = Promise.resolve() as Promise<void> } = {}) => {
  const door: Door = { begun: [], ends: [], done: [] }
  const refused: string[] = []
  const errors: unknown[] = []
  const asking = createAsking({
    routes: bind(routes, door),
    gateway: { oldestPendingMs: () => oldestPendingMs },
    limiter: gcraLimiter(),
    allowances: { ...defaultAllowances, write: { ...defaultAllowances.write, token: { perMinute: 1, burst: 20 } } },
    waitForPosition: (projection, token) => {
      door.done.push(`${projection} ${token}`)
      return reached
    },
    refused: (caller, { operation, code }) => void refused.push(`${caller.accountId} ${operation} ${code}`),
    onError: (error) => void errors.push(error),
  })

  /** Somebody who takes what is written when they are told to, or at once. */
  const asker = (identity: Identity | undefined = ada, isSlow = false, address = '192.0.2.1') => {
    const answers: ServerFrameOf<'answer'>[] = []
    const taken: (() => void)[] = []
    const read = (bytes: Buffer) => {
      const text = bytes.subarray(bytes.indexOf('{')).toString()
      answers.push(serverFrameSchema.parse(JSON.parse(text)) as ServerFrameOf<'answer'>)
    }
    const self: Asker = {
      identity,
      address,
      write: read,
      writeThrough: (bytes) => {
        read(bytes)
        return isSlow ? new Promise((resolve) => taken.push(resolve)) : Promise.resolve()
      },
    }
    const ask = (frame: Partial<QuestionFrame> & { query?: string; command?: string }): string => {
      const id = frame.id ?? uuidv7()
      asking.ask(self, { type: frame.command ? 'command' : 'query', ...frame, id } as QuestionFrame)
      return id
    }
    /** What an answer came to, in a word. */
    const answerTo = async (frame: Parameters<typeof ask>[0]) => {
      const id = ask(frame)
      await until(() => answers.some((answer) => answer.id === id))
      const answer = answers.find((each) => each.id === id)
      return answer?.problem?.code ?? answer?.data
    }
    return { self, ask, answerTo, answers, taken }
  }
  return { asking, door, asker, refused, errors }
}

test('a question is answered by its route, with parameters of path and query, as who asks', async () => {
  const { asker } = setUp()
  const { answerTo } = asker()
  assert.deepEqual(await answerTo({ query: 'echo', params: { place: 'here', limit: 7 } }), {
    place: 'here',
    limit: 7,
    by: '42',
  })
  assert.equal(await answerTo({ query: 'echo', params: { place: 'here', surplus: true } }), 'http.invalid_request')
  assert.equal(await answerTo({ query: 'echo' }), 'http.invalid_request')
})

test('nothing is answered before what it has to have seen is there', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { asker, door } = setUp({ reached: promise })
  const { ask, answers, answerTo } = asker()
  ask({ query: 'echo', params: { place: 'here' }, minPosition: 'channel.0.12' })
  await until(() => door.done.length === 1)
  assert.deepEqual([door.done, answers], [['messages channel.0.12'], []])
  resolve()
  await until(() => answers.length === 1)
  assert.equal(await answerTo({ query: 'echo', params: { place: 'here' }, minPosition: '12' }), 'http.invalid_request')
  assert.equal(await answerTo({ query: 'slow', minPosition: 'channel.0.12' }), 'http.invalid_request')
})

test('a command keeps its id, wants the version it changes, and a body that is not too large', async () => {
  const { asker, door } = setUp()
  const { answerTo, answers } = asker()
  const change = { command: 'change', body: { text: 'it' } }
  const id = uuidv7()
  assert.deepEqual(await answerTo({ ...change, id, expectedVersion: 7 }), { commandId: id })
  await answerTo({ ...change, id, expectedVersion: '*' })
  assert.deepEqual(door.done, [`${id} 7 it`, `${id} any it`])
  assert.equal(await answerTo(change), 'http.precondition_required')
  assert.equal(await answerTo({ command: 'staff', expectedVersion: 7 }), 'http.forbidden')
  const wrong = async (text: string) => answerTo({ command: 'change', expectedVersion: '*', body: { text } })
  assert.equal(await wrong('x'.repeat(64)), 'http.body_too_large')
  await wrong('later')
  assert.deepEqual([answers.at(-1)?.pending, answers.at(-1)?.retryAfterMs], [true, 1000])
})

test('what nobody may ask, or not so, is told by the code of HTTP; who is refused is told on', async () => {
  const { asker, refused, errors } = setUp()
  const unknown = asker(ada)
  const narrow = asker({ ...bob, scopes: ['whispers:read'] })
  assert.equal(await unknown.answerTo({ query: 'open' }), 'for all')
  assert.equal(await unknown.answerTo({ command: 'staff' }), 'http.forbidden')
  assert.equal(await narrow.answerTo({ query: 'slow' }), 'http.insufficient_scope')
  assert.deepEqual(refused, ['42 staff http.forbidden', '43 slow http.insufficient_scope'])
  assert.equal(await unknown.answerTo({ query: 'nothing' }), 'live.unknown_question')
  assert.equal(await unknown.answerTo({ command: 'open' }), 'live.unknown_question')
  assert.equal(await unknown.answerTo({ command: 'addEmote' }), 'live.over_http')
  assert.match(unknown.answers.at(-1)?.problem?.detail ?? '', /picture/)
  assert.equal(await unknown.answerTo({ query: 'large' }), 'live.answer_too_large')
  assert.deepEqual(errors, [])
  assert.equal(await unknown.answerTo({ query: 'broken' }), 'platform.internal')
  assert.equal(errors.length, 1)
})

test('who has no account asks what is open to all', async () => {
  const { asking } = setUp()
  const codes: unknown[] = []
  const write = (bytes: Buffer) => {
    const { problem, data } = JSON.parse(bytes.subarray(bytes.indexOf('{')).toString())
    codes.push(problem?.code ?? data)
  }
  const nobody = {
    identity: undefined,
    address: '192.0.2.1',
    write,
    writeThrough: async (bytes: Buffer) => write(bytes),
  }
  for (const query of ['open', 'slow']) asking.ask(nobody, { type: 'query', id: uuidv7(), query })
  await until(() => codes.length === 2)
  assert.deepEqual(codes.toSorted(), ['for all', 'http.unauthenticated'])
})

test('a connection waits for so many answers, and one more is refused at once', async () => {
  const { asker, door } = setUp()
  const { ask, answers, answerTo } = asker()
  for (let count = 0; count < limits.questions; count++) ask({ query: 'slow' })
  assert.equal(await answerTo({ query: 'open' }), 'live.too_many_questions')
  assert.equal(await asker(bob).answerTo({ query: 'open' }), 'for all')
  await until(() => door.ends.length === limits.questions)
  for (const end of door.ends) end()
  await until(() => answers.length === limits.questions + 1)
  assert.equal(await answerTo({ query: 'open' }), 'for all')
})

test('who does not read what is written is written one answer, and has no more looked up than they may wait for', async () => {
  const { asker } = setUp()
  const { ask, answers, taken, answerTo } = asker(ada, true)
  for (let count = 0; count < limits.questions; count++) ask({ query: 'open' })
  await until(() => taken.length === 1)
  assert.equal(await answerTo({ query: 'open' }), 'live.too_many_questions')
  assert.deepEqual(
    answers.map(({ data }) => data),
    ['for all', undefined],
  )
  for (let count = 1; count <= limits.questions; count++) {
    await until(() => taken.length === count)
    taken[count - 1]?.()
  }
  await until(() => answers.length === limits.questions + 1)
})

test('one address has no more looked up at once than its share, and others have theirs', async () => {
  const { asker, door } = setUp()
  const waiting = [asker(ada), asker(ada), asker(bob)]
  for (const { ask } of waiting.slice(0, 2))
    for (let count = 0; count < limits.questions; count++) ask({ query: 'slow' })
  await until(() => door.begun.length === 16)
  assert.equal(await waiting[2]?.answerTo({ query: 'open' }), 'http.rate_limited')
  assert.equal(waiting[2]?.answers.at(-1)?.retryAfterMs, 1000)
  assert.equal(await asker(bob, false, '192.0.2.2').answerTo({ query: 'open' }), 'for all')
  for (const end of door.ends) end()
  await until(() => waiting[0]?.answers.length === limits.questions)
  assert.equal(await waiting[2]?.answerTo({ query: 'open' }), 'for all')
})

test('of answers that are not taken so much is held for an address, and no more', async () => {
  const { asker } = setUp()
  const slow = Array.from({ length: 9 }, () => asker(ada, true))
  for (const { ask, taken } of slow) {
    for (let count = 0; count < limits.questions; count++) ask({ query: 'page' })
    await until(() => taken.length === 1)
  }
  const other = asker(bob, false, '192.0.2.2')
  assert.equal(String(await other.answerTo({ query: 'page' })).length, limits.answerBytes / 2)
  const took = async ({ taken, answers }: (typeof slow)[number]) => {
    for (let count = 1; count <= limits.questions; count++) {
      await until(() => taken.length === count)
      taken[count - 1]?.()
    }
    return answers.map(({ problem }) => problem?.code ?? 'whole')
  }
  const codes = (await Promise.all(slow.map(took))).flat()
  assert.equal(codes.filter((code) => code === 'whole').length, 63)
  assert.equal(codes.filter((code) => code === 'live.too_many_questions').length, 9)
  assert.equal(String(await asker(ada).answerTo({ query: 'page' })).length, limits.answerBytes / 2)
})

test('what costs more than a look-up goes one at a time and less often, and what is looked up does not wait for it', async () => {
  const { asker, door } = setUp()
  const [first, second] = [asker(ada), asker(bob)]
  first.ask({ query: 'costly' })
  second.ask({ query: 'costly' })
  await until(() => door.begun.length === 1)
  assert.equal(await second.answerTo({ query: 'open' }), 'for all')
  assert.equal(door.begun.length, 1)
  door.ends[0]?.()
  await until(() => door.begun.length === 2)
  door.ends[1]?.()
  const third = asker({ ...bob, accountId: '44', sessionId: 'session-44' })
  for (let count = 0; count < defaultAllowances.credentials.account.burst; count++) {
    third.ask({ query: 'costly' })
    await until(() => door.ends.length === count + 3)
    door.ends[count + 2]?.()
    await until(() => third.answers.length === count + 1)
  }
  assert.equal(await third.answerTo({ query: 'costly' }), 'http.rate_limited')
})

test('what is too often is refused with the time to wait, and commands while they are not decided', async () => {
  const { asker } = setUp()
  const { answerTo, answers } = asker()
  const change = { command: 'change', expectedVersion: '*', body: { text: 'it' } } as const
  for (let count = 0; count < 20; count++) await answerTo(change)
  assert.equal(await answerTo(change), 'http.rate_limited')
  assert.ok(Number(answers.at(-1)?.retryAfterMs) > 0)
  const stalled = setUp({ oldestPendingMs: limits.shedAfterMs + 1 }).asker()
  assert.equal(await stalled.answerTo(change), 'platform.busy')
  assert.equal(await stalled.answerTo({ query: 'open' }), 'for all')
})

test('who has gone is not looked up for any longer', async () => {
  const { asking, asker, door } = setUp()
  const { self, ask } = asker()
  ask({ query: 'slow' })
  await until(() => door.begun.length === 1)
  asking.leave(self)
  assert.equal(door.begun[0]?.aborted, true)
  door.ends[0]?.()
})

test('an engine that is away is told as such, and when to ask again', async () => {
  const { asker } = setUp({ reached: Promise.reject(new HttpProblem('platform.unavailable')) })
  const { answerTo, answers } = asker()
  assert.equal(
    await answerTo({ query: 'echo', params: { place: 'x' }, minPosition: 'channel.0.1' }),
    'platform.unavailable',
  )
  assert.equal(answers.at(-1)?.retryAfterMs, 1000)
})
