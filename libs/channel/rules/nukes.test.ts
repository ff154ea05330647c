import assert from 'node:assert/strict'
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
  vip,
} from '../channel.fixtures.ts'
import type { ChannelDraft } from '../events.ts'
import { evidenceAsked, evidenceFacts } from '../evidence/evidence.ts'
import { sweepOf } from '../follow-up.ts'

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
    term: null,
    match: null,
  }) as const
const until = t0 + 60_000
const nuked: readonly ChannelDraft[] = [
  { type: 'MessagesDeleted', seq: 9, author: null, messageSeqs: [6, 7] },
  timedOutUntil(until, { seq: 10, member: viewer }),
  timedOutUntil(until, { seq: 11, member: otherViewer }),
  { type: 'NukeDone', messageSeqs: [6, 7], members: [viewer, otherViewer], until, authors: [viewer, otherViewer] },
  logged({
    actor: moderator,
    action: 'nuke',
    messages: ['one', 'two'],
    value: 2,
    durationMs: 60_000,
    reason: 'raid',
  }),
]

test('what a nuke was about is kept with it, without what it has left alone', () => {
  const evidence = ['one', 'three', 'before'].map((id, index) => {
    return { id, seq: 6 + index, author: viewer, name: 'V', text: id, at: 5, named: id !== 'before' }
  })
  const kept = (messageId: string, messageSeq: number, named: boolean): ChannelDraft => {
    const said = { author: viewer, authorName: 'V', text: messageId, postedAt: 5 }
    return { type: 'EvidenceKept', messageId, messageSeq, ...said, named }
  }
  given(said)
    .when(nuke(60_000), { ...byModerator, facts: evidenceFacts(evidence) })
    .then([...nuked, kept('one', 6, true), kept('before', 8, false)])
})

test('of a large nuke each author has a message kept before anybody has two', () => {
  const count = 60
  const asked = evidenceAsked(
    {
      ...nuke(null),
      messageIds: Array.from({ length: count }, (_, index) => `m${index}`),
      messageSeqs: Array.from({ length: count }, (_, index) => index + 1),
      members: Array.from({ length: count }, (_, index) => (index < 55 ? viewer : `${index}`)),
    },
    moderator,
  )
  assert.ok(asked && 'messages' in asked)
  assert.deepEqual(asked.messages.slice(0, 7), ['m0', 'm55', 'm56', 'm57', 'm58', 'm59', 'm1'])
  assert.equal(asked.messages.length, 50)
})

