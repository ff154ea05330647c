import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import { modesBind } from '../rules/modes.ts'
import { notAllowed } from '../rules/ranks.ts'
import type { Channel } from '../state.ts'
import { decodeAttachments, maxAttachments } from './attachments.ts'

type Post = Pick<ChannelCommandOf<'PostMessage'>, 'attachments'>

export const hasPictures = ({ attachments }: Post): boolean => attachments !== null && attachments.length > 0

/** What the edge has found of the uploads that a post names, as its event is to have it. */
export const provenAttachments = ({ facts }: Pick<DecideContext, 'facts'>): readonly string[] =>
  facts.attachments === undefined ? [] : facts.attachments.split(' ')

/** The edge tells of all uploads that a post names, or of none where one is not its author's for this channel. */
const unproven = (count: number, context: DecideContext): Rejection | undefined => {
  const ids = decodeAttachments(provenAttachments(context)).map(({ id }) => id)
  return ids.length === count && new Set(ids).size === count ? undefined : reject('channel.attachment_unknown')
}

/** Whether pictures may be shown with this message. */
export const unfitAttachments = (
  { attachments }: Post,
  channel: Channel,
  context: DecideContext,
): Rejection | undefined => {
  if (attachments === null || attachments.length === 0) return undefined
  if (channel.effective.attachments === undefined) return reject('channel.attachments_off')
  if (attachments.length > maxAttachments) return reject('channel.too_many_attachments', { max: maxAttachments })
  return (
    notAllowed(channel, 'attach', context) ??
    (channel.effective.emote_only !== undefined && modesBind(channel, context)
      ? reject('channel.emote_only')
      : undefined) ??
    unproven(attachments.length, context)
  )
}
