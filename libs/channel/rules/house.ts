import { may } from '#libs/access/permissions.ts'
import { codePoints, isBlank, isDisfigured, isLine } from '#libs/contracts/text.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import type { KnownMessage } from '../state/recent-messages.ts'
import type { Channel } from '../state.ts'
import { actorRole } from './ranks.ts'

export const maxHouseText = 2_000

/** A word of welcome or rules: something to read, with line feeds between its lines, each as those of messages are. */
export const unfitHouseText = ({ text }: ChannelCommandOf<'SetText'>): Rejection | undefined => {
  if (text === null) return undefined
  if (text.length > 2 * maxHouseText || codePoints(text) > maxHouseText)
    return reject('channel.text_too_long', { field: 'text', max: maxHouseText })
  if (isBlank(text)) return reject('channel.text_blank')
  return text.split('\n').every((line) => isLine(line) && !isDisfigured(line))
    ? undefined
    : reject('channel.text_invalid', { field: 'text' })
}

/** Whoever posts has accepted the rules as they are now; that they have is a soft fact (I9). */
export const rulesUnaccepted = (channel: Channel, context: DecideContext): Rejection | undefined => {
  if (!channel.rulesInForce) return undefined
  const version = channel.textVersions.rules
  if (Number(context.facts.rulesAccepted ?? 0) >= version) return undefined
  return may(actorRole(channel, context), 'post_in_any_mode')
    ? undefined
    : reject('channel.rules_unaccepted', { version })
}

/** Only the rules as they are now are accepted. */
export const rulesOutdated = (
  { version }: ChannelCommandOf<'AcceptRules'>,
  { rulesInForce, textVersions }: Channel,
): Rejection | undefined =>
  rulesInForce && version === textVersions.rules
    ? undefined
    : reject('channel.rules_outdated', { version: rulesInForce ? textVersions.rules : 0 })

export const isClosed = ({ closed }: Channel): Rejection | undefined => (closed ? reject('channel.closed') : undefined)

export const isOpen = ({ closed }: Channel): Rejection | undefined => (closed ? undefined : reject('channel.open'))

/** What only some see is not shown to everybody. */
export const pinnedUnseen = ({ hidden }: KnownMessage): Rejection | undefined =>
  hidden ? reject('channel.message_unknown') : undefined

export const nothingPinned = ({ pin }: Channel): Rejection | undefined =>
  pin ? undefined : reject('channel.nothing_pinned')
