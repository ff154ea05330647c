import { NumericId } from '#libs/http/ids.ts'

/** Of a page in the order of members: where the next one begins. */
export const NextAfter = NumericId.nullable().meta({
  description: 'Ask with `after` for the page behind this one; null: no more',
})

type OfMember = { readonly memberId: string }

/**
 * A page of `found`, which is in the order of its members and goes beyond `limit` by more than one member has. It ends
 * between two members: of the last one it has all, though it be longer for it.
 */
export const pageByMember = <Row extends OfMember>(
  found: readonly Row[],
  limit: number,
): { readonly page: readonly Row[]; readonly after: string | null } => {
  const last = found[Math.min(limit, found.length) - 1]?.memberId
  const behind = found.findIndex(({ memberId }, index) => index >= limit && memberId !== last)
  return behind === -1 ? { page: found, after: null } : { page: found.slice(0, behind), after: last ?? null }
}
