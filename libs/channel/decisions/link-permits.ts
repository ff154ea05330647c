import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { DecideContext } from '#libs/journal/decider.ts'
import type { ChannelDraft } from '../events.ts'
import { marksOf } from '../state/marks.ts'
import type { Channel } from '../state.ts'
import type { Passed } from './filtering.ts'

/**
 * Ends a permit that was for one message, once a message went by it; the entry for the moderators takes the number behind
 * the one given. Nothing where no permit was needed, or it is for all messages of a while.
 */
export const spentPermit = (
  { permitUsed }: Passed,
  { marks }: Channel,
  moderationSeq: number,
  messageId: string,
  { principal }: DecideContext,
): readonly ChannelDraft[] => {
  if (!permitUsed || marksOf(marks, principal).link_permit?.value !== 1) return []
  return [
    { type: 'MarkEnded', member: principal, mark: 'link_permit', cause: 'used' },
    {
      type: 'ModerationLogged',
      ...channelAbsent.ModerationLogged,
      moderationSeq: moderationSeq + 1,
      actor: principal,
      action: 'use_permit',
      member: principal,
      messageId,
      mark: 'link_permit',
    },
  ]
}
