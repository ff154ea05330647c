import type { Sql } from 'postgres'
import type { Evidence, EvidenceAsked } from './evidence.ts'
import { withLateOnes } from './late.ts'

/** Looks up what an act is about, as the read model has it now; those of erased authors are left out. */
export type ReadEvidence = (channelId: string, asked: EvidenceAsked) => Promise<readonly Evidence[]>

/** Messages on either side of one, or of the last of several, and the last ones of a member. */
const aroundCount = 5
const lastCount = 10

type Row = Omit<Evidence, 'seq' | 'at' | 'named'> & { readonly seq: string; readonly at: string }

/** Deleted messages count: what is gone is often what it is about. */
const readNow =
  (sql: Sql): ReadEvidence =>
  async (channelId, asked) => {
    const columns = sql`command_id as id, seq, subject::text as author, name, text, at`
    const there = sql`
      channel_id = ${channelId} and type = 'MessagePosted' and text is not null and name is not null`
    const lastOf = (member: string) => sql<Row[]>`
      select ${columns} from readmodel.lane_events
      where ${there} and subject = ${member} order by seq desc limit ${lastCount}`
    const around = (ids: readonly string[]) => sql<Row[]>`
      with named as materialized (
        select max(seq) as named_seq from readmodel.lane_events
        where command_id in (select jsonb_array_elements_text(${sql.json([...ids])}))
          and channel_id = ${channelId} and type = 'MessagePosted')
      (select ${columns} from readmodel.lane_events, named
        where ${there} and not hidden and seq < named_seq order by seq desc limit ${aroundCount})
      union all
      (select ${columns} from readmodel.lane_events, named
        where ${there} and seq >= named_seq and (not hidden or seq = named_seq)
        order by seq limit ${aroundCount + 1})`
    const byId = (ids: readonly string[]) => sql<Row[]>`
      select ${columns} from readmodel.lane_events
      where ${there} and command_id in (select jsonb_array_elements_text(${sql.json([...ids])}))`
    const withContext = async (ids: readonly string[]): Promise<readonly Row[]> => {
      const [itself, others] = await Promise.all([byId(ids), around(ids)])
      const known = new Set(itself.map(({ id }) => id))
      return [...itself, ...others.filter(({ id }) => !known.has(id))]
    }
    const rows = await ('around' in asked
      ? around([asked.around])
      : 'messages' in asked
        ? withContext(asked.messages)
        : lastOf(asked.lastOf))
    const named = new Set('around' in asked ? [asked.around] : 'messages' in asked ? asked.messages : [])
    return rows
      .map((row) => ({ ...row, seq: Number(row.seq), at: Number(row.at), named: named.has(row.id) }))
      .toSorted((one, other) => one.seq - other.seq)
  }

export const readEvidence = (sql: Sql): ReadEvidence => withLateOnes(readNow(sql))
