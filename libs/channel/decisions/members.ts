import type { DecideContext, Decision, Rejection } from '#libs/journal/decider.ts'
import { addressesOf } from '../address-bans/facts.ts'
import { addressesUnread, tooManyAddressBans } from '../address-bans/rules.ts'
import type { ChannelCommandOf } from '../commands.ts'
import type { ChannelDraft, ChannelDraftOf } from '../events.ts'
import { unknown } from '../rules/existence.ts'
import { ladderUnfit } from '../rules/ladder.ts'
import { permitWithoutEnd } from '../rules/link-permits.ts'
import { markValueOutOfRange, notBanned, notMarked, tooManyMessages } from '../rules/members.ts'
import { notAllowed, notAMember, notOutranked } from '../rules/ranks.ts'
import { outOfReach } from '../rules/reach.ts'
import { termOutOfRange, tooManyMarked } from '../rules/subscriptions.ts'
import { unfitReason, unfitText } from '../rules/text.ts'
import { lastStep } from '../state/offences.ts'
import type { Channel } from '../state.ts'
import { acceptHidden, acceptModeration, type Decide, type LogEntry } from './accept.ts'
import { ban } from './quorum.ts'

type Acted = {
  readonly member: string
  readonly reason: string | null
  readonly durationMs?: number | null
  readonly messages?: readonly string[] | null
}

/** What every act on a member must keep to. */
const unfitAct = (act: Acted, channel: Channel, context: DecideContext): Rejection | undefined =>
  outOfReach(channel, act.member, context) ?? unfitWords(act)

const unfitWords = (act: Acted): Rejection | undefined =>
  termOutOfRange(act.durationMs ?? null) ?? unfitReason(act.reason) ?? tooManyMessages(act.messages ?? null)

const untilOf = (durationMs: number | null, { at }: DecideContext): number | null =>
  durationMs === null ? null : at + durationMs

export const banMember: Decide<ChannelCommandOf<'BanMember'>> = (banning, channel, context) => {
  const { type: _, addresses, ...act } = banning
  const keys = addresses === null ? [] : addressesOf(context.facts)
  return (
    unknown(channel) ??
    notAllowed(channel, 'ban', context) ??
    addressesUnread('ban', context) ??
    unfitAct(act, channel, context) ??
    tooManyMarked(channel, act.member) ??
    tooManyAddressBans(channel, keys) ??
    ban(act, channel, context, keys)
  )
}

export const unbanMember: Decide<ChannelCommandOf<'UnbanMember'>> = ({ member, reason }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'ban', context) ??
  notAMember(member) ??
  notBanned(channel, member) ??
  unfitReason(reason) ??
  acceptModeration(
    channel,
    context,
    { type: 'BanEnded', seq: channel.seq + 1, member, cause: 'lifted' },
    { action: 'unban_member', member, reason },
  )

const marked = (
  mark: Pick<ChannelDraftOf<'MemberMarked'>, 'member' | 'mark' | 'value' | 'reason'>,
  durationMs: number | null,
  context: DecideContext,
): ChannelDraft => ({
  type: 'MemberMarked',
  actor: context.principal,
  member: mark.member,
  mark: mark.mark,
  until: untilOf(durationMs, context),
  value: mark.value,
  reason: mark.reason,
})

/** Who is protected may be permitted something all the same. */
const unfitMark = (mark: ChannelCommandOf<'MarkMember'>, channel: Channel, context: DecideContext) =>
  mark.mark === 'link_permit'
    ? (notAMember(mark.member) ?? notOutranked(channel, mark.member, context) ?? unfitWords(mark))
    : unfitAct(mark, channel, context)

/** Whom nobody may touch is for those to say who stand above moderators. */
const marking = (mark: ChannelCommandOf<'MarkMember'>['mark']) =>
  mark === 'protected' ? 'protect_members' : 'mark_members'

export const markMember: Decide<ChannelCommandOf<'MarkMember'>> = (mark, channel, context) => {
  const { type: _, ...act } = mark
  return (
    unknown(channel) ??
    notAllowed(channel, marking(mark.mark), context) ??
    unfitMark(mark, channel, context) ??
    permitWithoutEnd(mark) ??
    markValueOutOfRange(mark) ??
    tooManyMarked(channel, mark.member) ??
    acceptHidden(channel, context, [marked(mark, mark.durationMs, context)], { action: 'mark_member', ...act })
  )
}

export const unmarkMember: Decide<ChannelCommandOf<'UnmarkMember'>> = ({ member, mark, reason }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, marking(mark), context) ??
  notAMember(member) ??
  notMarked(channel, member, mark) ??
  unfitReason(reason) ??
  acceptHidden(channel, context, [{ type: 'MarkEnded', member, mark, cause: 'lifted' }], {
    action: 'unmark_member',
    member,
    mark,
    reason,
  })

export const acknowledgeWarning: Decide<ChannelCommandOf<'AcknowledgeWarning'>> = (_acknowledge, channel, context) => {
  const member = context.principal
  return (
    unknown(channel) ??
    notMarked(channel, member, 'warning') ??
    acceptHidden(channel, context, [{ type: 'MarkEnded', member, mark: 'warning', cause: 'acknowledged' }], {
      action: 'acknowledge_warning',
      member,
    })
  )
}

export const addNote: Decide<ChannelCommandOf<'AddNote'>> = ({ member, text }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'mark_members', context) ??
  notAMember(member) ??
  unfitText(text) ??
  acceptHidden(channel, context, [], { action: 'add_note', member, reason: text })

/** What the ladder has at a step. */
const rung = (
  step: number,
  { member, reason, messages }: ChannelCommandOf<'Escalate'>,
  channel: Channel,
  context: DecideContext,
): Decision<ChannelDraft> => {
  const entry = { member, reason, messages }
  const next = step < 0 ? 'ban' : step === 0 ? 'warning' : 'timeout'
  switch (next) {
    case 'warning':
      return acceptHidden(channel, context, [marked({ ...entry, mark: 'warning', value: null }, null, context)], {
        action: 'mark_member',
        mark: 'warning',
        ...entry,
      })
    case 'timeout':
      return acceptModeration(
        channel,
        context,
        { type: 'MemberTimedOut', seq: channel.seq + 1, member, until: context.at + step },
        { action: 'time_out_member', durationMs: step, ...entry },
      )
    case 'ban':
      return ban({ ...entry, durationMs: null }, channel, context)
  }
}

/** The next step of the ladder, or its last one again. */
export const escalate: Decide<ChannelCommandOf<'Escalate'>> = (act, channel, context) => {
  const refused =
    unknown(channel) ??
    notAllowed(channel, 'ban', context) ??
    unfitAct(act, channel, context) ??
    tooManyMarked(channel, act.member)
  if (refused) return refused
  const { ladder, offences } = channel
  const step = Math.min((lastStep(offences, act.member) ?? -1) + 1, ladder.length - 1)
  const decision = rung(ladder[step] ?? 0, act, channel, context)
  if (decision.kind === 'rejected') return decision
  const climbed: ChannelDraft = { type: 'MemberEscalated', member: act.member, step }
  return { ...decision, events: [...decision.events, climbed], summary: { ...decision.summary, step } }
}

export const changeLadder: Decide<ChannelCommandOf<'ChangeLadder'>> = ({ steps, reason }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'change_settings', context) ??
  ladderUnfit(steps) ??
  unfitReason(reason) ??
  acceptHidden(channel, context, [{ type: 'LadderChanged', steps }], {
    action: 'change_ladder',
    reason,
  } satisfies LogEntry)
