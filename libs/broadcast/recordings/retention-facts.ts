import type { Library } from './library.ts'

/** For how long recordings and clips are kept, in days; 0: they stay. */
export type Retention = Pick<Library, 'retentionDays' | 'clipRetentionDays'>

/** What the platform's settings say, as an edge stamps it on a change (I9): it stands in no payload, which is as it was asked for. */
export const retentionFacts = ({ retentionDays, clipRetentionDays }: Retention): Readonly<Record<string, string>> => ({
  retentionDays: String(retentionDays),
  clipRetentionDays: String(clipRetentionDays),
})

const daysIn = (fact: string | undefined): number | undefined =>
  fact !== undefined && /^\d{1,6}$/.test(fact) ? Number(fact) : undefined

/**
 * What a change leaves out: as it was said for the channel. Where nobody has said anything yet, the channel keeps what it
 * has as the platform's settings say: with the first word about it that becomes its own.
 */
export const retentionUnsaid = (library: Library, facts: Readonly<Record<string, string>>): Retention =>
  library.isSet
    ? library
    : {
        retentionDays: daysIn(facts.retentionDays) ?? library.retentionDays,
        clipRetentionDays: daysIn(facts.clipRetentionDays) ?? library.clipRetentionDays,
      }
