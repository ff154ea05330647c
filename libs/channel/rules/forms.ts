import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import type { Channel } from '../state.ts'
import { notAllowed } from './ranks.ts'

/** Announcements are for moderators, and colours for announcements. */
export const notAnnouncing = (
  { form, color }: ChannelCommandOf<'PostMessage'>,
  channel: Channel,
  context: DecideContext,
): Rejection | undefined => {
  if (form === 'announcement') return notAllowed(channel, 'announce', context)
  return color === null ? undefined : reject('channel.color_without_announcement')
}