test('a nuke deletes what was found and times its authors out, as far as the sender reaches', () => {
  given(said).when(nuke(60_000), byModerator).then(nuked, { seq: 11, messages: 2, members: 2 })
  given(said)
    .when(nuke(null), byModerator)
    .then([
      { type: 'MessagesDeleted', seq: 9, author: null, messageSeqs: [6, 7] },
      { type: 'NukeDone', messageSeqs: [6, 7], members: [], until: null, authors: [viewer, otherViewer] },
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
/** What comes of that history when it is undone. */
const takenBack: readonly ChannelDraft[] = [
  { type: 'MessagesRestored', seq: 12, messageSeqs: [6, 7] },
  { type: 'TimeoutEnded', seq: 13, member: viewer, cause: 'lifted' },
  { type: 'TimeoutEnded', seq: 14, member: otherViewer, cause: 'lifted' },
  { type: 'NukeUndone', nukeId: 'nuke' },
]

test('a nuke is taken back: messages are there again, and who was timed out by it talks again', () => {
  given(history)
    .when(undo, byModerator)
    .then([...takenBack, logged({ moderationSeq: 2, actor: moderator, action: 'undo_nuke', undoes: 'nuke' })])
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

test('what came between the search of a nuke and its decision is taken back with it', () => {
  const swept: readonly ChannelDraft[] = [
    posted({ seq: 12, author: otherViewer }),
    { type: 'MessagesDeleted', seq: 13, author: null, messageSeqs: [12] },
    { type: 'NukeDone', messageSeqs: [12], members: [], until: null, authors: [otherViewer] },
  ]
  given([...history, ...swept.map((draft) => happened(draft, { commandId: sweepOf('nuke') }))])
    .when(undo, byModerator)
    .then([
      { type: 'MessagesRestored', seq: 14, messageSeqs: [6, 7, 12] },
      { type: 'TimeoutEnded', seq: 15, member: viewer, cause: 'lifted' },
      { type: 'TimeoutEnded', seq: 16, member: otherViewer, cause: 'lifted' },
      { type: 'NukeUndone', nukeId: 'nuke' },
      { type: 'NukeUndone', nukeId: sweepOf('nuke') },
      logged({ moderationSeq: 2, actor: moderator, action: 'undo_nuke', undoes: 'nuke' }),
    ])
})

const term = 'free skins'
const blocking: readonly ChannelDraft[] = [
  ...nuked.slice(0, 4),
  { type: 'TermBlocked', actor: moderator, term, match: 'text' },
  logged({
    actor: moderator,
    action: 'nuke',
    messages: ['one', 'two'],
    value: 2,
    durationMs: 60_000,
    reason: 'raid',
    caseId: 'when',
  }),
]
const blocked = [...said, ...blocking.map((draft) => happened(draft, { commandId: 'nuke' }))]
const says = (text: string) => ({ type: 'PostMessage', ...channelAbsent.PostMessage, text }) as const
const filtered = { code: 'channel.filtered', kind: 'blocked_term' } as const
const decided = (keep: boolean) => ({ type: 'DecideTerm', termId: 'nuke', keep, reason: null }) as const

test('a nuke blocks what it was about for all but moderators, until one of them decides', () => {
  given(said)
    .when({ ...nuke(60_000), term }, byModerator)
    .then(blocking)
  const other = { principal: vip }
  given(blocked).when(says('get FREE   Skins now'), other).thenRejected(filtered)
  given(blocked)
    .when(says('free skins is blocked'), { ...byModerator, facts: { displayName: 'M' } })
    .then([posted({ seq: 12, author: moderator, authorName: 'M', text: 'free skins is blocked', role: 'moderator' })])
  const lifted: ChannelDraft = { type: 'TermDecided', termId: 'nuke', actor: moderator, kept: false }
  const kept: ChannelDraft = { ...lifted, kept: true }
  const entry = { moderationSeq: 2, actor: moderator, caseId: 'nuke' } as const
  given(blocked)
    .when(decided(false), byModerator)
    .then([lifted, logged({ ...entry, action: 'unblock_term' })])
  given(blocked)
    .when(decided(true), byModerator)
    .then([kept, logged({ ...entry, action: 'keep_term' })])
  given([...blocked, kept])
    .when(says('free skins'), other)
    .thenRejected(filtered)
  given([...blocked, lifted])
    .when(says('free skins'), { ...other, facts: { displayName: 'V' } })
    .then([posted({ seq: 12, author: vip, authorName: 'V', text: 'free skins', role: 'vip' })])
  given([...blocked, lifted])
    .when(decided(true), byModerator)
    .thenRejected({ code: 'channel.term_unknown' })
  given(blocked).when(decided(false), other).thenRejected({ code: 'channel.forbidden', action: 'nuke' })
})

test('taken back, a nuke blocks nothing; unless a moderator has decided that the term stays', () => {
  const undone: ChannelDraft = { type: 'NukeUndone', nukeId: 'nuke' }
  const restored = (seq: number): readonly ChannelDraft[] => [
    { type: 'MessagesRestored', seq, messageSeqs: [6, 7] },
    { type: 'TimeoutEnded', seq: seq + 1, member: viewer, cause: 'lifted' },
    { type: 'TimeoutEnded', seq: seq + 2, member: otherViewer, cause: 'lifted' },
    undone,
  ]
  const entry = logged({ moderationSeq: 2, actor: moderator, action: 'undo_nuke', undoes: 'nuke' })
  const unblocked: ChannelDraft = { type: 'TermDecided', termId: 'nuke', actor: moderator, kept: false }
  given(blocked)
    .when(undo, byModerator)
    .then([...restored(12), unblocked, entry])
  given([...blocked, { ...unblocked, kept: true }])
    .when(undo, byModerator)
    .then([...restored(12), entry])
})

test('a term is in its normal form, of some length, and there is room for so many', () => {
  for (const unfit of ['Free', 'a', ' a b', 'x'.repeat(129)])
    given(said)
      .when({ ...nuke(null), term: unfit }, byModerator)
      .thenRejected({ code: 'channel.term_unfit', min: 2, max: 128 })
  const full = Array.from({ length: 50 }, (_, index): ChannelDraft => {
    return { type: 'TermBlocked', actor: moderator, term: `term ${index}`, match: null }
  })
  given([...said, ...full])
    .when({ ...nuke(null), term }, byModerator)
    .thenRejected({ code: 'channel.too_many_terms', max: 50, maxSteps: 500 })
})

const pattern = { term: 'free\\s*sk[i1]ns?', match: 'pattern' } as const

test('a nuke by a pattern blocks what is like it, until a moderator decides or it is taken back', () => {
  const asked = { ...nuke(60_000), ...pattern }
  const termBlocked: ChannelDraft = { type: 'TermBlocked', actor: moderator, ...pattern }
  given(said)
    .when(asked, byModerator)
    .then(blocking.map((draft) => (draft.type === 'TermBlocked' ? termBlocked : draft)))
  const nukedBy = [...blocking.slice(0, 4), termBlocked].map((draft) => happened(draft, { commandId: 'nuke' }))
  const since = [...said, ...nukedBy]
  const other = { principal: vip, facts: { displayName: 'V' } }
  for (const text of ['FREE SK1N', 'get freeskins', 'so free  skins'])
    given(since).when(says(text), other).thenRejected(filtered)
  const harmless = 'free\\s*sk[i1]ns?'
  const saidBy = (text: string) => posted({ seq: 12, author: vip, authorName: 'V', text, role: 'vip' })
  given(since)
    .when(says(harmless), other)
    .then([saidBy(harmless)])
  const free = { type: 'TermDecided', termId: 'nuke', actor: moderator, kept: false } as const
  given([...since, free])
    .when(says('free skins'), other)
    .then([saidBy('free skins')])
  given(since)
    .when(undo, byModerator)
    .then([...takenBack, free, logged({ moderationSeq: 1, actor: moderator, action: 'undo_nuke', undoes: 'nuke' })])
})

test('a pattern is looked for in linear time, in few steps, and is not in everything', () => {
  for (const [term, problem] of [
    ['(a)\\1', 'error parsing regexp: invalid escape sequence: `\\1`'],
    ['fr[ee', 'error parsing regexp: missing closing ]: `[ee`'],
    ['a{251}', 'the patterns are over 250 steps long'],
    ['(skins)?', 'it is in every message'],
    ['', 'it is in every message'],
    ['x'.repeat(257), 'it is over 256 characters long'],
  ] as const)
    given(said)
      .when({ ...nuke(null), term, match: 'pattern' }, byModerator)
      .thenRejected({ code: 'channel.pattern_unfit', problem, max: 256, maxSteps: 250 })
  const long = Array.from({ length: 5 }, (_, index): ChannelDraft => {
    return { type: 'TermBlocked', actor: moderator, term: `${index}[ab]{80}`, match: 'pattern' }
  })
  const more = { ...nuke(null), term: 'c{120}', match: 'pattern' } as const
  given([...said, ...long])
    .when(more, byModerator)
    .thenRejected({ code: 'channel.too_many_terms', max: 50, maxSteps: 500 })
  given([...said, ...long])
    .when(says(`0${'ab'.repeat(40)}`), { principal: vip })
    .thenRejected(filtered)
  const before: ChannelDraft = { type: 'TermBlocked', actor: moderator, term: '5[ab]{900}', match: 'pattern' }
  given([...said, ...long, before])
    .when(says(`0${'ab'.repeat(40)}`), { principal: vip })
    .thenRejected(filtered)
  given([...said, ...long])
    .when({ ...more, term: '0[ab]{80}' }, byModerator)
    .then([
      { type: 'MessagesDeleted', seq: 9, author: null, messageSeqs: [6, 7] },
      { type: 'NukeDone', messageSeqs: [6, 7], members: [], until: null, authors: [viewer, otherViewer] },
      logged({ actor: moderator, action: 'nuke', messages: ['one', 'two'], value: 0, reason: 'raid' }),
    ])
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

test('who is timed out for longer stays so, and a nuke that is taken back leaves them alone', () => {
  const day = timedOutUntil(t0 + 86_400_000, { seq: 9, member: viewer })
  const alone: readonly ChannelDraft[] = [
    { type: 'MessagesDeleted', seq: 10, author: null, messageSeqs: [6, 7] },
    timedOutUntil(until, { seq: 11, member: otherViewer }),
    { type: 'NukeDone', messageSeqs: [6, 7], members: [otherViewer], until, authors: [viewer, otherViewer] },
    logged({
      actor: moderator,
      action: 'nuke',
      messages: ['one', 'two'],
      value: 1,
      durationMs: 60_000,
      reason: 'raid',
    }),
  ]
  given([...said, day])
    .when(nuke(60_000), byModerator)
    .then(alone)
})

test('what was deleted since for another reason comes back with no nuke', () => {
  const restored = (messageSeqs: number[]) => [
    { type: 'MessagesRestored', seq: 13, messageSeqs } as const,
    { type: 'TimeoutEnded', seq: 14, member: viewer, cause: 'lifted' } as const,
    { type: 'TimeoutEnded', seq: 15, member: otherViewer, cause: 'lifted' } as const,
    { type: 'NukeUndone', nukeId: 'nuke' } as const,
    logged({ moderationSeq: 2, actor: moderator, action: 'undo_nuke', undoes: 'nuke' }),
  ]
  const purge = (author: string | null, messageSeqs: number[] | null = null): ChannelDraft => {
    return { type: 'MessagesDeleted', seq: 12, author, messageSeqs }
  }
  for (const [deleted, left] of [
    [purge(viewer), [7]],
    [purge(null), []],
    [purge(null, [7]), [6]],
    [purge(lead), [6, 7]],
  ] as const)
    given([...history, deleted])
      .when(undo, byModerator)
      .then(restored([...left]))
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
