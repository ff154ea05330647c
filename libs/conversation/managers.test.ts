import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import type { ManagedCommand } from '#libs/journal/manager.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { purely } from '#libs/testing/purely.ts'
import { stubSeal, t0 } from '#libs/testing/specification.ts'
import { received, receiver, sender } from './conversation.fixtures.ts'
import type { ConversationDraft } from './events.ts'
import { inboxes, whispers } from './managers.ts'

const outcome: OutcomeRecord = {
  family: 'conversation',
  partition: 1,
  offset: 20,
  claim: 3,
  n: 12,
  key: receiver,
  at: t0,
  commandOffset: 9,
  commandId: 'command-1',
  commandType: 'SendWhisper',
  fingerprint: '',
  principal: sender,
  origin: 'edge',
  stateVersion: 1,
  outcome: { kind: 'accepted', events: [], summary: {} },
}

const decoded = ({ family, key, type, version, payload }: ManagedCommand) => [
  family,
  key,
  codecs[family].decodeCommand({ type, version, bytes: payload }),
]

test('the sender’s copy carries the ciphertexts of what arrived, and the event that they belong to', () => {
  const sealed = codecs.conversation.sealEvent(received() as ConversationDraft, 'command-1/0', stubSeal)
  assert.equal(sealed.type, 'WhisperReceived')
  const events = [codecs.conversation.encodeEvent(sealed)]
  const commands = purely(() => whispers.react({ ...outcome, outcome: { kind: 'accepted', events, summary: {} } }, []))
  const { senderName, text } = sealed as Extract<typeof sealed, { type: 'WhisperReceived' }>
  const copy = { type: 'RecordSentWhisper', whisperId: 'command-1', receiver, receivedEvent: 'command-1/0' }
  assert.deepEqual(commands.map(decoded), [['conversation', sender, { ...copy, senderName, text }]])
  const rejected = { kind: 'rejected', code: 'conversation.not_wanted', detail: {} } as const
  assert.deepEqual(whispers.react({ ...outcome, outcome: rejected }, []), [])
})

test('blocks and erasures are carried from accounts to their whispers', () => {
  const react = (event: Parameters<typeof inboxes.react>[1][number]) => inboxes.react(outcome, [event]).map(decoded)
  const blocked = sender
  const accountId = receiver
  assert.deepEqual(react({ type: 'AccountBlocked', accountId, blocked }), [
    ['conversation', receiver, { type: 'RecordBlock', blocked }],
  ])
  assert.deepEqual(react({ type: 'AccountUnblocked', accountId, blocked }), [
    ['conversation', receiver, { type: 'RecordUnblock', blocked }],
  ])
  assert.deepEqual(react({ type: 'AccountErased', accountId }), [['conversation', receiver, { type: 'CloseInbox' }]])
  assert.deepEqual(react({ type: 'AccountReactivated', accountId }), [])
})
