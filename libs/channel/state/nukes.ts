import type { ChannelEventOf } from '../events.ts'

/** What a nuke has done, as long as it can be taken back. */
export type Nuke = {
  readonly id: string
  readonly messageSeqs: readonly number[]
  /** Of the messages, one each; none of nukes of earlier releases. */
  readonly authors: readonly string[]
  readonly members: readonly string[]
  readonly until: number | null
}

/** Nukes that can be taken back, the latest last. */
export const keptNukes = 20

export const rememberNuke = (nukes: readonly Nuke[], nuke: Nuke): readonly Nuke[] => [...nukes, nuke].slice(-keptNukes)

/** What is deleted once more, with all of its author, of the channel or by another nuke, comes back with no nuke. */
export const deletedSince = (
  nukes: readonly Nuke[],
  { author, messageSeqs }: Pick<ChannelEventOf<'MessagesDeleted'>, 'author' | 'messageSeqs'>,
): readonly Nuke[] => {
  if (nukes.length === 0) return nukes
  const named = messageSeqs && new Set(messageSeqs)
  return nukes.map((nuke) => {
    const left = nuke.messageSeqs.flatMap((seq, index) => {
      const isDeleted = (author === null || nuke.authors[index] === author) && (named?.has(seq) ?? true)
      return isDeleted ? [] : [{ seq, author: nuke.authors[index] ?? '' }]
    })
    return { ...nuke, messageSeqs: left.map(({ seq }) => seq), authors: left.map((each) => each.author) }
  })
}
