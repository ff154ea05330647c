import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EdgeView } from '#libs/channel/edge-view.ts'
import { type ChannelEvent, channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { Connection } from './connection.ts'
import { ada, bob, channel, framesIn, owner } from './edge.fixtures.ts'
import { applyEvent, attach, createRoom, flush, type Membership, seesOf } from './room.ts'

type Event = Opened<ChannelEvent>

const view: EdgeView = {
  ownerId: owner.accountId,
  slug: 'lobby',
  topic: null,
  slowModeSeconds: 0,
  roles: new Map(),
  timeouts: new Map(),
  modes: {},
  seq: 1,
  moderationSeq: 0,
}

const said = (seq: number, text: string | undefined, author = ada, seenBy: 'author' | null = null): Event => ({
  type: 'MessagePosted',
  ...channelAbsent.MessagePosted,
  seq,
  author: author.accountId,
  authorName: text === undefined ? undefined : author.name,
  text,
  seenBy,
})

let moderationSeq = 0
const logged = (action: 'mark_member' | 'add_note' | 'deny_message' | 'open_report' | 'dismiss_report'): Event => ({
  type: 'ModerationLogged',
  ...channelAbsent.ModerationLogged,
  moderationSeq: ++moderationSeq,
  actor: owner.accountId,
  action,
  member: ada.accountId,
})

/** Reports, appeals and the like: told to moderators, and to whom they concern. */
const cases = (): readonly Event[] => {
  const { accountId: member } = ada
  const actor = owner.accountId
  return [
    {
      type: 'ReportOpened',
      ...channelAbsent.ReportOpened,
      reporter: member,
      member: bob.accountId,
      category: 'spam',
      words: 'look',
    },
    logged('open_report'),
    {
      type: 'EvidenceKept',
      messageId: 'line',
      messageSeq: 2,
      author: member,
      authorName: ada.name,
      text: 'one',
      postedAt: 1,
      named: true,
    },
    { type: 'ReportClaimed', reportId: 'line', actor, claimed: true },
    { type: 'ReportClosed', reportId: 'line', reporter: member, actor, resolution: 'dismissed', actId: null },
    logged('dismiss_report'),
    { type: 'AppealOpened', appellant: member, sanction: 'ban', actId: 'line', text: 'please' },
    {
      type: 'AppealAnswered',
      appealId: 'line',
      appellant: member,
      sanction: 'ban',
      actor,
      answer: 'upheld',
      until: null,
      reason: 'no',
    },
    { type: 'QuorumSet', actor, approvals: 2, lapseMs: 1 },
    { type: 'BanProposed', actor, member, needed: 2, until: 1, keys: null, proposalId: null },
    { type: 'BanApproved', proposalId: 'line', actor, approvals: 2 },
    { type: 'BanProposalEnded', proposalId: 'line', member, cause: 'lapsed' },
    { type: 'TermBlocked', actor, term: 'line', match: 'text' },
    { type: 'TermDecided', termId: 'line', actor, kept: false },
    { type: 'AltsLinked', actor, member, alt: '9', evidence: 'same words' },
    { type: 'BanListReceived', source: '9', added: [member], removed: [] },
    { type: 'GroupActed', actor, channels: ['9'], act: 'mute', member, durationMs: null, reason: 'no', keys: null },
    { type: 'ShieldPresetSet', actor, modes: ['slow'], values: [5] },
  ]
}

/** Everything that moderators do unseen. */
const unseen = (): readonly Event[] => {
  moderationSeq = 0
  const marked = (mark: 'warning' | 'shadow'): Event => ({
    type: 'MemberMarked',
    ...channelAbsent.MemberMarked,
    actor: owner.accountId,
    member: ada.accountId,
    mark,
  })
  return [
    marked('shadow'),
    logged('mark_member'),
    marked('warning'),
    logged('mark_member'),
    { type: 'MarkEnded', member: ada.accountId, mark: 'warning', cause: 'acknowledged' },
    logged('add_note'),
    {
      type: 'MessageHeld',
      ...channelAbsent.MessageHeld,
      moderationSeq: ++moderationSeq,
      author: ada.accountId,
      authorName: ada.name,
      text: 'let me in',
      cause: 'low_trust',
    },
    { type: 'HeldMessageDenied', messageId: 'line', author: ada.accountId, cause: 'denied' },
    logged('deny_message'),
    { type: 'LadderChanged', steps: [0] },
    { type: 'MemberEscalated', member: ada.accountId, step: 0 },
    ...cases(),
  ]
}

/** A room with a viewer, an author and a moderator in it; every event is a batch of its own. */
const run = (events: readonly Event[]) => {
  const room = createRoom(channel, 0, { used: 0, limit: 1_000_000 }, 0)
  room.view = view
  const join = (identity: Connection['identity'], role: Membership['role']) => {
    const written: Buffer[] = []
    const connection = { identity, write: (bytes: Buffer) => written.push(bytes) } as unknown as Connection
    const membership = { connection, room, role, index: -1, moderatorIndex: -1 }
    attach(membership)
    const replayed = () => room.ring.slice(2, Number.POSITIVE_INFINITY, seesOf(membership)).bytes
    return { written, replayed }
  }
  const [viewer, author, moderator] = [join(bob, null), join(ada, null), join(owner, 'broadcaster')]
  for (const event of events) {
    applyEvent(room, event, 1_700_000_000_000, 'line')
    flush(room)
  }
  return { viewer, author, moderator }
}

test('a viewer gets the same bytes, in the same writes, whatever moderators do unseen', () => {
  const shown = [said(2, 'one'), said(3, 'two')]
  const plain = run(shown)
  const acted = run([said(2, 'one'), ...unseen(), said(3, 'two')])
  assert.deepEqual(acted.viewer.written, plain.viewer.written)
  assert.deepEqual(acted.viewer.replayed(), plain.viewer.replayed())
  const told = acted.moderator.written.flatMap(framesIn).flatMap((each) => {
    return each.type === 'moderation' ? [each.moderationSeq] : []
  })
  assert.deepEqual(told, [1, 2, 3, 4, 5, 6, 7])
  const personal = acted.author.written.flatMap(framesIn).flatMap((each) => {
    return each.type === 'personal' ? [each.event.kind] : []
  })
  assert.deepEqual(personal, ['marked', 'mark-ended', 'not-posted', 'report-closed', 'appeal-answered'])
})

test('what a shadow-restricted author says is the same skip to others as what is gone for another cause', () => {
  const gone = run([said(2, undefined), said(3, 'after', bob)])
  const restricted = run([said(2, 'hidden', ada, 'author'), said(3, 'after', bob)])
  assert.deepEqual(restricted.viewer.written, gone.viewer.written)
  assert.deepEqual(restricted.viewer.replayed(), gone.viewer.replayed())
})

test('its author and the moderators see it as if nothing were, now and at a resume', () => {
  const plain = run([said(2, 'hidden'), said(3, 'after', bob)])
  const restricted = run([said(2, 'hidden', ada, 'author'), said(3, 'after', bob)])
  assert.deepEqual(restricted.author.written, plain.author.written)
  assert.deepEqual(restricted.moderator.written, plain.moderator.written)
  assert.deepEqual(restricted.author.replayed(), plain.author.replayed())
})

test('the deletion of what others never saw is a skip to them too', () => {
  const deletion = (seenBy: 'author' | null): Event => ({
    type: 'MessageDeleted',
    seq: 3,
    messageId: 'line',
    messageSeq: 2,
    author: ada.accountId,
    seenBy,
  })
  const { viewer, moderator } = run([said(2, 'hidden', ada, 'author'), deletion('author')])
  const types = ({ written }: typeof viewer) => written.flatMap(framesIn).map(({ type }) => type)
  assert.deepEqual(
    [types(viewer), types(moderator)],
    [
      ['skip', 'skip'],
      ['event', 'event'],
    ],
  )
  const resumed = framesIn(moderator.replayed()).map(({ type }) => type)
  assert.deepEqual(resumed, ['skip', 'event'])
})

test('many are deleted at once, by author or by number, and a restore is asked of the history', () => {
  const all = [said(2, 'one'), said(3, 'two', bob), said(4, 'three')]
  const after = (...events: Event[]) => framesIn(run([...all, ...events]).viewer.replayed()).map(({ type }) => type)
  const deleted = (author: string | null, messageSeqs: readonly number[] | null): Event => ({
    type: 'MessagesDeleted',
    seq: 5,
    author,
    messageSeqs,
  })
  assert.deepEqual(after(deleted(ada.accountId, null)), ['skip', 'event', 'skip', 'event'])
  assert.deepEqual(after(deleted(null, null)), ['skip', 'skip', 'skip', 'event'])
  assert.deepEqual(after(deleted(null, [3])), ['event', 'skip', 'event', 'event'])
  const restored: Event = { type: 'MessagesRestored', seq: 6, messageSeqs: [3] }
  const room = createRoom(channel, 0, { used: 0, limit: 1_000_000 }, 0)
  room.view = view
  for (const event of [...all, deleted(null, [3]), restored]) applyEvent(room, event, 0, 'line')
  assert.equal(room.ring.first(), 6)
})
