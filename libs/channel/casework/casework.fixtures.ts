import fc from 'fast-check'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { broadcaster, otherViewer, viewer } from '../channel.fixtures.ts'
import type { ChannelCommand } from '../commands.ts'
import { evidenceFacts } from '../evidence/evidence.ts'

/** A message that the edge has seen, as a fact. */
export const someEvidence = evidenceFacts([
  { id: 'command-2', seq: 2, author: viewer, name: 'Viewer', text: 'hi', at: 1, named: true },
])

type Step = { readonly command: ChannelCommand; readonly principal: string; readonly afterMs: number }

const step = (principal: string, command: ChannelCommand, afterMs = 1): Step => ({ command, principal, afterMs })

/** A run in which everything happens that is about cases; what is opened by the nth command is `command-<n + 1>`. */
export const caseworkRun: readonly Step[] = [
  step(viewer, { type: 'PostMessage', ...channelAbsent.PostMessage, text: 'free skins' }),
  step(otherViewer, {
    type: 'ReportMember',
    ...channelAbsent.ReportMember,
    messageId: 'command-2',
    category: 'spam',
    words: 'again',
  }),
  step(broadcaster, { type: 'ClaimReport', reportId: 'command-3', claim: true, reason: null }),
  step(broadcaster, {
    type: 'NukeMessages',
    ...channelAbsent.NukeMessages,
    messageIds: ['command-2'],
    messageSeqs: [2],
    members: [viewer],
    term: 'free skins',
  }),
  step(broadcaster, {
    type: 'CloseReport',
    ...channelAbsent.CloseReport,
    reportId: 'command-3',
    resolution: 'acted',
    actId: 'command-5',
  }),
  step(broadcaster, { type: 'DecideTerm', termId: 'command-5', keep: true, reason: null }),
  step(broadcaster, { type: 'MarkMember', ...channelAbsent.MarkMember, member: otherViewer, mark: 'low_trust' }),
  step(otherViewer, { type: 'PostMessage', ...channelAbsent.PostMessage, text: 'let me in' }),
  step(broadcaster, { type: 'ReviewMessage', messageId: 'command-9', approve: false, reason: null }),
  step(broadcaster, { type: 'BanMember', ...channelAbsent.BanMember, member: viewer }),
  step(viewer, { type: 'AppealAction', sanction: 'ban', text: 'it was a quote' }),
  step(broadcaster, {
    type: 'AnswerAppeal',
    appealId: 'command-12',
    answer: 'shortened',
    durationMs: 60_000,
    reason: 'fair',
  }),
  step(broadcaster, { type: 'AssignRole', member: '1002', role: 'moderator', reason: null }),
  step(broadcaster, { type: 'SetQuorum', approvals: 2, lapseMs: 60_000, reason: null }),
  step('1002', { type: 'BanMember', ...channelAbsent.BanMember, member: viewer }),
  step(broadcaster, { type: 'VoteOnBan', proposalId: 'command-16', approve: true, reason: null }),
  step(broadcaster, { type: 'BanMember', ...channelAbsent.BanMember, member: otherViewer }),
  step(broadcaster, { type: 'FollowChannel' }, 120_000),
  step(broadcaster, { type: 'LinkAlts', member: viewer, alt: otherViewer, reason: 'same words' }),
  step(broadcaster, { type: 'LinkAlts', member: viewer, alt: '1001', reason: null }),
  step(broadcaster, { type: 'UnlinkAlts', member: '1001', alt: viewer, reason: null }),
  step(broadcaster, { type: 'SetShieldPreset', modes: ['slow'], values: [7], reason: null }),
  step(broadcaster, { type: 'SetMode', mode: 'shield', value: 1, reason: null }),
  step(broadcaster, { type: 'SetChannelGroup', channels: ['601'], reason: null }),
  step('1002', {
    type: 'ActInGroup',
    act: 'mute',
    member: viewer,
    durationMs: null,
    reason: 'floods',
    addresses: null,
  }),
  step('manager/channels', { type: 'AdoptChannelGroup', ownerId: broadcaster, channels: ['602'] }),
  step('manager/channels', {
    type: 'ApplyGroupAct',
    source: '602',
    actor: '4000',
    act: 'unmute',
    member: viewer,
    durationMs: null,
    reason: 'enough',
    keys: null,
  }),
  step(broadcaster, { type: 'PublishBanList', published: true, reason: null }),
  step('manager/channels', { type: 'AddBanListSubscriber', subscriber: '701' }),
  step('manager/channels', { type: 'AddBanListSubscriber', subscriber: '702' }),
  step('manager/channels', { type: 'RemoveBanListSubscriber', subscriber: '702' }),
  step(broadcaster, { type: 'UnbanMember', member: viewer, reason: null }),
  step(broadcaster, { type: 'ImportBans', members: ['3001'], reasons: ['spam'], reason: null, addresses: null }),
  step(broadcaster, { type: 'SubscribeBanList', source: '601', mode: 'apply', reason: null }),
  step('manager/channels', { type: 'ReceiveBanList', source: '601', added: ['3002', '3003'], removed: [] }),
  step(broadcaster, { type: 'SubscribeBanList', source: '602', mode: 'review', reason: null }),
  step('manager/channels', { type: 'ReceiveBanList', source: '602', added: ['3004'], removed: [] }),
  step(broadcaster, {
    type: 'ReviewBanList',
    source: '602',
    members: ['3004'],
    accept: true,
    reason: null,
    addresses: null,
  }),
  step(broadcaster, { type: 'UnsubscribeBanList', source: '601', reason: null }, 10),
]

/** Commands about cases, for runs of any commands: of these people, on what these commands have opened. */
export const caseworkCommands = (
  person: fc.Arbitrary<string>,
  commandId: fc.Arbitrary<string>,
): readonly fc.Arbitrary<ChannelCommand>[] => {
  const reason = fc.constantFrom(null, 'because')
  return [
    fc.record({
      type: fc.constant('ReportMember' as const),
      member: person,
      messageId: fc.oneof(commandId, fc.constant(null)),
      category: fc.constantFrom('spam' as const, 'other' as const),
      words: fc.constantFrom(null, 'look at this'),
    }),
    fc.record({ type: fc.constant('ClaimReport' as const), reportId: commandId, claim: fc.boolean(), reason }),
    fc.record({
      type: fc.constant('CloseReport' as const),
      reportId: commandId,
      resolution: fc.constantFrom('acted' as const, 'dismissed' as const),
      actId: fc.oneof(commandId, fc.constant(null)),
      reason,
    }),
    fc.record({ type: fc.constant('DecideTerm' as const), termId: commandId, keep: fc.boolean(), reason }),
    fc.record({
      type: fc.constant('AppealAction' as const),
      sanction: fc.constantFrom('ban' as const, 'timeout' as const),
      text: fc.constant('please'),
    }),
    fc.record({
      type: fc.constant('AnswerAppeal' as const),
      appealId: commandId,
      answer: fc.constantFrom('upheld' as const, 'lifted' as const),
      durationMs: fc.constant(null),
      reason,
    }),
    fc.record({
      type: fc.constant('SetQuorum' as const),
      approvals: fc.constantFrom(null, 2),
      lapseMs: fc.constantFrom(null, 60_000),
      reason: fc.constant('why'),
    }),
    fc.record({ type: fc.constant('VoteOnBan' as const), proposalId: commandId, approve: fc.boolean(), reason }),
  ]
}
