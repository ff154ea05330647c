import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { isUuidv7, uuidv7 } from '#libs/journal/ids.ts'
import { happened, t0 } from '#libs/testing/specification.ts'
import { nextApplying, noBanLists } from '../casework/ban-lists.ts'
import {
  broadcaster,
  given,
  lead,
  logged,
  moderator,
  otherModerator,
  staffed,
  timedOutUntil,
  viewer,
} from '../channel.fixtures.ts'
import type { ChannelDraft } from '../events.ts'
import { followUpId } from '../follow-up.ts'

const day = 86_400_000
const until = t0 + day
const by = (principal: string) => ({ principal })
const set: ChannelDraft = { type: 'QuorumSet', actor: lead, approvals: 3, lapseMs: day }
const quorate = [...staffed, set]
const ban = {
  type: 'BanMember',
  ...channelAbsent.BanMember,
  member: viewer,
  reason: 'raid',
  messages: ['m'],
} as const
const proposed: ChannelDraft = {
  type: 'BanProposed',
  actor: moderator,
  member: viewer,
  needed: 3,
  until,
  keys: null,
  proposalId: null,
}
const banned: ChannelDraft = { type: 'MemberBanned', seq: 7, member: viewer, until: null, origin: null }

test('lead moderators set how many it takes to ban without end', () => {
  const change = { type: 'SetQuorum', approvals: 3, lapseMs: null, reason: null } as const
  given(staffed)
    .when(change, by(lead))
    .then([set, logged({ actor: lead, action: 'set_quorum', value: 3 })])
  given(staffed).when(change, by(moderator)).thenRejected({ code: 'channel.forbidden', action: 'set_quorum' })
  for (const unfit of [{ approvals: 1 }, { approvals: 11 }, { lapseMs: 1 }, { lapseMs: 15 * day }])
    given(staffed)
      .when({ ...change, ...unfit }, by(lead))
      .thenRejected({ code: 'channel.quorum_unfit', min: 2, max: 10, minMs: 60_000, maxMs: 14 * day })
  given([...quorate, { ...set, approvals: null } as ChannelDraft])
    .when(ban, by(moderator))
    .then([
      { ...banned, seq: 6 } as ChannelDraft,
      logged({ actor: moderator, action: 'ban_member', member: viewer, reason: 'raid', messages: ['m'] }),
    ])
})

test('a ban without end waits for others, and until then the member is timed out', () => {
  const entry = { actor: moderator, member: viewer, reason: 'raid', messages: ['m'] } as const
  given(quorate)
    .when(ban, by(moderator))
    .then(
      [
        timedOutUntil(until, { seq: 6 }),
        logged({ ...entry, action: 'propose_ban', value: 3, caseId: 'when' }),
        proposed,
      ],
      { seq: 6, moderationSeq: 1, proposal: 'when', needed: 3 },
    )
  given(quorate)
    .when({ ...ban, durationMs: day }, by(moderator))
    .then([{ ...banned, seq: 6, until } as ChannelDraft, logged({ ...entry, action: 'ban_member', durationMs: day })])
  given([...quorate, { type: 'LadderChanged', steps: [-1] }])
    .when({ type: 'Escalate', member: viewer, reason: 'raid', messages: ['m'] }, by(moderator))
    .then([
      timedOutUntil(until, { seq: 6 }),
      logged({ ...entry, action: 'propose_ban', value: 3, caseId: 'when' }),
      proposed,
      { type: 'MemberEscalated', member: viewer, step: 0 },
    ])
})

