import { setImmediate as nextTurn } from 'node:timers/promises'
import { maxPatternLength, maxPatternSteps, type Term } from '../casework/blocked-terms.ts'
import { patternProblem, sayingOfOne } from '../casework/saying.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { normalForm } from '../normal-form.ts'
import type { ChannelReads, RecentMessage } from '../reads/views.ts'
import { maxNuked } from '../rules/nukes.ts'

/** Through how many messages a nuke looks at most. */
const searched = 20_000
/** Others that a process serves wait no longer than this; who searches waits no longer than that. */
const turnMs = 2
const patienceMs = 5_000

/** The pattern cannot be looked for. */
export class PatternUnfit extends Error {
  /** What `channel.pattern_unfit` tells. */
  readonly detail: { readonly problem: string; readonly max: number; readonly maxSteps: number }

  constructor(problem: string) {
    super(problem)
    this.detail = { problem, max: maxPatternLength, maxSteps: maxPatternSteps }
  }
}

export type Sought = Term & { readonly withinMs: number }

/** What a nuke names of a message. */
export type Struck = Pick<RecentMessage, 'messageId' | 'seq' | 'authorId'>

/** A term as messages are compared with it. */
export const termSought = ({ term, match }: Term): Term => ({ term: match === 'text' ? normalForm(term) : term, match })

/**
 * The last messages that say something, the latest first, by a look at each of them: a pattern may take its time, so others
 * have their turns meanwhile. @throws PatternUnfit
 */
export const searchRecent = async (
  { recent }: Pick<ChannelReads, 'recent'>,
  channelId: string,
  { withinMs, ...term }: Sought,
  now: number,
): Promise<readonly RecentMessage[]> => {
  const problem = term.match === 'pattern' ? patternProblem(term.term) : undefined
  if (problem !== undefined) throw new PatternUnfit(problem)
  const says = sayingOfOne(termSought(term))
  const found: RecentMessage[] = []
  const begun = performance.now()
  let turn = begun
  for (const message of await recent(channelId, now - withinMs, searched)) {
    if (says(message.text)) found.push(message)
    if (found.length === maxNuked) break
    if (performance.now() - turn < turnMs) continue
    if (performance.now() - begun > patienceMs) throw new PatternUnfit('it takes too long')
    await nextTurn()
    turn = performance.now()
  }
  return found
}

/** The command that strikes what was found; `term` is blocked with it, where one is named. */
export const nukeCommand = (
  found: readonly Struck[],
  { durationMs, reason }: { readonly durationMs?: number | undefined; readonly reason?: string | undefined },
  term: Term | null,
): ChannelCommandOf<'NukeMessages'> => ({
  type: 'NukeMessages',
  messageIds: found.map(({ messageId }) => messageId),
  messageSeqs: found.map(({ seq }) => seq),
  members: found.map(({ authorId }) => authorId),
  durationMs: durationMs ?? null,
  reason: reason ?? null,
  term: term && termSought(term).term,
  match: term?.match ?? null,
})
