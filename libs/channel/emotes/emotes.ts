import { mayOnPlatform } from '#libs/access/platform.ts'
import type { DecideContext } from '#libs/journal/decider.ts'
import type { FindEmote } from '../entities.ts'
import { actorRole } from '../rules/ranks.ts'
import type { Emote } from '../state/emotes.ts'
import { holds, marksOf } from '../state/marks.ts'
import type { Channel } from '../state.ts'
import { globalsIn } from './globals.ts'

/** The key of the platform's own emotes, which are for every channel. No channel has this id. */
export const platformKey = '0'

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