test('no ban of years goes past the others, by whichever door', () => {
  const most = 90 * day
  const refused = { code: 'channel.quorum_needed', maxMs: most }
  const tooLong = { ...ban, durationMs: most + 1 }
  given(quorate).when(tooLong, by(moderator)).thenRejected(refused)
  given(quorate)
    .when({ ...ban, durationMs: most }, by(moderator))
    .thenAccepted()
  given(staffed).when(tooLong, by(moderator)).thenAccepted()
  const group: ChannelDraft = { type: 'ChannelGroupAdopted', channels: ['700'] }
  const act = { act: 'ban', member: viewer, durationMs: most + 1, reason: null } as const
  given([...quorate, group])
    .when({ type: 'ActInGroup', ...act, addresses: null }, by(moderator))
    .thenRejected(refused)
  given([...quorate, group])
    .when({ type: 'ApplyGroupAct', source: '700', actor: lead, ...act, keys: null }, by('manager/channels'))
    .thenRejected(refused)
  const list = { type: 'ImportBans', members: [viewer], reasons: [], reason: null, addresses: null } as const
  given(quorate).when(list, by(lead)).thenRejected(refused)
  given(staffed).when(list, by(lead)).thenAccepted()
})

test('bans of a followed channel wait, and who accepts one proposes it', () => {
  const other = '2002'
  const follows: ChannelDraft = { type: 'BanListSubscribed', actor: lead, source: '600', mode: 'apply' }
  const received: ChannelDraft = { type: 'BanListReceived', source: '600', added: [viewer, other], removed: [] }
  const listed = [...quorate, follows, received]
  const apply = { type: 'ApplyBanLists', dueAt: t0 } as const
  const clock = by('manager/clock')
  given(listed).when(apply, clock).thenRejected({ code: 'channel.nothing_due' })
  const banLists = {
    ...noBanLists,
    sources: [{ channel: '600', mode: 'apply' }],
    pending: [{ source: '600', member: viewer, at: t0 }],
  } as const
  assert.equal(nextApplying({ banLists, quorum: null }), t0)
  assert.equal(nextApplying({ banLists, quorum: { approvals: 3, lapseMs: day } }), undefined)
  given([...listed, { ...set, approvals: null } as ChannelDraft])
    .when(apply, clock)
    .thenAccepted()
  const review = { type: 'ReviewBanList', source: '600', accept: true, reason: 'raid', addresses: null } as const
  const left: ChannelDraft = {
    type: 'BanListReviewed',
    source: '600',
    members: [viewer, other],
    accepted: false,
  }
  given(listed)
    .when({ ...review, accept: false, members: [viewer, other] }, by(moderator))
    .then([
      left,
      logged({
        actor: moderator,
        action: 'review_ban_list',
        origin: '600',
        value: 2,
        related: [viewer, other],
        reason: 'raid',
      }),
    ])
  const keys = ['home']
  given(listed)
    .when(
      { ...review, members: [viewer], addresses: 'address' },
      { ...by(moderator), facts: { addressesEach: `${viewer} home` } },
    )
    .then(
      [
        timedOutUntil(until, { seq: 6 }),
        logged({
          actor: moderator,
          action: 'propose_ban',
          member: viewer,
          reason: 'raid',
          origin: '600',
          value: 3,
          caseId: 'when',
        }),
        { ...proposed, keys } as ChannelDraft,
        { ...left, members: [viewer], accepted: true } as ChannelDraft,
      ],
      { seq: 6, moderationSeq: 1, proposal: 'when', needed: 3 },
    )
  given([...listed, proposed])
    .when({ ...review, members: [viewer] }, by(moderator))
    .thenRejected({ code: 'channel.ban_proposed' })
})

