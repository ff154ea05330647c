import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import { happened, stubSeal, t0 } from '#libs/testing/specification.ts'
import {
  byInboxes,
  byReceiver,
  byWhispers,
  given,
  otherSender,
  received,
  receiver,
  sender,
  sent,
} from './conversation.fixtures.ts'
import { conversationDecider } from './decider.ts'

const whisper = (text = 'psst') => ({ type: 'SendWhisper', text }) as const
const copies = { senderName: Buffer.from('name'), text: Buffer.from('text') }
const record = {
  type: 'RecordSentWhisper',
  whisperId: 'command-1',
  receiver: sender,
  receivedEvent: 'command-1/0',
  ...copies,
} as const

test('a whisper arrives under the next number of its receiver, which the sender is not told', () => {
  given([]).when(whisper()).then([received()], {})
  given([received()])
    .when(whisper('again'))
    .then([received({ whisperSeq: 2, text: 'again' })], {})
})

test('nobody whispers to themselves, nor does a part of the platform, nor anybody to who is erased', () => {
  given([]).when(whisper(), byReceiver).thenRejected({ code: 'conversation.to_oneself' })
  given([]).when(whisper(), { principal: 'system' }).thenRejected({ code: 'conversation.forbidden' })
  given([{ type: 'InboxClosed' }])
    .when(whisper())
    .thenRejected({ code: 'conversation.receiver_unknown' })
})

test('a whisper is one line in which there is something to see', () => {
  given([]).when(whisper('\u200b')).thenRejected({ code: 'conversation.text_blank' })
  given([]).when(whisper('a\nb')).thenRejected({ code: 'conversation.text_invalid' })
  given([]).when(whisper('a\u00a0b')).thenRejected({ code: 'conversation.text_invalid' })
  given([]).when(whisper('\u202ea')).thenRejected({ code: 'conversation.text_invalid' })
  given([])
    .when(whisper('a'.repeat(513)))
    .thenRejected({ code: 'conversation.text_too_long', max: 512 })
})

test('a block and a setting refuse in the same words', () => {
  const refused = { code: 'conversation.not_wanted' }
  const blocked = { type: 'SenderBlocked', whisperSeq: 1, sender } as const
  given([blocked]).when(whisper()).thenRejected(refused)
  given([blocked])
    .when(whisper(), { principal: otherSender })
    .then([received({ whisperSeq: 2, sender: otherSender })])
  given([blocked, { type: 'SenderUnblocked', whisperSeq: 2, sender }])
    .when(whisper())
    .then([received({ whisperSeq: 3 })])
  given([{ type: 'WhisperSettingsChanged', whisperSeq: 1, allow: 'nobody' }])
    .when(whisper())
    .thenRejected(refused)
})

test('who lets only those whisper whom they follow is whispered to by those alone, and by no blocked one', () => {
  const followedOnly = { type: 'WhisperSettingsChanged', whisperSeq: 1, allow: 'followed' } as const
  const followed = { facts: { displayName: 'Sender', followed: 'true' } }
  given([followedOnly]).when(whisper()).thenRejected({ code: 'conversation.not_wanted' })
  given([followedOnly])
    .when(whisper(), followed)
    .then([received({ whisperSeq: 2 })])
  given([followedOnly, { type: 'SenderBlocked', whisperSeq: 2, sender }])
    .when(whisper(), followed)
    .thenRejected({ code: 'conversation.not_wanted' })
})

test('who was whispered to may answer where only those whisper whom one follows, unless they are blocked', () => {
  const followedOnly = { type: 'WhisperSettingsChanged', whisperSeq: 1, allow: 'followed' } as const
  const toSender = sent({ whisperSeq: 2, receiver: sender })
  given([followedOnly, toSender])
    .when(whisper())
    .then([received({ whisperSeq: 3 })])
  given([followedOnly, toSender])
    .when(whisper(), { principal: otherSender })
    .thenRejected({ code: 'conversation.not_wanted' })
  given([followedOnly, toSender, { type: 'SenderBlocked', whisperSeq: 3, sender }])
    .when(whisper())
    .thenRejected({ code: 'conversation.not_wanted' })
  given([{ ...followedOnly, allow: 'nobody' }, toSender])
    .when(whisper())
    .thenRejected({ code: 'conversation.not_wanted' })
})

