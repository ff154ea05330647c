import { parsePolicy } from '#libs/policy/parse.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import { unknown } from '../rules/existence.ts'
import { notAllowed } from '../rules/ranks.ts'
import { versionConflict } from '../rules/settings.ts'
import { unfitReason } from '../rules/text.ts'
import { type Decide, logEntry } from './accept.ts'

/** Sets the policy: versioned, with who and when. What cannot run is refused, and the place of it named. */
export const setPolicy: Decide<ChannelCommandOf<'SetPolicy'>> = ({ policy, reason }, channel, context) => {
  const refused =
    unknown(channel) ??
    notAllowed(channel, 'set_policy', context) ??
    unfitReason(reason) ??
    versionConflict(channel.policing.version, context.expectedVersion)
  if (refused) return refused
  const parsed = policy === null ? undefined : parsePolicy(policy)
  if (parsed?.ok === false) return reject('channel.policy_invalid', { at: parsed.violations[0]?.at ?? '' })
  if ((channel.policing.policy?.text ?? null) === (parsed?.text ?? null)) return reject('channel.policy_unchanged')
  const version = channel.policing.version + 1
  return {
    kind: 'accepted',
    events: [
      { type: 'PolicySet', actor: context.principal, version, policy: parsed?.text ?? null },
      logEntry(channel, context, { action: 'set_policy', reason, policyVersion: version }),
    ],
    summary: { moderationSeq: channel.moderationSeq + 1, version },
  }
}
