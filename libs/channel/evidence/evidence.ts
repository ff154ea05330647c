import { z } from 'zod'
import { isNumericId } from '#libs/access/principal.ts'
import type { ChannelCommand } from '../commands.ts'
import type { ChannelDraft } from '../events.ts'

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

/** Messages of one act, at most. */
export const maxEvidence = 25

/** What an edge looks up for an act: messages by id, those around one, or the last ones of a member. */
export type EvidenceAsked =
  | { readonly around: string }
  | { readonly messages: readonly string[] }
  | { readonly lastOf: string }

/** What the act needs to be understood later; undefined for most. */
export const evidenceAsked = (command: ChannelCommand): EvidenceAsked | undefined => {
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

/** The events that keep it. */
export const keptEvidence = (facts: Readonly<Record<string, string>>): readonly ChannelDraft[] =>
  evidenceOf(facts).map(({ id, seq, author, name, text, at, named }) => ({
    type: 'EvidenceKept',
    messageId: id,
    messageSeq: seq,
    author,
    authorName: name,
    text,
    postedAt: at,
    named,
  }))
