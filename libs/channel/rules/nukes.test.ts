import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { happened, t0 } from '#libs/testing/specification.ts'
import {
  broadcaster,
  given,
  lead,
  logged,
  moderator,
  otherViewer,
  posted,
  staffed,
  timedOutUntil,
  viewer,
} from '../channel.fixtures.ts'
import type { ChannelDraft } from '../events.ts'

const byModerator = { principal: moderator }
const said = [
  ...staffed,
  happened(posted({ seq: 6 }), { commandId: 'one' }),
  happened(posted({ seq: 7, author: otherViewer }), { commandId: 'two' }),
  happened(posted({ seq: 8, author: lead }), { commandId: 'three' }),
]
const nuke = (durationMs: number | null) =>
  ({
    type: 'NukeMessages',
    messageIds: ['one', 'two', 'three'],
    messageSeqs: [6, 7, 8],
    members: [viewer, otherViewer, lead],
    durationMs,
    reason: 'raid',
  }) as const
const until = t0 + 60_000
const nuked: readonly ChannelDraft[] = [
  { type: 'MessagesDeleted', seq: 9, author: null, messageSeqs: [6, 7] },
  timedOutUntil(until, { seq: 10, member: viewer }),
  timedOutUntil(until, { seq: 11, member: otherViewer }),
  { type: 'NukeDone', messageSeqs: [6, 7], members: [viewer, otherViewer], until },
  logged({
    actor: moderator,
    action: 'nuke',
    messages: ['one', 'two'],
    value: 2,
    durationMs: 60_000,
    reason: 'raid',
  }),
]

test('a nuke deletes what was found and times its authors out, as far as the sender reaches', () => {
  given(said).when(nuke(60_000), byModerator).then(nuked, { seq: 11, messages: 2, members: 2 })
  given(said)
    .when(nuke(null), byModerator)
    .then([
      { type: 'MessagesDeleted', seq: 9, author: null, messageSeqs: [6, 7] },
      { type: 'NukeDone', messageSeqs: [6, 7], members: [], until: null },
      logged({ actor: moderator, action: 'nuke', messages: ['one', 'two'], value: 0, reason: 'raid' }),
    ])
  given(said).when(nuke(null)).thenRejected({ code: 'channel.forbidden', action: 'nuke' })
})

test('a nuke names one number and one author a message, and finds something', () => {
  given(said)
    .when({ ...nuke(null), members: [viewer] }, byModerator)
    .thenRejected({ code: 'channel.nuke_unfit', max: 500 })
  given(said)
    .when({ ...nuke(null), messageIds: ['three'], messageSeqs: [8], members: [lead] }, byModerator)
    .thenRejected({ code: 'channel.nothing_to_nuke' })
})

const undo = { type: 'UndoNuke', nukeId: 'nuke', reason: null } as const
const history = [...said, ...nuked.map((draft) => happened(draft, { commandId: 'nuke' }))]

test('a nuke is taken back: messages are there again, and who was timed out by it talks again', () => {
  given(history)
    .when(undo, byModerator)
    .then([
      { type: 'MessagesRestored', seq: 12, messageSeqs: [6, 7] },
      { type: 'TimeoutEnded', seq: 13, member: viewer, cause: 'lifted' },
      { type: 'TimeoutEnded', seq: 14, member: otherViewer, cause: 'lifted' },
      { type: 'NukeUndone', nukeId: 'nuke' },
      logged({ moderationSeq: 2, actor: moderator, action: 'undo_nuke', undoes: 'nuke' }),
    ])
  given([...history, timedOutUntil(until + 1, { seq: 12, member: viewer })])
    .when(undo, byModerator)
    .then([
      { type: 'MessagesRestored', seq: 13, messageSeqs: [6, 7] },
      { type: 'TimeoutEnded', seq: 14, member: otherViewer, cause: 'lifted' },
      { type: 'NukeUndone', nukeId: 'nuke' },
      logged({ moderationSeq: 2, actor: moderator, action: 'undo_nuke', undoes: 'nuke' }),
    ])
  given([...history, { type: 'NukeUndone', nukeId: 'nuke' }])
    .when(undo, byModerator)
    .thenRejected({ code: 'channel.nuke_unknown' })
})

test('what a nuke has deleted is deleted, and what was restored may be deleted again', () => {
  const deletion = { type: 'DeleteMessage', ...channelAbsent.DeleteMessage, messageId: 'one' } as const
  given(history).when(deletion, byModerator).thenRejected({ code: 'channel.message_deleted' })
  given([...history, { type: 'MessagesRestored', seq: 12, messageSeqs: [6] }])
    .when(deletion, byModerator)
    .then([
      { type: 'MessageDeleted', seq: 13, messageId: 'one', messageSeq: 6, author: viewer, seenBy: null },
      logged({ moderationSeq: 2, actor: moderator, action: 'delete_message', member: viewer, messageId: 'one' }),
    ])
})

test('all that a member has said is deleted, or everything', () => {
  given(said)
    .when({ type: 'DeleteMessages', member: viewer, reason: null }, byModerator)
    .then([
      { type: 'MessagesDeleted', seq: 9, author: viewer, messageSeqs: null },
      logged({ actor: moderator, action: 'delete_messages', member: viewer }),
    ])
  given(said)
    .when({ type: 'DeleteMessages', member: null, reason: 'raid' }, { principal: broadcaster })
    .then([
      { type: 'MessagesDeleted', seq: 9, author: null, messageSeqs: null },
      logged({ actor: broadcaster, action: 'clear_channel', reason: 'raid' }),
    ])
  given(said)
    .when({ type: 'DeleteMessages', member: lead, reason: null }, byModerator)
    .thenRejected({ code: 'channel.rank_too_low' })
  const deletion = { type: 'DeleteMessage', ...channelAbsent.DeleteMessage, messageId: 'two' } as const
  given([...said, { type: 'MessagesDeleted', seq: 9, author: viewer, messageSeqs: null }])
    .when(deletion, { principal: otherViewer })
    .then([
      { type: 'MessageDeleted', seq: 10, messageId: 'two', messageSeq: 7, author: otherViewer, seenBy: null },
      logged({ actor: otherViewer, action: 'delete_message', member: otherViewer, messageId: 'two' }),
    ])
})
