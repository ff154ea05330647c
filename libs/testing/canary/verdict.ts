import type { Found } from './search.ts'

/**
 * A place with whether nothing of an erased person should be there any more. Only records of topics that are not kept for
 * ever may be, until the day on which they have aged out.
 */
export type Judged = Found & { readonly overdue: boolean }

/** @param today a UTC day, as `2026-01-31` */
export const judge = (found: Found, today: string): Judged => ({
  ...found,
  overdue: found.kind !== 'record' || found.agesOutOn === undefined || found.agesOutOn < today,
})
