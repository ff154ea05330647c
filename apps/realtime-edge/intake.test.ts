import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { bind, routesOf } from '#libs/http/route.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { closeCodes } from '#libs/protocols/native/closing.ts'
import { openSocket } from '#libs/testing/socket.ts'
import { channel, createWorld } from './edge.fixtures.ts'
import { limits } from './limits.ts'

const route = routesOf<{ readonly end: Promise<void> }>()
const common = { tag: 'test', summary: 'For this test', auth: 'account', access: 'signed in', errors: [] } as const
const routes = [
  route({
    ...common,
    method: 'PUT',
    path: '/document',
    id: 'measure',
    scopes: ['chat:read'],
    rate: 'write',
    command: true,
    bodyLimit: limits.questionBytes,
    body: z.strictObject({ document: z.string() }),
    responses: { 200: { description: 'How long it is', body: z.int() } },
    handler: ({ body }) => ({ status: 200, body: body.document.length }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/slow',
    id: 'wait',
    scopes: ['chat:read'],
    rate: 'read',
    responses: { 200: { description: 'At last', body: z.null() } },
    handler: async (_request, { end }) => {
      await end
      return { status: 200, body: null }
    },
  }),
]

test('a document comes in a command of somebody who has said who they are, and no other frame is as large', async (t) => {
  const questions = {
    routes: () => bind(routes, { end: Promise.resolve() }),
    waitForPosition: async () => {},
  }
  const { port } = await createWorld().edge(t, { questions })
  const document = 'x'.repeat(limits.frameBytes)
  const command = { type: 'command', id: uuidv7(), command: 'measure', body: { document } } as const
  const member = async () => {
    const socket = await openSocket(t, port)
    socket.send({ type: 'auth', token: 'ada' })
    await socket.next('authenticated')
    return socket
  }
  const writer = await member()
  writer.send(command)
  assert.equal((await writer.next('answer')).data, document.length)

  const stranger = await openSocket(t, port)
  stranger.send(command)
  assert.equal((await stranger.closed).code, closeCodes.tooBig)
  const chatter = await member()
  chatter.raw(JSON.stringify({ type: 'post', id: uuidv7(), channel, text: 'x', surplus: document }))
  assert.equal((await chatter.closed).code, closeCodes.tooBig)
  writer.raw('x'.repeat(limits.questionBytes + 1))
  assert.equal((await writer.closed).code, closeCodes.tooBig)
})

test('lanes go on while an answer is awaited, which comes when it is there', async (t) => {
  const { promise: end, resolve } = Promise.withResolvers<void>()
  const world = createWorld()
  const { port } = await world.edge(t, {
    questions: { routes: () => bind(routes, { end }), waitForPosition: async () => {} },
  })
  const socket = await openSocket(t, port)
  socket.send({ type: 'auth', token: 'ada' })
  socket.send({ type: 'join', channel })
  await socket.next('joined')
  const id = uuidv7()
  socket.send({ type: 'query', id, query: 'wait' })
  await world.say('meanwhile')
  await socket.next('event')
  socket.send({ type: 'ping' })
  await socket.next('pong')
  assert.ok(!socket.frames.some(({ type }) => type === 'answer'))
  resolve()
  assert.equal((await socket.next('answer')).id, id)
})
