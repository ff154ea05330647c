import type { Sql } from 'postgres'
import type { Bigint } from '#libs/postgres/bigint.ts'
import type { PositionWaiter } from '#libs/readmodel/wait.ts'
import type { WhisperHistory } from './edge.ts'
import { frameOfRow } from './frames.ts'
import type { WhisperRow } from './projections/whisper-changes.ts'
import type { Allowed } from './state.ts'
import type { ConversationReads, ConversationView, InboxView, WhisperView } from './views.ts'

/** Beyond every number of a lane. */
const beyond = Number.MAX_SAFE_INTEGER

/** More unread ones than this are not counted one by one. */
const maxUnread = 100

const inboxOf = async (sql: Sql, accountId: string): Promise<InboxView> => {
  const [row] = await sql<{ allow: Allowed; whisperSeq: Bigint; blocked: readonly string[] }[]>`
    select allow, whisper_seq as "whisperSeq", coalesce((
      select jsonb_agg(sender_id::text order by sender_id) from readmodel.blocked_senders
      where blocked_senders.account_id = inboxes.account_id), '[]') as blocked
    from readmodel.inboxes where account_id = ${accountId}`
  return row ? { ...row, whisperSeq: Number(row.whisperSeq) } : { allow: 'everybody', whisperSeq: 0, blocked: [] }
}

type StoredWhisper = {
  readonly whisperId: string
  readonly whisperSeq: Bigint
  readonly at: Bigint
  readonly authorId: string
  readonly name: string | null
  readonly text: string | null
}

const viewOf = (row: StoredWhisper): WhisperView => ({
  ...row,
  whisperSeq: Number(row.whisperSeq),
  at: Number(row.at),
})

const columns = (sql: Sql) => sql`
  whisper_id as "whisperId", whisper_seq as "whisperSeq", at, author_id::text as "authorId", name, text`

type StoredConversation = StoredWhisper & {
  readonly peerId: string
  readonly readUpTo: Bigint
  readonly unread: Bigint
}

const conversations =
  (sql: Sql): ConversationReads['conversations'] =>
  async (accountId, { before, limit }) => {
    const rows = await sql<StoredConversation[]>`
      select page.peer_id::text as "peerId", read_up_to as "readUpTo", ${columns(sql)}, (
        select count(*) from (
          select from readmodel.whispers as unread
          where unread.account_id = ${accountId} and unread.peer_id = page.peer_id and unread.whisper_id is not null
            and unread.type = 'received' and unread.whisper_seq > page.read_up_to
          limit ${maxUnread}) as counted) as unread
      from (
        select peer_id, last_seq, read_up_to from readmodel.conversations
        where account_id = ${accountId} and last_seq < ${before ?? beyond}
        order by last_seq desc limit ${limit}) as page
      join readmodel.whispers on whispers.account_id = ${accountId} and whispers.whisper_seq = page.last_seq
      order by last_seq desc`
    return rows.map(
      ({ peerId, readUpTo, unread, ...last }): ConversationView => ({
        peerId,
        readUpTo: Number(readUpTo),
        unread: Number(unread),
        last: viewOf(last),
      }),
    )
  }

const whispersWith =
  (sql: Sql): ConversationReads['whispersWith'] =>
  async (accountId, peerId, { before, after, limit }) => {
    const rows = await sql<StoredWhisper[]>`
      select ${columns(sql)} from readmodel.whispers
      where account_id = ${accountId} and peer_id = ${peerId} and whisper_id is not null
        and whisper_seq < ${before ?? beyond} and whisper_seq > ${after ?? 0}
      order by whisper_seq ${after === undefined ? sql`desc` : sql`asc`} limit ${limit}`
    const page = rows.map(viewOf)
    return after === undefined ? page.reverse() : page
  }

const hasWhisperedTo =
  (sql: Sql): ConversationReads['hasWhisperedTo'] =>
  async (accountId, peerId) => {
    const sent = await sql`
      select from readmodel.whispers
      where account_id = ${accountId} and peer_id = ${peerId} and type = 'sent' limit 1`
    return sent.length > 0
  }

/** What the routes of whispers read. */
export const conversationReads = (sql: Sql): ConversationReads => ({
  inbox: (accountId) => inboxOf(sql, accountId),
  hasWhisperedTo: hasWhisperedTo(sql),
  conversations: conversations(sql),
  whispersWith: whispersWith(sql),
})

type StoredRow = Pick<WhisperRow, 'type' | 'whisper_id' | 'peer_id' | 'name' | 'text' | 'allow'> & {
  readonly whisper_seq: Bigint
  readonly at: Bigint
  readonly up_to: Bigint | null
}

/** Who waits is served the moment that the read model has come so far. */
const openWithinMs = 5_000

/** What lies behind a live edge: the lane of an account, from the read model. */
export const whisperHistory = (sql: Sql, waiter: PositionWaiter): WhisperHistory => ({
  open: async (accountId, minPosition) => {
    if (minPosition !== null) await waiter.wait('whispers', minPosition, openWithinMs)
    return inboxOf(sql, accountId)
  },
  between: async (accountId, from, to) => {
    const rows = await sql<StoredRow[]>`
      select whisper_seq, type, at, whisper_id, peer_id::text, name, text, up_to, allow
      from readmodel.whispers where account_id = ${accountId} and whisper_seq between ${from} and ${to}
      order by whisper_seq`
    return rows.map((row) =>
      frameOfRow({
        ...row,
        whisper_seq: Number(row.whisper_seq),
        at: Number(row.at),
        up_to: row.up_to === null ? null : Number(row.up_to),
      }),
    )
  },
})
