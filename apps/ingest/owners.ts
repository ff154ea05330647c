import type { Sql } from 'postgres'
import { ownerOf } from '#libs/broadcast/queries.ts'

/** Whose a channel is, or why nothing is broadcast in it, in words for whoever tries. */
export const ownerOrWhy = async (
  sql: Sql,
  channelId: string,
): Promise<{ readonly ownerId: string } | { readonly barred: string }> => {
  const owner = await ownerOf(sql, channelId, Date.now())
  if (!owner) return { barred: 'the channel is not there yet: try again' }
  if (owner.isBarred) return { barred: 'the account is suspended' }
  if (owner.isClosed) return { barred: 'the channel is closed' }
  return { ownerId: owner.ownerId }
}