test('who accepts several of a list proposes each of them, and who is proposed already goes on waiting', () => {
  const [other, third] = ['2002', '2003']
  const follows: ChannelDraft = { type: 'BanListSubscribed', actor: lead, source: '600', mode: 'review' }
  const received: ChannelDraft = { type: 'BanListReceived', source: '600', added: [viewer, other, third], removed: [] }
  const listed = [...quorate, follows, received]
  const about = { source: '600', accept: true, reason: 'raid', addresses: null } as const
  const review = { type: 'ReviewBanList', ...about, members: [viewer, other, third] } as const
  const commandId = uuidv7()
  const shown = { actor: moderator, action: 'propose_ban', reason: 'raid', value: 3, origin: '600' } as const
  const of = (member: string, index: number, id: string | null): readonly ChannelDraft[] => [
    timedOutUntil(until, { seq: 6 + index, member }),
    logged({ ...shown, member, caseId: id ?? commandId, moderationSeq: 1 + index }),
    { ...proposed, member, proposalId: id } as ChannelDraft,
  ]
  const [secondId, thirdId] = [followUpId(commandId, 1), followUpId(commandId, 2)]
  assert.ok(isUuidv7(secondId) && isUuidv7(thirdId))
  const reviewed = (...members: readonly string[]): ChannelDraft => {
    return { type: 'BanListReviewed', source: '600', members, accepted: true }
  }
  given(listed)
    .when(review, { ...by(moderator), commandId })
    .then(
      [...of(viewer, 0, null), ...of(other, 1, secondId), ...of(third, 2, thirdId), reviewed(viewer, other, third)],
      { seq: 8, moderationSeq: 3, proposed: 3, needed: 3 },
    )
  given([...listed, happened(proposed, { commandId: 'ban' })])
    .when(review, { ...by(moderator), commandId })
    .then([...of(other, 0, null), ...of(third, 1, secondId), reviewed(other, third)])
  const full = Array.from({ length: 99 }, (_, index): ChannelDraft => {
    return { ...proposed, member: `${6000 + index}`, proposalId: `p${index}` } as ChannelDraft
  })
  given([...listed, ...full])
    .when(review, { ...by(moderator), commandId })
    .then([...of(viewer, 0, null), reviewed(viewer)], { seq: 6, moderationSeq: 1, proposal: commandId, needed: 3 })
  const known = [viewer, other, third].map((member) =>
    happened({ ...proposed, member } as ChannelDraft, { commandId: member }),
  )
  given([...listed, ...known])
    .when(review, by(moderator))
    .thenRejected({ code: 'channel.ban_proposed' })
  const made = [listed.slice(0), of(viewer, 0, null), of(other, 1, secondId)]
    .flat()
    .map((draft) => happened(draft, { commandId }))
  given(made)
    .when({ type: 'VoteOnBan', proposalId: secondId, approve: true, reason: null }, by(lead))
    .then([
      { type: 'BanApproved', proposalId: secondId, actor: lead, approvals: 2 },
      logged({ actor: lead, action: 'approve_ban', member: other, caseId: secondId, value: 2, moderationSeq: 3 }),
    ])
})

const waiting = [
  ...quorate,
  happened(timedOutUntil(until, { seq: 6 }), { commandId: 'ban' }),
  happened(proposed, { commandId: 'ban' }),
]
const vote = { type: 'VoteOnBan', proposalId: 'ban', approve: true, reason: null } as const
const second: ChannelDraft = { type: 'BanApproved', proposalId: 'ban', actor: lead, approvals: 2 }

test('with enough approvals the ban counts, and the timeout is over', () => {
  const entry = { member: viewer, caseId: 'ban' } as const
  given(waiting).when(ban, by(lead)).thenRejected({ code: 'channel.ban_proposed' })
  given(waiting).when(vote, by(moderator)).thenRejected({ code: 'channel.approved_already' })
  given(waiting)
    .when(vote, by(lead))
    .then([second, logged({ ...entry, actor: lead, action: 'approve_ban', value: 2 })])
  given([...waiting, second])
    .when(vote, by(otherModerator))
    .then(
      [
        banned,
        { type: 'TimeoutEnded', seq: 8, member: viewer, cause: 'lifted' },
        { type: 'BanApproved', proposalId: 'ban', actor: otherModerator, approvals: 3 },
        { type: 'BanProposalEnded', proposalId: 'ban', member: viewer, cause: 'approved' },
        logged({ ...entry, moderationSeq: 1, actor: otherModerator, action: 'approve_ban', value: 3 }),
        logged({ ...entry, moderationSeq: 2, actor: otherModerator, action: 'ban_member' }),
      ],
      { seq: 8, moderationSeq: 2 },
    )
  given(waiting).when(vote).thenRejected({ code: 'channel.forbidden', action: 'ban' })
})

