import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { t0 } from '#libs/testing/specification.ts'
import { given, moderator, posted, staffed, viewer } from '../channel.fixtures.ts'
import type { ChannelDraft } from '../events.ts'
import { decodeAttachment, encodeAttachment } from './attachments.ts'
import { attachmentsFact, uploadToken } from './uploads.ts'

const mode = (mode: 'attachments' | 'emote_only' | 'unique', seq = 6): ChannelDraft => ({
  type: 'ModeChanged',
  seq,
  actor: moderator,
  mode,
  value: 1,
  since: t0,
})
const ids = Array.from({ length: 5 }, (_, index) => uuidv7(t0 + index))
const shown = ids.map((id) => encodeAttachment({ id, width: 640, height: 480 }))
const post = (...attachments: readonly string[]) =>
  ({ type: 'PostMessage', ...channelAbsent.PostMessage, text: 'look', attachments }) as const
const proven = (count: number) => ({ facts: { displayName: 'Viewer', attachments: shown.slice(0, count).join(' ') } })

test('a message shows the pictures that its edge has proven', () => {
  given([...staffed, mode('attachments')])
    .when(post('one', 'two'), proven(2))
    .then([posted({ seq: 7, text: 'look', attachments: shown.slice(0, 2) })])
})

test('a channel takes none until a moderator says so', () => {
  given(staffed).when(post('one'), proven(1)).thenRejected({ code: 'channel.attachments_off' })
  given(staffed)
    .when(post(), { facts: { displayName: 'Viewer' } })
    .then([posted({ seq: 6, text: 'look' })])
})

test('four are shown at most, and none that is unproven or named twice', () => {
  const history = [...staffed, mode('attachments')]
  given(history)
    .when(post(...ids), proven(5))
    .thenRejected({ code: 'channel.too_many_attachments', max: 4 })
  given(history).when(post('one')).thenRejected({ code: 'channel.attachment_unknown' })
  given(history).when(post('one', 'two'), proven(1)).thenRejected({ code: 'channel.attachment_unknown' })
  given(history)
    .when(post('one', 'one'), { facts: { attachments: `${shown[0]} ${shown[0]}` } })
    .thenRejected({ code: 'channel.attachment_unknown' })
})

test('no picture is posted where only emotes are', () => {
  given([...staffed, mode('attachments'), mode('emote_only', 7)])
    .when({ ...post('one'), text: '👍' }, proven(1))
    .thenRejected({ code: 'channel.emote_only' })
})

test('a picture needs no words, and words that say nothing need a picture', () => {
  const history = [...staffed, mode('attachments')]
  for (const text of ['', '  '])
    given(history)
      .when({ ...post('one'), text }, proven(1))
      .then([posted({ seq: 7, text, attachments: shown.slice(0, 1) })])
  given(history)
    .when({ ...post(), text: '' }, proven(0))
    .thenRejected({ code: 'channel.text_blank' })
  given(history)
    .when({ ...post('one'), text: '' })
    .thenRejected({ code: 'channel.attachment_unknown' })
  given(staffed)
    .when({ ...post('one'), text: '' }, proven(1))
    .thenRejected({ code: 'channel.attachments_off' })
})

test('pictures without words are not compared where each message has to be another', () => {
  const seen = { ...posted({ seq: 8, text: '', attachments: shown.slice(0, 1) }), fingerprint: null }
  given([...staffed, mode('attachments'), mode('unique', 7), seen])
    .when({ ...post('two'), text: '' }, { facts: { displayName: 'Viewer', attachments: shown[1] ?? '' } })
    .then([posted({ seq: 9, text: '', attachments: shown.slice(1, 2) })])
})

test('pictures wait for a moderator with their message, and are shown once it is let through', () => {
  const marked: ChannelDraft = {
    type: 'MemberMarked',
    actor: moderator,
    member: viewer,
    mark: 'low_trust',
    until: null,
    value: null,
    reason: null,
  }
  const pictures = shown.slice(0, 2)
  const waiting = {
    type: 'MessageHeld',
    ...channelAbsent.MessageHeld,
    moderationSeq: 1,
    author: viewer,
    authorName: 'Viewer',
    text: 'look',
    attachments: pictures,
    cause: 'low_trust',
  } as const
  given([...staffed, mode('attachments'), marked])
    .when(post('one', 'two'), proven(2))
    .then([waiting], { messageId: 'when', held: true, kind: 'low_trust', attachments: 2 })
  given([...staffed, mode('attachments'), marked])
    .when({ ...post('one', 'two') })
    .thenRejected({ code: 'channel.attachment_unknown' })
})

test('an upload is good for its account, its channel and an hour', () => {
  const hashes = { attachment: (text: string) => Buffer.from(`signed ${text}`).toString('base64url') }
  const whose = { accountId: viewer, channelId: '500' }
  const attachment = { id: uuidv7(t0), width: 640, height: 480 }
  const token = uploadToken(hashes, whose, attachment)
  const at = (now: number) => attachmentsFact(hashes, () => now)
  assert.equal(at(t0)(whose, [token]), encodeAttachment(attachment))
  assert.equal(at(t0 + 3_600_000)(whose, [token]), encodeAttachment(attachment))
  assert.equal(at(t0 + 3_600_001)(whose, [token]), undefined)
  assert.equal(at(t0)({ ...whose, accountId: '7' }, [token]), undefined)
  assert.equal(at(t0)({ ...whose, channelId: '7' }, [token]), undefined)
  assert.equal(at(t0)(whose, [token.replace('640', '641')]), undefined)
  assert.equal(at(t0)(whose, [token, 'x']), undefined, 'all of them, or none')
  assert.equal(at(t0)(whose, undefined), undefined)
})

test('what is no picture is not read as one', () => {
  for (const text of ['', 'x', `${ids[0]}:0x4`, `${ids[0]}:4x`, `../../..:4x4`])
    assert.equal(decodeAttachment(text), undefined, text)
})
