import { test } from 'node:test'
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
