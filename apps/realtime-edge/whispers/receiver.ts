import type { Sql } from 'postgres'
import { followedAt } from '#libs/channel/reads/channels.ts'
import type { ReceiverFacts } from '#libs/conversation/edge.ts'
import { accountById } from '#libs/identity/queries.ts'

/** What the read models of accounts and channels say of who is whispered to. */
export const receiverFacts =
  (sql: Sql) =>
  async (senderId: string, receiverId: string): Promise<ReceiverFacts> => {
    const [account, follows] = await Promise.all([
      accountById(sql, receiverId),
      // The sender's own channel has the sender's id.
      followedAt(sql, senderId, receiverId),
    ])
    return { exists: account?.state === 'open', followed: follows !== undefined }
  }
