import { Set as ImmutableSet } from 'immutable'

/** Fingerprints of what was said last, in two generations: the older one is dropped whole. */
export type RecentTexts = { readonly current: ImmutableSet<string>; readonly previous: ImmutableSet<string> }

/** Of one generation: between so many and twice as many texts are remembered. */
const generation = 2_500

export const noTexts: RecentTexts = { current: ImmutableSet(), previous: ImmutableSet() }

export const rememberText = ({ current, previous }: RecentTexts, fingerprint: string): RecentTexts =>
  current.size < generation
    ? { current: current.add(fingerprint), previous }
    : { current: ImmutableSet([fingerprint]), previous: current }

export const wasSaid = ({ current, previous }: RecentTexts, fingerprint: string): boolean =>
  current.has(fingerprint) || previous.has(fingerprint)
