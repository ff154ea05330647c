import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FetchFrom, fetchSession } from './fetch-session.ts'

const at = (partition: number, offset: number): FetchFrom => ({ topic: 'journal', partition, offset })

test('a session begins with everything, and goes on with what has moved', () => {
  const session = fetchSession()
  assert.deepEqual(session.next([at(0, 5), at(1, 7)]), {
    sessionId: 0,
    sessionEpoch: 0,
    wanted: [at(0, 5), at(1, 7)],
    forgotten: [],
  })
  session.answered(42)
  assert.deepEqual(session.next([at(0, 5), at(1, 8)]), {
    sessionId: 42,
    sessionEpoch: 1,
    wanted: [at(1, 8)],
    forgotten: [],
  })
  session.answered(42)
  assert.deepEqual(session.next([at(0, 5), at(1, 8)]), { sessionId: 42, sessionEpoch: 2, wanted: [], forgotten: [] })
})

test('a partition that is no longer wanted is forgotten, and named again when it comes back where it was', () => {
  const session = fetchSession()
  session.next([at(0, 5), at(1, 7)])
  session.answered(42)
  assert.deepEqual(session.next([at(1, 7)]).forgotten, [at(0, 5)])
  session.answered(42)
  assert.deepEqual(session.next([at(0, 5), at(1, 7)]).wanted, [at(0, 5)])
})

for (const [name, end] of [
  ['that the broker has let go', (session: ReturnType<typeof fetchSession>) => session.forget()],
  ['for which the broker has no room', (session: ReturnType<typeof fetchSession>) => session.answered(0)],
] as const)
  test(`after a session ${name} the next request names everything again`, () => {
    const session = fetchSession()
    session.next([at(0, 5)])
    session.answered(42)
    session.next([at(0, 6)])
    end(session)
    assert.deepEqual(session.next([at(0, 6)]), { sessionId: 0, sessionEpoch: 0, wanted: [at(0, 6)], forgotten: [] })
  })
