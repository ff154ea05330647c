import type { Sql } from 'postgres'
import { ownerOf } from '#libs/broadcast/queries.ts'

/** Whose a channel is, or why nothing is broadcast in it, as a code. */
export const ownerOrWhy = async (
  sql: Sql,
  channelId: string,
): Promise<{ readonly ownerId: string } | { readonly barred: string }> => {
  const owner = await ownerOf(sql, channelId, Date.now())
  if (!owner) return { barred: 'channel.unknown' }
  if (owner.isBarred) return { barred: 'owner.suspended' }
  if (owner.isClosed) return { barred: 'channel.closed' }
  return { ownerId: owner.ownerId }
}
