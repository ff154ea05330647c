import type { Action } from '#libs/access/permissions.ts'
import type { AccessRule } from '#libs/access/rule.ts'
import type { GrantableScope } from '#libs/access/scopes.ts'
import type { Act, ActOf } from '#libs/protocols/native/acts.ts'
import type { CaseworkAct } from '#libs/protocols/native/casework.ts'
import type { ChannelCommand } from '../commands.ts'

type Kind = CaseworkAct['kind']

/** The command of each act on cases. */
export const caseworkCommands: { readonly [K in Kind]: (act: ActOf<K & Act['kind']>) => ChannelCommand } = {
  report: ({ member, message, category, words }) => ({
    type: 'ReportMember',
    member: member ?? null,
    messageId: message ?? null,
    category,
    words: words ?? null,
  }),
  'claim-report': ({ report, claim, reason }) => ({
    type: 'ClaimReport',
    reportId: report,
    claim,
    reason: reason ?? null,
  }),
  'close-report': ({ report, resolution, act, reason }) => ({
    type: 'CloseReport',
    reportId: report,
    resolution,
    actId: act ?? null,
    reason: reason ?? null,
  }),
  'decide-term': ({ term, keep, reason }) => ({ type: 'DecideTerm', termId: term, keep, reason: reason ?? null }),
  appeal: ({ sanction, text }) => ({ type: 'AppealAction', sanction, text }),
  'answer-appeal': ({ appeal, answer, durationMs, reason }) => ({
    type: 'AnswerAppeal',
    appealId: appeal,
    answer,
    durationMs: durationMs ?? null,
    reason: reason ?? null,
  }),
  'set-quorum': ({ approvals, lapseMs, reason }) => ({
    type: 'SetQuorum',
    approvals,
    lapseMs: lapseMs ?? null,
    reason: reason ?? null,
  }),
  'vote-on-ban': ({ proposal, approve, reason }) => ({
    type: 'VoteOnBan',
    proposalId: proposal,
    approve,
    reason: reason ?? null,
  }),
  'publish-ban-list': ({ published, reason }) => ({ type: 'PublishBanList', published, reason: reason ?? null }),
  'follow-ban-list': ({ source, mode, reason }) => ({ type: 'SubscribeBanList', source, mode, reason: reason ?? null }),
  'unfollow-ban-list': ({ source, reason }) => ({ type: 'UnsubscribeBanList', source, reason: reason ?? null }),
  'review-ban-list': ({ source, members, accept, reason, addresses }) => ({
    type: 'ReviewBanList',
    source,
    members,
    accept,
    reason: reason ?? null,
    addresses: addresses ?? null,
  }),
  'link-alts': ({ member, alt, evidence }) => ({ type: 'LinkAlts', member, alt, reason: evidence ?? null }),
  'unlink-alts': ({ member, alt, reason }) => ({ type: 'UnlinkAlts', member, alt, reason: reason ?? null }),
  'set-group': ({ channels, reason }) => ({ type: 'SetChannelGroup', channels, reason: reason ?? null }),
  'act-in-group': ({ act, member, durationMs, reason, addresses }) => ({
    type: 'ActInGroup',
    act,
    member,
    durationMs: durationMs ?? null,
    reason: reason ?? null,
    addresses: addresses ?? null,
  }),
  'set-shield-preset': ({ modes, reason }) => ({
    type: 'SetShieldPreset',
    modes: modes.map(({ mode }) => mode),
    values: modes.map(({ value }) => value),
    reason: reason ?? null,
  }),
}

const by = (channel: Action): AccessRule => ({ channel })

/** Who may do each. */
export const caseworkRules: { readonly [K in Kind]: AccessRule } = {
  report: by('report'),
  'claim-report': by('handle_reports'),
  'close-report': by('handle_reports'),
  'decide-term': by('nuke'),
  appeal: by('appeal'),
  'answer-appeal': by('answer_appeals'),
  'set-quorum': by('set_quorum'),
  'vote-on-ban': by('ban'),
  'publish-ban-list': by('share_bans'),
  'follow-ban-list': by('share_bans'),
  'unfollow-ban-list': by('share_bans'),
  'review-ban-list': by('ban'),
  'link-alts': by('mark_members'),
  'unlink-alts': by('mark_members'),
  'set-group': by('set_group'),
  'act-in-group': by('ban'),
  'set-shield-preset': by('change_settings'),
}

/** What a token must be good for to do each. */
export const caseworkScopes: { readonly [K in Kind]: GrantableScope } = {
  report: 'chat:write',
  'claim-report': 'channel:moderate',
  'close-report': 'channel:moderate',
  'decide-term': 'channel:moderate',
  appeal: 'chat:write',
  'answer-appeal': 'channel:moderate',
  'set-quorum': 'channel:manage',
  'vote-on-ban': 'channel:moderate',
  'publish-ban-list': 'channel:manage',
  'follow-ban-list': 'channel:manage',
  'unfollow-ban-list': 'channel:manage',
  'review-ban-list': 'channel:moderate',
  'link-alts': 'channel:moderate',
  'unlink-alts': 'channel:moderate',
  'set-group': 'channel:manage',
  'act-in-group': 'channel:moderate',
  'set-shield-preset': 'channel:manage',
}
