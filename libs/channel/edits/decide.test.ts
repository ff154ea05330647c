import { test } from 'node:test'
import { happened, t0 } from '#libs/testing/specification.ts'
import {
  broadcaster,
  given,
  logged,
  moderator,
  otherViewer,
  posted,
  staffed,
  timedOutUntil,
  viewer,
} from '../channel.fixtures.ts'
import { encodeEntities, entitiesIn } from '../entities.ts'
import type { ChannelDraft, ChannelDraftOf } from '../events.ts'

const windowSeconds = 60
const opened: ChannelDraft = {
  type: 'ModeChanged',
  seq: 6,
  actor: moderator,
  mode: 'edit_window',
  value: windowSeconds,
  since: t0,
}
const message = happened(posted({ seq: 7 }), { commandId: 'm' })
const history = [...staffed, opened, message]
const edit = { type: 'EditMessage', messageId: 'm', text: 'hi, @bob' } as const
const edited = (fields: Partial<ChannelDraftOf<'MessageEdited'>> = {}): ChannelDraft => ({
  type: 'MessageEdited',
  seq: 8,
  messageId: 'm',
  messageSeq: 7,
  author: viewer,
  text: 'hi, @bob',
  entities: '[{"kind":"mention","from":4,"to":8,"name":"bob"}]',
  seenBy: null,
  ...fields,
})
const refused = { code: 'channel.not_editable', windowSeconds }

test('an author writes a message anew within the window, and not behind it', () => {
  given(history).when(edit).then([edited()], { messageId: 'm', seq: 8 })
  given(history)
    .when(edit, { at: t0 + 60_000 })
    .then([edited()])
  given(history)
    .when(edit, { at: t0 + 60_001 })
    .thenRejected(refused)
})

test('without a window nothing is edited', () => {
  given([...staffed, happened(posted({ seq: 6 }), { commandId: 'm' })])
    .when(edit)
    .thenRejected({ code: 'channel.not_editable', windowSeconds: 0 })
})

test('nobody edits what another wrote, moderators neither, nor what is not there or deleted', () => {
  for (const principal of [otherViewer, moderator]) given(history).when(edit, { principal }).thenRejected(refused)
  given(history)
    .when({ ...edit, messageId: 'other' })
    .thenRejected({ code: 'channel.message_unknown' })
  const deleted: ChannelDraft = {
    type: 'MessageDeleted',
    seq: 8,
    messageId: 'm',
    messageSeq: 7,
    author: viewer,
    seenBy: null,
  }
  given([...history, deleted])
    .when(edit)
    .thenRejected({ code: 'channel.message_deleted' })
})

test('what may not be posted is edited into nothing, and who may not post edits nothing', () => {
  given(history)
    .when({ ...edit, text: '\u200b' })
    .thenRejected({ code: 'channel.text_blank' })
  given([...history, timedOutUntil(t0 + 1_000, { seq: 8 })])
    .when(edit)
    .thenRejected({ code: 'channel.timed_out', remainingMs: 1_000 })
  const emotesOnly: ChannelDraft = {
    type: 'ModeChanged',
    seq: 8,
    actor: moderator,
    mode: 'emote_only',
    value: 1,
    since: t0,
  }
  given([...history, emotesOnly])
    .when(edit)
    .thenRejected({ code: 'channel.emote_only' })
  const policy = JSON.stringify({
    format: 1,
    rules: [
      { id: 'held', kind: 'terms', terms: ['bob'], verdict: 'hold' },
      { id: 'no', kind: 'terms', terms: ['spam'], verdict: 'reject' },
    ],
  })
  const filtered: readonly (typeof history)[number][] = [
    ...history,
    { type: 'PolicySet', actor: moderator, version: 1, policy },
  ]
  given(filtered).when(edit).thenRejected(refused)
  given(filtered)
    .when({ ...edit, text: 'spam' })
    .thenRejected({ code: 'channel.filtered', kind: 'terms' })
})

test('a permit lets links be edited in, and one that was for a single message is used by it', () => {
  const link = 'https://example.org'
  const policy: ChannelDraft = {
    type: 'PolicySet',
    actor: broadcaster,
    version: 1,
    policy: JSON.stringify({ format: 1, rules: [{ id: 'links', kind: 'links', listed: 'permitted' }] }),
  }
  const permitted: ChannelDraft = {
    type: 'MemberMarked',
    actor: moderator,
    member: viewer,
    mark: 'link_permit',
    until: t0 + 600_000,
    value: 1,
    reason: null,
  }
  given([...history, policy])
    .when({ ...edit, text: link })
    .thenRejected({ code: 'channel.filtered', kind: 'links' })
  given([...history, policy, permitted])
    .when({ ...edit, text: link })
    .then([
      edited({ text: link, entities: encodeEntities(entitiesIn(link)) }),
      { type: 'MarkEnded', member: viewer, mark: 'link_permit', cause: 'used' },
      logged({ actor: viewer, action: 'use_permit', member: viewer, mark: 'link_permit', messageId: 'm' }),
    ])
})

test('what rules on trial would have done to an edit the moderators are told, as of a post', () => {
  const trial = (verdict: string, timeoutMs: number) => {
    return { id: verdict, kind: 'terms', terms: ['bob'], mode: 'shadow', verdict, timeoutMs }
  }
  const rules = [trial('reject', 1_000), trial('time_out', 5_000)]
  const policy: ChannelDraft = {
    type: 'PolicySet',
    actor: broadcaster,
    version: 3,
    policy: JSON.stringify({ format: 1, rules }),
  }
  const told = { actor: '0', action: 'shadow_verdict', member: viewer, messageId: 'm', policyVersion: 3 } as const
  given([...history, policy])
    .when(edit)
    .then([
      edited(),
      logged({ ...told, rule: 'reject', verdict: 'reject' }),
      logged({ ...told, moderationSeq: 2, rule: 'time_out', verdict: 'time_out', durationMs: 5_000 }),
    ])
})

test('who waits for a moderator, or is seen by nobody else, edits nothing that everybody sees', () => {
  const marked = (mark: 'low_trust' | 'shadow'): ChannelDraft => ({
    type: 'MemberMarked',
    actor: moderator,
    member: viewer,
    mark,
    until: null,
    value: null,
    reason: null,
  })
  given([...history, marked('low_trust')])
    .when(edit)
    .thenRejected(refused)
  given([...history, marked('shadow')])
    .when(edit)
    .thenRejected(refused)
  const hidden = happened(posted({ seq: 7, seenBy: 'author' }), { commandId: 'm' })
  given([...staffed, opened, marked('shadow'), hidden])
    .when(edit)
    .then([edited({ seenBy: 'author' })])
})
