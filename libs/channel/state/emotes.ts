import { Map as ImmutableMap } from 'immutable'
import type { ChannelEventOf } from '../events.ts'

/** An emote as rules look at it; pictures are for clients. */
export type Emote = {
  readonly id: string
  /** As it has to be written. */
  readonly name: string
  /** Null: for everybody. */
  readonly tier: number | null
  readonly enabled: boolean
}

/** By their names in lower case: two that differ in case alone would be taken for one another. */
export type Emotes = ImmutableMap<string, Emote>

export const noEmotes: Emotes = ImmutableMap()

export const emoteById = (emotes: Emotes, id: string): Emote | undefined => emotes.find((emote) => emote.id === id)

export const addEmote = (emotes: Emotes, { name, tier }: ChannelEventOf<'EmoteAdded'>, id: string): Emotes =>
  emotes.set(name.toLowerCase(), { id, name, tier, enabled: true })

export const removeEmote = (emotes: Emotes, id: string): Emotes => {
  const emote = emoteById(emotes, id)
  return emote ? emotes.delete(emote.name.toLowerCase()) : emotes
}

export const changeEmote = (
  emotes: Emotes,
  { emoteId: id, name, tier, enabled }: ChannelEventOf<'EmoteChanged'>,
): Emotes => removeEmote(emotes, id).set(name.toLowerCase(), { id, name, tier, enabled })
