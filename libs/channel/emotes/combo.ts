import { Set as ImmutableSet } from 'immutable'
import type { Entity } from '../entities.ts'
import type { ChannelEventOf } from '../events.ts'

/** The same emote by one after another, and nothing else. */
export type Combo = {
  /** Keyed hash of the emote: what was said is not kept. */
  readonly emote: string
  readonly count: number
  /** Who has a part in it: each counts once. */
  readonly members: ImmutableSet<string>
}

/** So many are told apart; whoever comes later counts each time. */
const mostMembers = 1_000

/** The emote that a text is, where it is that and nothing else. */
export const onlyEmote = (text: string, entities: readonly Entity[]): string | undefined => {
  const emotes = entities.filter(({ kind }) => kind === 'emote')
  const [emote] = emotes
  if (!emote || emotes.length > 1) return undefined
  const { from, to, id } = emote
  return text.trim().length === to - from && text.trimStart().length === text.length - from ? id : undefined
}

/** How many have posted the emote in a row once this one has. */
export const comboCount = (combo: Combo | undefined, emote: string, author: string): number => {
  if (combo?.emote !== emote) return 1
  return combo.members.has(author) ? combo.count : combo.count + 1
}

/** The combo after a message that everybody sees: any other message ends it. */
export const comboAfter = (
  combo: Combo | undefined,
  { emoteOnly, author }: Pick<ChannelEventOf<'MessagePosted'>, 'emoteOnly' | 'author'>,
): Combo | undefined => {
  if (emoteOnly === null) return undefined
  const members = combo?.emote === emoteOnly ? combo.members : ImmutableSet<string>()
  return {
    emote: emoteOnly,
    count: comboCount(combo, emoteOnly, author),
    members: members.size < mostMembers ? members.add(author) : members,
  }
}
