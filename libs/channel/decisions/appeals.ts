import type { DecideContext } from '#libs/journal/decider.ts'
import type { Appeal } from '../casework/appeals.ts'
import type { ChannelCommandOf } from '../commands.ts'
import type { ChannelDraft } from '../events.ts'
import { answerUnfit, appealable, appealsFull, knownAppeal, sanctionUntil } from '../rules/appeals.ts'
import { unknown } from '../rules/existence.ts'
import { notAllowed, notOutranked } from '../rules/ranks.ts'
import { unfitReason, unfitText } from '../rules/text.ts'
import type { Channel } from '../state.ts'
import { acceptHidden, type Decide, logEntry } from './accept.ts'

/** Who is banned may appeal: once for each act. */
export const appealAction: Decide<ChannelCommandOf<'AppealAction'>> = ({ sanction, text }, channel, context) => {
  const refused = unknown(channel) ?? notAllowed(channel, 'appeal', context)
  if (refused) return refused
  const found = appealable(channel, sanction, context)
  if ('kind' in found) return found
  const appellant = context.principal
  return (
    unfitText(text) ??
    appealsFull(channel) ??
    acceptHidden(channel, context, [{ type: 'AppealOpened', appellant, sanction, actId: found.actId, text }], {
      action: 'open_appeal',
      member: appellant,
      reason: text,
      caseId: context.commandId,
      label: sanction,
    })
  )
}

/** What an answer does to the sanction, for everybody to see. */
const effect = (
  { answer, durationMs }: ChannelCommandOf<'AnswerAppeal'>,
  { appellant: member, sanction }: Appeal,
  { seq: last }: Channel,
  { at }: DecideContext,
): readonly ChannelDraft[] => {
  const seq = last + 1
  if (answer === 'upheld') return []
  if (answer === 'lifted')
    return [{ type: sanction === 'ban' ? 'BanEnded' : 'TimeoutEnded', seq, member, cause: 'lifted' }]
  const until = at + (durationMs ?? 0)
  return sanction === 'ban'
    ? [{ type: 'MemberBanned', seq, member, until, origin: null }]
    : [{ type: 'MemberTimedOut', seq, member, until }]
}

export const answerAppeal: Decide<ChannelCommandOf<'AnswerAppeal'>> = (given, channel, context) => {
  const { appealId, answer, durationMs, reason } = given
  const refused = unknown(channel) ?? notAllowed(channel, 'answer_appeals', context) ?? unfitReason(reason)
  if (refused) return refused
  const appeal = knownAppeal(channel, appealId)
  if ('kind' in appeal) return appeal
  const { appellant, sanction } = appeal
  // What has run out without its end being announced yet is as good as lifted.
  const until = sanctionUntil(channel, sanction, appellant, context.at)
  const unfit =
    notOutranked(channel, appellant, context) ?? answerUnfit(given, until === undefined ? context.at : until, context)
  if (unfit) return unfit
  const shown = effect(given, appeal, channel, context)
  const ends = durationMs === null ? null : context.at + durationMs
  return {
    kind: 'accepted',
    events: [
      ...shown,
      { type: 'AppealAnswered', appealId, appellant, sanction, actor: context.principal, answer, until: ends, reason },
      logEntry(channel, context, {
        action: 'answer_appeal',
        member: appellant,
        durationMs,
        reason,
        caseId: appealId,
        label: answer,
      }),
    ],
    summary: { seq: channel.seq + shown.length, moderationSeq: channel.moderationSeq + 1 },
  }
}
