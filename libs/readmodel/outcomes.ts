import type { Sql } from 'postgres'
import { rejectionsOfTheId } from '#libs/journal/errors.ts'
import { type Family, families } from '#libs/journal/families.ts'
import { answerOf, type Detail, type OutcomeRecord, positionToken } from '#libs/journal/outcome.ts'
import type { Projection } from './projection.ts'

const DAY_MS = 24 * 60 * 60 * 1000

const tables = `
create table outcomes (
  principal text not null,
  command_id text not null,
  family text not null,
  partition integer not null,
  n bigint not null,
  key text not null,
  command_type text not null,
  at bigint not null,
  kind text not null,
  code text,
  decided boolean not null,
  detail jsonb not null,
  primary key (command_id, principal, family, key)
);
create index outcomes_at on outcomes (family, partition, at);
`

/** A command sent again finds the outcome of the first time; where that has gone, this one says the same. */
const told = ({ outcome }: OutcomeRecord): { readonly code: string | null; readonly detail: Detail } => {
  const first = answerOf(outcome)
  return first.kind === 'rejected' ? { code: first.code, detail: first.detail } : { code: null, detail: first.summary }
}

/**
 * Whether it is what the command came to. A rejection of its id is not, nor is what a manager is told whose source has
 * moved on: the same command may come to something else later.
 */
const isDecided = ({ outcome }: OutcomeRecord): boolean =>
  outcome.kind === 'repeated' ? outcome.firstN > 0 : outcome.kind === 'accepted' || !rejectionsOfTheId.has(outcome.code)

const rowOf = (record: OutcomeRecord) => {
  const { code, detail } = told(record)
  return {
    principal: record.principal,
    command_id: record.commandId,
    family: record.family,
    partition: record.partition,
    n: record.n,
    key: record.key,
    command_type: record.commandType,
    at: record.at,
    kind: code === null ? 'accepted' : 'rejected',
    code,
    decided: isDecided(record),
    detail,
  }
}

type Row = ReturnType<typeof rowOf>

/** Of each command the first outcome that is decided, else the first; one statement may not change a row twice. */
const firstOfEach = (rows: readonly Row[]): readonly Row[] => {
  const first = new Map<string, Row>()
  for (const row of rows) {
    const id = JSON.stringify([row.command_id, row.principal, row.key])
    const known = first.get(id)
    if (!known || (row.decided && !known.decided)) first.set(id, row)
  }
  return [...first.values()]
}

/** By partition, the time before which rows go: a day before the last record, so that it is a function of the journal. */
const horizons = (outcomes: readonly OutcomeRecord[]): ReadonlyMap<number, number> => {
  const last = new Map<number, number>()
  for (const { partition, at } of outcomes) last.set(partition, at - DAY_MS)
  return last
}

/** Outcomes of commands for a day, for those who could not wait for them. */
export const outcomesProjection: Projection = {
  name: 'outcomes',
  version: 2,
  families,
  tables,
  hashed: [{ table: 'outcomes', key: ['command_id', 'principal', 'family', 'key'] }],
  views: ['outcomes'],
  apply: async (sql, family, outcomes) => {
    const horizon = horizons(outcomes)
    const kept = outcomes.filter(({ partition, at }) => at >= (horizon.get(partition) ?? 0))
    const rows = firstOfEach(kept.map(rowOf))
    await Promise.all([
      sql`
        insert into outcomes
          (principal, command_id, family, partition, n, key, command_type, at, kind, code, decided, detail)
        select * from jsonb_to_recordset(${sql.json(rows)}) as outcome (
          principal text, command_id text, family text, partition integer, n bigint, key text, command_type text,
          at bigint, kind text, code text, decided boolean, detail jsonb)
        order by partition, n
        on conflict (command_id, principal, family, key) do update set
          partition = excluded.partition, n = excluded.n, command_type = excluded.command_type, at = excluded.at,
          kind = excluded.kind, code = excluded.code, decided = true, detail = excluded.detail
        where excluded.decided and not outcomes.decided`,
      ...[...horizon].map(
        ([partition, before]) =>
          sql`delete from outcomes where family = ${family} and partition = ${partition} and at < ${before}`,
      ),
    ])
  },
}

/** What a command came to. */
export type CommandOutcome = {
  readonly commandId: string
  readonly commandType: string
  readonly key: string
  readonly at: number
  readonly status: 'accepted' | 'rejected'
  /** Why it was rejected. */
  readonly code: string | null
  readonly detail: Detail
  /** For `min-position` of a query that must see it. */
  readonly position: string
}

type Found = Pick<CommandOutcome, 'commandId' | 'commandType' | 'key' | 'status' | 'code' | 'detail'> & {
  readonly family: Family
  readonly partition: number
  readonly n: string
  readonly at: string
}

/** The outcome of a principal's command; the latest where it sent one id to several aggregates. */
export const commandOutcome = async (
  sql: Sql,
  principal: string,
  commandId: string,
): Promise<CommandOutcome | undefined> => {
  const [row] = await sql<Found[]>`
    select command_id as "commandId", command_type as "commandType", key, family, partition, n, at, kind as status,
      code, detail
    from readmodel.outcomes where command_id = ${commandId} and principal = ${principal}
    order by at desc limit 1`
  if (!row) return undefined
  const { family, partition, n, at, ...outcome } = row
  return { ...outcome, at: Number(at), position: positionToken({ family, partition, n: Number(n) }) }
}
