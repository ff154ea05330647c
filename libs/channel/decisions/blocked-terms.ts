import type { ChannelCommandOf } from '../commands.ts'
import { knownTerm } from '../rules/blocked-terms.ts'
import { unknown } from '../rules/existence.ts'
import { notAllowed } from '../rules/ranks.ts'
import { unfitReason } from '../rules/text.ts'
import { acceptHidden, type Decide } from './accept.ts'

export const decideTerm: Decide<ChannelCommandOf<'DecideTerm'>> = ({ termId, keep, reason }, channel, context) => {
  const refused = unknown(channel) ?? notAllowed(channel, 'nuke', context) ?? unfitReason(reason)
  if (refused) return refused
  const blocked = knownTerm(channel, termId)
  if ('kind' in blocked) return blocked
  return acceptHidden(channel, context, [{ type: 'TermDecided', termId, actor: context.principal, kept: keep }], {
    action: keep ? 'keep_term' : 'unblock_term',
    caseId: termId,
    reason,
  })
}
