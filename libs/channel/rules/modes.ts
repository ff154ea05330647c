import { may } from '#libs/access/permissions.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { type RoomMode, roomModes } from '#libs/protocols/native/modes.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import { holds, marksOf } from '../state/marks.ts'
import { type Mode, noModes } from '../state/modes.ts'
import { wasSaid } from '../state/recent-texts.ts'
import type { Channel } from '../state.ts'
import { actorRole } from './ranks.ts'

/** Of every mode that events have. */
const takes: Readonly<Record<Mode, RoomMode>> = roomModes

const isMode = (mode: string): mode is Mode => Object.hasOwn(takes, mode)

const fits = ({ min, max }: RoomMode, value: number): boolean => Number.isInteger(value) && value >= min && value <= max

export const modeOutOfRange = ({ mode, value }: ChannelCommandOf<'SetMode'>): Rejection | undefined => {
  const { min, max } = takes[mode]
  return value === null || fits(takes[mode], value)
    ? undefined
    : reject('channel.mode_out_of_range', { mode, min, max })
}

/** A preset names each mode once, with a value that the mode takes. */
export const presetUnfit = (modes: readonly string[], values: readonly number[]): Rejection | undefined => {
  if (modes.length !== values.length || new Set(modes).size !== modes.length) return reject('channel.preset_unfit')
  const isUnfit = modes.some((mode, index) => {
    const entry = isMode(mode) ? takes[mode] : undefined
    return !entry?.inPreset || !fits(entry, values[index] ?? Number.NaN)
  })
  return isUnfit ? reject('channel.preset_unfit') : undefined
}

/** What was there already is not announced again. */
export const modeUnchanged = ({ mode, value }: ChannelCommandOf<'SetMode'>, channel: Channel): Rejection | undefined =>
  (channel.modes[mode]?.value ?? null) === value ? reject('channel.mode_unchanged', { mode }) : undefined

type Rule = (channel: Channel, context: DecideContext) => Rejection | undefined

const readOnly: Rule = ({ effective }) => (effective.read_only === undefined ? undefined : reject('channel.read_only'))

/** The follow date is a soft fact (I9): who has none does not follow. */
const followersOnly: Rule = ({ effective: { followers_only: seconds } }, { facts, at }) => {
  if (seconds === undefined) return undefined
  const followedAt = Number(facts.followedAt ?? Number.NaN)
  const remainingMs = followedAt + seconds * 1000 - at
  if (Number.isNaN(followedAt)) return reject('channel.followers_only', { seconds })
  return remainingMs > 0 ? reject('channel.followers_only', { seconds, remainingMs }) : undefined
}

const subscribersOnly: Rule = ({ effective: { subscribers_only: tier }, marks }, { principal, at }) => {
  if (tier === undefined) return undefined
  const { subscription } = marksOf(marks, principal)
  return holds(subscription, at) && (subscription.value ?? 0) >= tier
    ? undefined
    : reject('channel.subscribers_only', { tier })
}

const verifiedOnly: Rule = ({ effective }, { facts }) =>
  effective.verified === undefined || facts.verified === 'true' ? undefined : reject('channel.verified_only')

const tooYoung: Rule = ({ effective: { account_age: seconds } }, { facts, at }) => {
  if (seconds === undefined) return undefined
  const remainingMs = Number(facts.accountCreatedAt ?? at) + seconds * 1000 - at
  return remainingMs > 0 ? reject('channel.account_too_young', { remainingMs }) : undefined
}

/** Who may post at all by the modes of the room, in the order in which a person is told of them. */
export const keptOut: Rule = (channel, context) => {
  if (channel.effective === noModes) return undefined
  const role = actorRole(channel, context)
  if (!may(role, 'post_when_read_only')) {
    const refusal = readOnly(channel, context)
    if (refusal) return refusal
  }
  if (may(role, 'post_in_any_mode')) return undefined
  return (
    followersOnly(channel, context) ??
    subscribersOnly(channel, context) ??
    verifiedOnly(channel, context) ??
    tooYoung(channel, context)
  )
}

/** Whether the modes of the room look at what is written by this one. */
export const modesBind = (channel: Channel, context: DecideContext): boolean =>
  channel.effective !== noModes && !may(actorRole(channel, context), 'post_in_any_mode')

/**
 * What is left of a text besides emotes: white space and emoji, with all that joins and colours them. No character
 * is of both kinds, so that there is one way to match and nothing to go back to.
 */
const onlyEmoji = /^(?:[\s\p{Emoji_Presentation}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{RI}]|\u200d|\ufe0f)*$/u

/** `rest` is the text without its emotes. */
export const notEmotes = ({ effective }: Channel, rest: string): Rejection | undefined =>
  effective.emote_only === undefined || onlyEmoji.test(rest) ? undefined : reject('channel.emote_only')

export const notUnique = ({ recentTexts }: Channel, fingerprint: string | null): Rejection | undefined =>
  fingerprint !== null && wasSaid(recentTexts, fingerprint) ? reject('channel.not_unique') : undefined
