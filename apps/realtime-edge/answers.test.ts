import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doneReply } from '#libs/channel/http/done.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { outcomeFrame } from './answers.ts'

const id = '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10'

/** What both doors tell of a command with this summary, but for where it stands. */
const told = (summary: Readonly<Record<string, string | number | boolean>>) => {
  const outcome = { kind: 'accepted', events: [], summary } as const
  const record = { family: 'channel', partition: 0, n: 7, offset: 7, outcome } as unknown as OutcomeRecord
  const { type: _, id: __, status, position, seq: ___, ...live } = outcomeFrame(id, record)
  assert.equal(status, 'accepted')
  const reply = doneReply(200, id, { kind: 'accepted', summary, position: position ?? '', n: 7 } as never)
  const {
    commandId: ____,
    seq: _____,
    version: ______,
    position: _______,
    ...overHttp
  } = reply.body as object as Record<string, unknown>
  assert.deepEqual(live, overHttp)
  return live
}

test('who writes is told that it waits and by what kind of rule, who bans that others have to be for it', () => {
  assert.deepEqual(told({ seq: 3 }), {})
  assert.deepEqual(told({ held: true }), { held: true })
  assert.deepEqual(told({ held: true, kind: 'links' }), { held: true, kind: 'links' })
  assert.deepEqual(told({ seq: 3, proposal: id, needed: 2 }), { proposal: id, needed: 2 })
})
