import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { happened } from '#libs/testing/specification.ts'
import { created, given, moderator, posted, staffed, viewer } from '../channel.fixtures.ts'

const post = { type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hi' } as const
const moderators = { principal: moderator, facts: { displayName: 'Viewer' } }

test('what somebody does is a message of its own form', () => {
  given([created()])
    .when({ ...post, form: 'action' })
    .then([posted({ form: 'action' })])
})

test('announcements are for moderators, and colours for announcements', () => {
  const announcement = { ...post, form: 'announcement', color: 'blue' } as const
  given(staffed)
    .when(announcement, moderators)
    .then([posted({ seq: 6, author: moderator, role: 'moderator', form: 'announcement', color: 'blue' })])
  given(staffed).when(announcement).thenRejected({ code: 'channel.forbidden', action: 'announce' })
  given(staffed)
    .when({ ...post, color: 'blue' }, moderators)
    .thenRejected({ code: 'channel.color_without_announcement' })
})

test('what stands in a text is found once, when it is posted', () => {
  given([created()])
    .when({ ...post, text: 'hi @Ada' })
    .then([posted({ text: 'hi @Ada', entities: '[{"kind":"mention","from":3,"to":7,"name":"ada"}]' })])
})

test('an answer names what it answers, and where the thread begins', () => {
  const first = happened(posted(), { commandId: 'first' })
  const second = happened(posted({ seq: 3, replyTo: 'first', replyToAuthor: viewer, thread: 'first' }), {
    commandId: 'second',
  })
  given([created(), first])
    .when({ ...post, replyTo: 'first' })
    .then([posted({ seq: 3, replyTo: 'first', replyToAuthor: viewer, thread: 'first' })])
  given([created(), first, second])
    .when({ ...post, replyTo: 'second' })
    .then([posted({ seq: 4, replyTo: 'second', replyToAuthor: viewer, thread: 'first' })])
})

test('what is not there is not answered', () => {
  given([created()])
    .when({ ...post, replyTo: 'nothing' })
    .thenRejected({ code: 'channel.message_unknown' })
  const deleted = {
    type: 'MessageDeleted',
    ...channelAbsent.MessageDeleted,
    seq: 3,
    messageId: 'line',
    messageSeq: 2,
    author: viewer,
  } as const
  given([created(), happened(posted(), { commandId: 'line' }), deleted])
    .when({ ...post, replyTo: 'line' })
    .thenRejected({ code: 'channel.message_deleted' })
})