test('a member who was timed out for something else meanwhile stays so', () => {
  given([...waiting, second, timedOutUntil(until + 1, { seq: 7 })])
    .when(vote, by(otherModerator))
    .then([
      { ...banned, seq: 8 } as ChannelDraft,
      { type: 'BanApproved', proposalId: 'ban', actor: otherModerator, approvals: 3 },
      { type: 'BanProposalEnded', proposalId: 'ban', member: viewer, cause: 'approved' },
      logged({
        moderationSeq: 1,
        member: viewer,
        caseId: 'ban',
        actor: otherModerator,
        action: 'approve_ban',
        value: 3,
      }),
      logged({ moderationSeq: 2, member: viewer, caseId: 'ban', actor: otherModerator, action: 'ban_member' }),
    ])
})

test('a ban without end that was approved is appealed against as what was proposed', () => {
  const counted: ChannelDraft = { type: 'BanProposalEnded', proposalId: 'ban', member: viewer, cause: 'approved' }
  given([...waiting, happened(banned, { commandId: 'vote' }), happened(counted, { commandId: 'vote' })])
    .when({ type: 'AppealAction', sanction: 'ban', text: 'please' })
    .then([
      { type: 'AppealOpened', appellant: viewer, sanction: 'ban', actId: 'ban', text: 'please' },
      logged({
        actor: viewer,
        action: 'open_appeal',
        member: viewer,
        reason: 'please',
        caseId: 'when',
        label: 'ban',
      }),
    ])
})

test('who has proposed it takes it back, or a lead moderator; then the member talks again', () => {
  const no = { ...vote, approve: false, reason: 'no raid' } as const
  const over = (actor: string): readonly ChannelDraft[] => [
    { type: 'TimeoutEnded', seq: 7, member: viewer, cause: 'lifted' },
    { type: 'BanProposalEnded', proposalId: 'ban', member: viewer, cause: 'rejected' },
    logged({ actor, action: 'reject_ban', member: viewer, reason: 'no raid', caseId: 'ban' }),
  ]
  given(waiting).when(no, by(moderator)).then(over(moderator), { seq: 7, moderationSeq: 1 })
  given(waiting).when(no, by(lead)).then(over(lead))
  given(waiting).when(no, by(otherModerator)).thenRejected({ code: 'channel.forbidden', action: 'reject_bans' })
  const rejected: ChannelDraft = { type: 'BanProposalEnded', proposalId: 'ban', member: viewer, cause: 'rejected' }
  given([...waiting, rejected])
    .when(vote, by(lead))
    .thenRejected({ code: 'channel.proposal_unknown' })
})

test('a proposal lapses with its timeout, and that stands in the log', () => {
  given(waiting).when(vote, { principal: lead, at: until }).thenRejected({ code: 'channel.proposal_unknown' })
  given(waiting)
    .when({ type: 'EndTerms', dueAt: until }, { principal: 'manager/clock', at: until })
    .then([
      { type: 'BanProposalEnded', proposalId: 'ban', member: viewer, cause: 'lapsed' },
      logged({ actor: '0', action: 'lapse_ban', member: viewer, caseId: 'ban' }),
    ])
})

test('so many bans wait, and no more', () => {
  const many = Array.from({ length: 100 }, (_, index): ChannelDraft => {
    return {
      type: 'BanProposed',
      actor: moderator,
      member: `${6000 + index}`,
      needed: 3,
      until,
      keys: null,
      proposalId: null,
    }
  })
  given([...quorate, ...many])
    .when(ban, by(broadcaster))
    .thenRejected({ code: 'channel.proposals_full', max: 100 })
})
