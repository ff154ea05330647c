import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import { stubSeal } from '#libs/testing/specification.ts'
import { channelDecider } from '../decider.ts'
import type { ChannelDraft } from '../events.ts'
import { pastCasework, pastMarks, pastMember } from './casework.ts'

const stateAfter = (drafts: readonly ChannelDraft[]) =>
  drafts.reduce((state, draft, index) => {
    const commandId = `command-${index}`
    const event = codecs.channel.sealEvent(draft, `${commandId}/0`, stubSeal)
    return channelDecider.evolve(state, event, { at: index, n: index + 1, commandId })
  }, channelDecider.initial('500'))

test('the past of a channel tells of bans and marks, by the ids of members, with where they came from', () => {
  const state = stateAfter([
    { type: 'MemberBanned', seq: 1, member: '1000', until: null, origin: '600' },
    { type: 'AddressesBanned', actor: '1', member: '1000', keys: ['hash'] },
    { type: 'MemberMarked', actor: '1', member: '7', mark: 'slow', until: 9, value: 5, reason: null },
  ])
  assert.deepEqual(pastMarks(state), [
    { memberId: '7', mark: 'slow', until: 9, value: 5, origin: null, addresses: 0 },
    { memberId: '1000', mark: 'ban', until: null, value: null, origin: '600', addresses: 1 },
  ])
})

test('and of what waited for its moderators, and what they went by', () => {
  const report = { type: 'ReportOpened', reporter: '8', member: '7', messageId: null, messageSeq: null } as const
  const state = stateAfter([
    { ...report, category: 'spam', words: null },
    { type: 'AppealOpened', appellant: '7', sanction: 'ban', actId: 'ban', text: 'please' },
    { type: 'QuorumSet', actor: '1', approvals: 3, lapseMs: 60_000 },
    { type: 'BanProposed', actor: '1', member: '7', needed: 3, until: 9, keys: null, proposalId: null },
    { type: 'TermBlocked', actor: '1', term: 'free skins', match: null },
    { type: 'ChannelGroupAdopted', channels: ['601'] },
    { type: 'BanListSubscribed', actor: '1', source: '602', mode: 'review' },
    { type: 'AltsLinked', actor: '1', member: '7', alt: '9', evidence: null },
  ])
  assert.deepEqual(pastCasework(state), {
    reports: 1,
    appeals: 1,
    proposals: 1,
    quorum: 3,
    blockedTerms: ['free skins'],
    group: ['601'],
    followedBanLists: ['602'],
    alts: [
      { memberId: '7', alts: ['9'] },
      { memberId: '9', alts: ['7'] },
    ],
  })
})

test('of one member all is told that the channel knew of them, and nothing of others', () => {
  const report = { type: 'ReportOpened', reporter: '8', messageId: null, messageSeq: null, words: null } as const
  const state = stateAfter([
    { type: 'MemberBanned', seq: 1, member: '7', until: 9, origin: null },
    { type: 'MemberTimedOut', seq: 2, member: '7', until: 5 },
    { type: 'MemberEscalated', member: '7', step: 2 },
    { ...report, member: '7', category: 'spam' },
    { type: 'ReportClaimed', reportId: 'command-3', actor: '1', claimed: true },
    { ...report, member: '8', category: 'spam' },
    { type: 'AppealOpened', appellant: '7', sanction: 'ban', actId: 'command-0', text: 'please' },
    { type: 'AltsLinked', actor: '1', member: '7', alt: '9', evidence: null },
    { type: 'RoleAssigned', seq: 3, member: '7', role: 'vip' },
  ])
  assert.deepEqual(pastMember(state, '7'), {
    role: 'vip',
    timedOutUntil: 5,
    marks: [{ memberId: '7', mark: 'ban', until: 9, value: null, origin: null, addresses: 0 }],
    sanctions: [
      { kind: 'ban', actId: 'command-0', appealed: true },
      { kind: 'timeout', actId: 'command-1', appealed: false },
    ],
    step: 2,
    alts: ['9'],
    reports: [{ id: 'command-3', claimedBy: '1' }],
    appeals: ['command-6'],
    proposals: [],
    heldMessages: 0,
  })
  const nothing = { timedOutUntil: null, marks: [], sanctions: [], step: null, appeals: [], proposals: [] }
  assert.deepEqual(pastMember(state, '10'), { ...nothing, role: 'member', alts: [], reports: [], heldMessages: 0 })
})
