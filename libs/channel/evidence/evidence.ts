import { z } from 'zod'
import { isNumericId } from '#libs/access/principal.ts'
import type { DecideContext } from '#libs/journal/decider.ts'
import type { ChannelCommand, ChannelCommandOf } from '../commands.ts'
import type { ChannelDraft } from '../events.ts'
import type { Channel } from '../state.ts'

/**
 * A message that an act is about, as the edge has read it when the act was asked for: a soft fact that rides along (I9).
 * It is sealed anew with its author's key, so it is there as long as its author is, whatever becomes of the message.
 */
export type Evidence = {
  readonly id: string
  readonly seq: number
  readonly author: string
  readonly name: string
  readonly text: string
  readonly at: number
  /** Whether the act names it; the others stood around it. */
  readonly named: boolean
}

/** Messages of one act, at most: those that it names, and what stood around. */
export const maxEvidence = 60

/** Of what a nuke has found, so many are kept. */
const mostOfNuke = 50

/** What an edge looks up for an act: messages by id, those around one, or the last ones of a member. */
export type EvidenceAsked =
  | { readonly around: string }
  | { readonly messages: readonly string[] }
  | { readonly lastOf: string }

/** One of each author before more of anybody, so that each who is timed out by it has their own before them. */
const oneOfEachFirst = ({ messageIds, members }: ChannelCommandOf<'NukeMessages'>): readonly string[] => {
  const seen = new Set<string>()
  const [firsts, others]: [string[], string[]] = [[], []]
  for (const [index, id] of messageIds.entries()) {
    const author = members[index] ?? ''
    ;(seen.has(author) ? others : firsts).push(id)
    seen.add(author)
  }
  return [...firsts, ...others]
}

/** What an act of this account needs to be understood later; undefined for most. */
export const evidenceAsked = (command: ChannelCommand, actor: string): EvidenceAsked | undefined => {
  switch (command.type) {
    case 'ReportMember':
      if (command.messageId !== null) return { around: command.messageId }
      return command.member === null ? undefined : { lastOf: command.member }
    case 'BanMember':
    case 'TimeOutMember':
    case 'Escalate':
    case 'MarkMember':
      return command.messages && command.messages.length > 0
        ? { messages: command.messages }
        : { lastOf: command.member }
    case 'NukeMessages':
      return { messages: oneOfEachFirst(command).slice(0, mostOfNuke) }
    // What a rule did had only the message before it; what else they said is looked up when they appeal.
    case 'AppealAction':
      return { lastOf: actor }
    default:
      return undefined
  }
}

const Stamped = z
  .array(
    z.object({
      id: z.string(),
      seq: z.int(),
      author: z.string().refine(isNumericId),
      name: z.string(),
      text: z.string(),
      at: z.int(),
      named: z.boolean(),
    }),
  )
  .max(maxEvidence)

/** Evidence as a fact of a command; none where there is nothing. */
export const evidenceFacts = (evidence: readonly Evidence[]): { readonly evidence?: string } =>
  evidence.length === 0 ? {} : { evidence: JSON.stringify(evidence.slice(0, maxEvidence)) }

/** The other way round. A fact that makes no sense is none. */
export const evidenceOf = ({ evidence }: Readonly<Record<string, string>>): readonly Evidence[] => {
  if (evidence === undefined) return []
  try {
    return Stamped.safeParse(JSON.parse(evidence)).data ?? []
  } catch {
    return []
  }
}

/** The events that keep it, without messages that the act has left alone. */
export const keptEvidence = (
  facts: Readonly<Record<string, string>>,
  spared: ReadonlySet<string> = new Set(),
): readonly ChannelDraft[] =>
  evidenceOf(facts)
    .filter(({ id }) => !spared.has(id))
    .map(({ id, seq, author, name, text, at, named }) => ({
      type: 'EvidenceKept',
      messageId: id,
      messageSeq: seq,
      author,
      authorName: name,
      text,
      postedAt: at,
      named,
    }))

/**
 * A message that was not posted, by what the act itself has of it. It has no number of its own: it stands behind the last
 * that was given.
 */
export const unpostedEvidence = (
  text: string,
  { seq }: Pick<Channel, 'seq'>,
  { commandId, principal, facts, at }: DecideContext,
): ChannelDraft => ({
  type: 'EvidenceKept',
  messageId: commandId,
  messageSeq: seq,
  author: principal,
  authorName: facts.displayName ?? principal,
  text,
  postedAt: at,
  named: true,
})
