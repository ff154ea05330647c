import { areLinked, knownAlts, maxAlts, maxAltsOfOne } from '../casework/alts.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import { unknown } from '../rules/existence.ts'
import { notAllowed, notAMember } from '../rules/ranks.ts'
import { unfitReason } from '../rules/text.ts'
import type { Channel } from '../state.ts'
import { acceptHidden, type Decide } from './accept.ts'

/** The known alts of whom an act is done to, for its entry in the log. */
export const altsShown = ({ casework }: Channel, member: string): { readonly related?: readonly string[] } => {
  const related = knownAlts(casework.alts, member)
  return related.length === 0 ? {} : { related }
}

const tooManyAlts = ({ casework: { alts } }: Channel, ...members: readonly string[]) => {
  const isFull = members.some(
    (member) => (alts.get(member)?.length ?? 0) >= maxAltsOfOne || (alts.size >= maxAlts && !alts.has(member)),
  )
  return isFull ? reject('channel.too_many_alts', { max: maxAltsOfOne }) : undefined
}

export const linkAlts: Decide<ChannelCommandOf<'LinkAlts'>> = ({ member, alt, reason }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'mark_members', context) ??
  notAMember(member) ??
  notAMember(alt) ??
  (member === alt || areLinked(channel.casework.alts, member, alt) ? reject('channel.alts_unchanged') : undefined) ??
  tooManyAlts(channel, member, alt) ??
  unfitReason(reason) ??
  acceptHidden(channel, context, [{ type: 'AltsLinked', actor: context.principal, member, alt, evidence: reason }], {
    action: 'link_alts',
    member,
    related: [alt],
    reason,
  })

export const unlinkAlts: Decide<ChannelCommandOf<'UnlinkAlts'>> = ({ member, alt, reason }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'mark_members', context) ??
  (areLinked(channel.casework.alts, member, alt) ? undefined : reject('channel.alts_unchanged')) ??
  unfitReason(reason) ??
  acceptHidden(channel, context, [{ type: 'AltsUnlinked', actor: context.principal, member, alt }], {
    action: 'unlink_alts',
    member,
    related: [alt],
    reason,
  })
