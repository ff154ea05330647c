import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { type Appeal, maxOpenAppeals } from '../casework/appeals.ts'
import { type Sanction, type SanctionKind, sanctionOf } from '../casework/sanctions.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import { holds, marksOf } from '../state/marks.ts'
import type { Channel } from '../state.ts'

/** When a ban or timeout of a member ends; null: never; undefined where there is none. */
export const sanctionUntil = (channel: Channel, kind: SanctionKind, member: string, at: number) => {
  if (kind === 'ban') {
    const { ban } = marksOf(channel.marks, member)
    return holds(ban, at) ? ban.until : undefined
  }
  const until = channel.timeouts.until.get(member)
  return until !== undefined && until > at ? until : undefined
}

/** What somebody may appeal against: it stands, and they have not done so. */
export const appealable = (
  channel: Channel,
  kind: SanctionKind,
  { principal, at }: DecideContext,
): Sanction | Rejection => {
  const sanction = sanctionOf(channel.casework.sanctions, kind, principal)
  if (!sanction || sanctionUntil(channel, kind, principal, at) === undefined)
    return reject('channel.nothing_to_appeal', { sanction: kind })
  return sanction.appealed ? reject('channel.appealed_already') : sanction
}

export const appealsFull = ({ casework }: Channel): Rejection | undefined =>
  casework.appeals.length >= maxOpenAppeals ? reject('channel.appeals_full', { max: maxOpenAppeals }) : undefined

export const knownAppeal = ({ casework }: Channel, appealId: string): Appeal | Rejection =>
  casework.appeals.find(({ id }) => id === appealId) ?? reject('channel.appeal_unknown')

/** What is shortened ends earlier than it did, and only that has a term. */
export const answerUnfit = (
  { answer, durationMs }: ChannelCommandOf<'AnswerAppeal'>,
  until: number | null,
  { at }: DecideContext,
): Rejection | undefined => {
  if (answer !== 'shortened') return durationMs === null ? undefined : reject('channel.answer_unfit')
  const isShorter = durationMs !== null && durationMs >= 1_000 && Number.isInteger(durationMs)
  return isShorter && (until === null || at + durationMs < until) ? undefined : reject('channel.answer_unfit')
}
