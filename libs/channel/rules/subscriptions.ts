import type { Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'
import { marksOf, maxMarked } from '../state/marks.ts'
import type { Channel } from '../state.ts'

export const maxTier = 5
/** Ten years. */
export const maxTermMs = 315_360_000_000

export const tierOutOfRange = (tier: number): Rejection | undefined =>
  Number.isInteger(tier) && tier >= 1 && tier <= maxTier
    ? undefined
    : reject('channel.tier_out_of_range', { max: maxTier })

/** A term, where one is named; without one it is without end. */
export const termOutOfRange = (durationMs: number | null): Rejection | undefined =>
  durationMs === null || (Number.isInteger(durationMs) && durationMs >= 1_000 && durationMs <= maxTermMs)
    ? undefined
    : reject('channel.term_out_of_range', { minMs: 1_000, maxMs: maxTermMs })

export const tooManyMarked = ({ marks }: Channel, member: string): Rejection | undefined =>
  marks.byMember.size >= maxMarked && !marks.byMember.has(member)
    ? reject('channel.too_many_marked', { max: maxMarked })
    : undefined

export const notSubscribed = ({ marks }: Channel, member: string): Rejection | undefined =>
  marksOf(marks, member).subscription ? undefined : reject('channel.not_subscribed')
