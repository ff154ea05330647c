import { Map as ImmutableMap } from 'immutable'

/** Accounts that are taken for one person's: each with those that it was linked to. */
export type Alts = ImmutableMap<string, readonly string[]>

export const noAlts: Alts = ImmutableMap()

/** Links of one account, and accounts with a link. */
export const maxAltsOfOne = 20
export const maxAlts = 20_000
/** Known alts that an act shows, at most. */
const shownAlts = 50

export const areLinked = (alts: Alts, one: string, other: string): boolean => alts.get(one)?.includes(other) ?? false

const without = (alts: Alts, one: string, other: string): Alts => {
  const left = (alts.get(one) ?? []).filter((each) => each !== other)
  return left.length === 0 ? alts.delete(one) : alts.set(one, left)
}

export const linkAlts = (alts: Alts, one: string, other: string): Alts =>
  alts.set(one, [...(alts.get(one) ?? []), other]).set(other, [...(alts.get(other) ?? []), one])

export const unlinkAlts = (alts: Alts, one: string, other: string): Alts =>
  without(without(alts, one, other), other, one)

/** All that are one person's with this one, over however many links; the nearest first. */
export const knownAlts = (alts: Alts, member: string): readonly string[] => {
  const found = new Set([member])
  for (const each of found) {
    if (found.size > shownAlts) break
    for (const alt of alts.get(each) ?? []) found.add(alt)
  }
  return [...found].slice(1, shownAlts + 1)
}
