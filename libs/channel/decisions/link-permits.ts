import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { ChannelDraft } from '../events.ts'
import { marksOf } from '../state/marks.ts'
import type { Channel } from '../state.ts'

/** Whose permit a message went by, if it needed one. */
type Use = { readonly author: string; readonly messageId: string; readonly permitUsed: boolean }

/**
 * Ends a permit that was for one message, once a message is let through by it; the entry for the moderators takes the number
 * behind the one given. Nothing where no permit was needed, or it is for all messages of a while.
 */
export const spentPermit = (
  { author, messageId, permitUsed }: Use,
  { marks }: Channel,
  moderationSeq: number,
): readonly ChannelDraft[] => {
  if (!permitUsed || marksOf(marks, author).link_permit?.value !== 1) return []
  return [
    { type: 'MarkEnded', member: author, mark: 'link_permit', cause: 'used' },
    {
      type: 'ModerationLogged',
      ...channelAbsent.ModerationLogged,
      moderationSeq: moderationSeq + 1,
      actor: author,
      action: 'use_permit',
      member: author,
      messageId,
      mark: 'link_permit',
    },
  ]
}
