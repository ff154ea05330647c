import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAccessRule } from '#libs/access/rule.ts'
import { type ClientFrame, clientFrameSchemas } from '#libs/protocols/native/client-frames.ts'
import { clientExamples, moreExamples } from '#libs/protocols/native/examples.ts'
import { frameRules, refuseAccess } from './access.ts'
import { ircRules } from './irc/access.ts'
import type { Identity } from './recipient.ts'

const somebody = { accountId: '7', sessionId: 's', name: 'Ada', platformRole: 'user' } as Identity

const everyFrame = [...Object.values(clientExamples), ...(moreExamples.act ?? [])] as readonly ClientFrame[]

test('every frame of a client has a rule that names what there is', () => {
  const types = Object.keys(clientFrameSchemas).filter((type) => type !== 'act')
  assert.deepEqual(Object.keys(frameRules).sort(), types.sort())
  for (const rule of Object.values(frameRules)) assert.ok(isAccessRule(rule))
})

test('without an account one reads, and is told of everything else that it takes one', () => {
  const passing = everyFrame.filter((frame) => refuseAccess(frame, undefined) === undefined).map(({ type }) => type)
  assert.deepEqual([...new Set(passing)].sort(), ['auth', 'join', 'leave', 'ping', 'query'])
  for (const frame of everyFrame) {
    const refusal = refuseAccess(frame, undefined)
    if (!refusal) continue
    assert.equal(refusal.code, 'live.unauthenticated')
    assert.equal(refusal.id, 'id' in frame ? frame.id : undefined)
  }
})

test('with an account every frame passes on to who decides it; one without a rule does not', () => {
  for (const frame of everyFrame) assert.equal(refuseAccess(frame, somebody), undefined, frame.type)
  const unknown = { type: 'shout', id: '1' } as unknown as ClientFrame
  assert.equal(refuseAccess(unknown, somebody)?.code, 'live.invalid_frame')
})

test('every command of IRC has a rule', () => {
  assert.ok(Object.keys(ircRules).length > 0)
  for (const rule of Object.values(ircRules)) assert.ok(isAccessRule(rule))
})
