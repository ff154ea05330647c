import { Map as ImmutableMap } from 'immutable'
import { mayOnPlatform } from '#libs/access/platform.ts'
import type { DecideContext } from '#libs/journal/decider.ts'
import type { FindEmote } from '../entities.ts'
import type { ChannelEventOf } from '../events.ts'
import { actorRole } from '../rules/ranks.ts'
import { holds, marksOf } from '../state/marks.ts'
import type { Channel } from '../state.ts'
import { globalsIn } from './globals.ts'

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

/** The key of the platform's own emotes, which are for every channel. No channel has this id. */
export const platformKey = '0'

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

/** Whether somebody may use an emote of the channel: what is for subscribers also whoever runs the channel. */
const isUsable = ({ enabled, tier }: Emote, channel: Channel, context: DecideContext): boolean => {
  if (!enabled) return false
  if (tier === null) return true
  const { subscription } = marksOf(channel.marks, context.principal)
  if (holds(subscription, context.at) && (subscription.value ?? 0) >= tier) return true
  const role = actorRole(channel, context)
  return role === 'broadcaster' || role === 'platform_admin'
}

/**
 * The emotes that whoever posts may use: the channel's own by its state, those of the platform as the edge found them in
 * this text (I9). Undefined where there are none, so that most texts are not looked through.
 */
export const emotesFor = (channel: Channel, context: DecideContext): FindEmote | undefined => {
  const { emotes } = channel
  const globals = globalsIn(context.facts.globalEmotes)
  if (emotes.size === 0 && globals.size === 0) return undefined
  return (name) => {
    const own = emotes.get(name.toLowerCase())
    if (own?.name === name && isUsable(own, channel, context)) return { id: own.id }
    const id = globals.get(name)
    return id === undefined ? undefined : { id }
  }
}

/** Whether a platform role looks after the platform's emotes: a soft fact, as all that is known of platform roles. */
export const managesPlatformEmotes = ({ facts }: DecideContext): boolean =>
  mayOnPlatform(facts.platformRole, 'manage_emotes')