test('of many who were whispered to the last five hundred may answer', () => {
  const followedOnly = { type: 'WhisperSettingsChanged', whisperSeq: 1, allow: 'followed' } as const
  const many = Array.from({ length: 501 }, (_, index) => sent({ whisperSeq: index + 2, receiver: `${5_000 + index}` }))
  given([followedOnly, ...many])
    .when(whisper(), { principal: '5000' })
    .thenRejected({ code: 'conversation.not_wanted' })
  given([followedOnly, ...many])
    .when(whisper(), { principal: '5001' })
    .then([received({ whisperSeq: 503, sender: '5001' })])
})

test('twenty whispers come at once and then one in two seconds, by each sender for themselves', () => {
  const flood = Array.from({ length: 20 }, (_, index) => received({ whisperSeq: index + 1 }))
  given(flood.slice(1))
    .when(whisper())
    .then([received({ whisperSeq: 21 })])
  given(flood).when(whisper()).thenRejected({ code: 'conversation.rate_limited', remainingMs: 2_000 })
  given(flood)
    .when(whisper(), { principal: otherSender })
    .then([received({ whisperSeq: 21, sender: otherSender })])
  given(flood)
    .when(whisper(), { at: t0 + 2_000 })
    .then([received({ whisperSeq: 21 })])
})

test('an account to which crowds whisper at once takes no more senders for a moment', () => {
  const crowd = Array.from({ length: 500 }, (_, index) =>
    received({ whisperSeq: index + 1, sender: `${5_000 + index}` }),
  )
  given(crowd).when(whisper()).thenRejected({ code: 'conversation.rate_limited', remainingMs: 2_000 })
  given(crowd)
    .when(whisper(), { at: t0 + 2_000 })
    .then([received({ whisperSeq: 501 })])
})

test('what was sent is recorded by its manager alone, under a number of the sender’s own', () => {
  given([received()])
    .when(record, byWhispers)
    .then([sent({ whisperSeq: 2 })])
  given([]).when(record, byReceiver).thenRejected({ code: 'conversation.forbidden' })
})

test('reading is marked by whose whispers they are, up to a number that was given', () => {
  const read = (upTo: number, peer = sender) => ({ type: 'MarkWhispersRead', peer, upTo }) as const
  given([received()])
    .when(read(1), byReceiver)
    .then([{ type: 'WhispersRead', whisperSeq: 2, peer: sender, upTo: 1 }])
  given([received()]).when(read(2), byReceiver).thenRejected({ code: 'conversation.nothing_to_read', whisperSeq: 1 })
  given([received()]).when(read(1, receiver), byReceiver).thenRejected({ code: 'conversation.peer_invalid' })
  given([received()]).when(read(1)).thenRejected({ code: 'conversation.forbidden' })
})

test('what changes nothing takes no number', () => {
  const allow = { type: 'ChangeWhisperSettings', allow: 'everybody' } as const
  given([]).when(allow, byReceiver).then([])
  given([]).when({ type: 'RecordUnblock', blocked: sender }, byInboxes).then([])
  given([{ type: 'SenderBlocked', whisperSeq: 1, sender }])
    .when({ type: 'RecordBlock', blocked: sender }, byInboxes)
    .then([])
  given([{ type: 'InboxClosed' }])
    .when({ type: 'CloseInbox' }, byInboxes)
    .then([])
  given([])
    .when({ type: 'CloseInbox' }, byInboxes)
    .then([{ type: 'InboxClosed' }])
  given([]).when({ type: 'CloseInbox' }).thenRejected({ code: 'conversation.forbidden' })
})

test('a snapshot is the state again', () => {
  const history = [
    happened(received(), { at: t0 }),
    happened(received({ whisperSeq: 2, sender: otherSender }), { at: t0 + 1 }),
    happened({ type: 'SenderBlocked', whisperSeq: 3, sender } as const, { at: t0 + 2 }),
    happened({ type: 'WhisperSettingsChanged', whisperSeq: 4, allow: 'followed' } as const, { at: t0 + 3 }),
  ]
  const state = history.reduce(
    (inbox, { draft, at = t0 }, index) =>
      conversationDecider.evolve(inbox, codecs.conversation.sealEvent(draft, `${index}/0`, stubSeal), {
        at,
        n: index + 1,
        commandId: `${index}`,
      }),
    conversationDecider.initial(receiver),
  )
  const { encodeState, decodeState } = conversationDecider
  const kept = decodeState(JSON.parse(JSON.stringify(encodeState(state))))
  assert.deepEqual(encodeState(kept), encodeState(state))
  assert.equal(kept.blocked.has(sender), true)
  assert.deepEqual([kept.allow, kept.whisperSeq, kept.arrivals.size], ['followed', 4, 2])
})
