import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuidv7 } from '#libs/journal/ids.ts'
import { openSocket, type TestSocket } from '#libs/testing/socket.ts'
import { until } from '#libs/testing/until.ts'
import { channel, createWorld } from '../edge.fixtures.ts'

const quick = { presenceEveryMs: 50 }

/** What a client knows of who is there, from the frames that it got. */
const known = (socket: TestSocket) => {
  const names = new Map<string, string>()
  let count = 0
  for (const frame of socket.frames) {
    if (frame.type !== 'presence') continue
    count = frame.count
    if (frame.members) names.clear()
    for (const { id, name } of [...(frame.members ?? []), ...(frame.joined ?? [])]) names.set(id, name)
    for (const id of frame.left ?? []) names.delete(id)
  }
  return { count, names: [...names.values()].sort() }
}

const sees = (socket: TestSocket, count: number, ...names: readonly string[]) =>
  until(() => JSON.stringify(known(socket)) === JSON.stringify({ count, names }), {
    what: `${count} there, ${names.join(', ')} by name`,
  })

test('clients of several edges see the same people, and see them come and go', async (t) => {
  const world = createWorld()
  const [first, second] = [await world.edge(t, quick), await world.edge(t, quick)]
  const watcher = await openSocket(t, first.port)
  watcher.send({ type: 'join', channel })
  await sees(watcher, 1)
  const [ada, bob] = [await openSocket(t, first.port), await openSocket(t, second.port)]
  ada.send({ type: 'auth', token: 'ada' })
  ada.send({ type: 'join', channel })
  bob.send({ type: 'join', channel })
  bob.send({ type: 'auth', token: 'bob' })
  for (const socket of [watcher, ada, bob]) await sees(socket, 3, 'Ada', 'Bob')

  const late = await openSocket(t, second.port)
  late.send({ type: 'join', channel })
  await sees(late, 4, 'Ada', 'Bob')
  await bob.close()
  ada.send({ type: 'leave', channel })
  await sees(watcher, 2)
  await sees(late, 2)

  await second.close()
  await sees(watcher, 1)
})

test('an edge that comes later learns who is at the others', async (t) => {
  const world = createWorld()
  const first = await world.edge(t, quick)
  const ada = await openSocket(t, first.port)
  ada.send({ type: 'auth', token: 'ada' })
  ada.send({ type: 'join', channel })
  await sees(ada, 1, 'Ada')
  const watcher = await openSocket(t, (await world.edge(t, quick)).port)
  watcher.send({ type: 'join', channel })
  await sees(watcher, 2, 'Ada')
})

/** What is said of themselves by those who are there, as a client knows it. */
const saidBy = (socket: TestSocket, name: string) => {
  let said = {}
  for (const frame of socket.frames)
    if (frame.type === 'presence')
      for (const { id: _, name: who, ...status } of [...(frame.members ?? []), ...(frame.joined ?? [])])
        if (who === name) said = status
  return said
}

const says = (socket: TestSocket, name: string, status: object) =>
  until(() => JSON.stringify(saidBy(socket, name)) === JSON.stringify(status), {
    what: `${name} says ${JSON.stringify(status)}`,
  })

test('who is away and what they watch is told, at other edges too, until they write or leave', async (t) => {
  const world = createWorld()
  const [first, second] = [await world.edge(t, quick), await world.edge(t, quick)]
  const watcher = await openSocket(t, second.port)
  watcher.send({ type: 'join', channel })
  const ada = await openSocket(t, first.port)
  ada.send({ type: 'status', afk: true })
  assert.equal((await ada.next('error')).code, 'live.unauthenticated')
  ada.send({ type: 'auth', token: 'ada' })
  ada.send({ type: 'status', afk: true })
  assert.equal((await ada.next('error')).code, 'live.not_joined')
  ada.send({ type: 'join', channel })
  const watching = { platform: 'youtube', id: 'abc' }
  ada.send({ type: 'status', afk: true, watching })
  await says(watcher, 'Ada', { afk: true, watching })
  const late = await openSocket(t, second.port)
  late.send({ type: 'join', channel })
  await says(late, 'Ada', { afk: true, watching })
  ada.send({ type: 'post', id: uuidv7(), channel, text: 'back' })
  await says(watcher, 'Ada', { watching })
  ada.send({ type: 'status', watching: null })
  await says(watcher, 'Ada', {})
})

test('who has several connections comes with the first and goes with the last', async (t) => {
  const world = createWorld()
  const [first, second] = [await world.edge(t, quick), await world.edge(t, quick)]
  const watcher = await openSocket(t, first.port)
  watcher.send({ type: 'join', channel })
  const sockets = [await openSocket(t, first.port), await openSocket(t, first.port), await openSocket(t, second.port)]
  for (const socket of sockets) {
    socket.send({ type: 'auth', token: 'ada' })
    socket.send({ type: 'join', channel })
  }
  await sees(watcher, 4, 'Ada')
  for (const [index, socket] of sockets.slice(0, 2).entries()) {
    await socket.close()
    await sees(watcher, 3 - index, 'Ada')
  }
  await sockets[2]?.close()
  await sees(watcher, 1)
  const comings = watcher.frames.flatMap((frame) =>
    frame.type === 'presence' ? [...(frame.joined ?? []), ...(frame.members ?? [])] : [],
  )
  const goings = watcher.frames.flatMap((frame) => (frame.type === 'presence' ? (frame.left ?? []) : []))
  assert.deepEqual([comings.length, goings.length], [1, 1])
})
