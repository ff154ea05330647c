import type { ChannelCommand } from '../commands.ts'
import type { MemberFacts } from '../edge.ts'
import { elsewhereAsked } from '../elsewhere/elsewhere.ts'
import type { ReadElsewhere } from '../elsewhere/reads.ts'
import { evidenceAsked, evidenceFacts } from '../evidence/evidence.ts'
import type { ReadEvidence } from '../evidence/reads.ts'

/** Where an edge reads what rides along with acts. */
export type LookUps = { readonly evidence: ReadEvidence; readonly elsewhere: ReadElsewhere }

/**
 * What read models know of what a command names, as facts of it; undefined for most, posts among them. While they are away
 * an act goes on without it.
 */
export const lookedUp = (
  { evidence, elsewhere }: LookUps,
  channelId: string,
  command: ChannelCommand,
  actor: string,
  onError: (error: unknown) => void = () => {},
): Promise<MemberFacts> | undefined => {
  const withoutIt = (error: unknown): MemberFacts => {
    onError(error)
    return {}
  }
  const about = evidenceAsked(command, actor)
  if (about) return evidence(channelId, about).then(evidenceFacts).catch(withoutIt)
  const asked = elsewhereAsked(command)
  return asked && elsewhere(asked).catch(withoutIt)
}
