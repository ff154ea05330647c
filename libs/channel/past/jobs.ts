import type { Sql } from 'postgres'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Moment } from '../past.ts'
import type { FoundChannel } from './replay.ts'

/** What a job came to: `code` of an error, or what it has found. */
export type JobOutcome = { readonly code: string } | { readonly found: FoundChannel }

export type Job = {
  readonly jobId: string
  readonly channelId: string
  readonly moment: Moment
  readonly status: 'pending' | 'done' | 'failed'
  /** How often it was begun. */
  readonly attempts: number
  readonly recordsRead: number
  readonly recordsAtMost: number
  readonly found: FoundChannel | undefined
  readonly code: string | undefined
  readonly expiresAt: number
}

/**
 * The jobs that all edges share. One who takes a job has a lease of it: who dies, or stalls, is followed by another, and
 * what they would say later counts no more.
 */
export type Jobs = {
  readonly find: (jobId: string) => Promise<Job | undefined>
  /**
   * The job of that id, begun where there is none or where it has failed.
   * @throws HttpProblem `platform.busy` where too many are pending, of this channel or in all
   */
  readonly open: (jobId: string, channelId: string, moment: Moment) => Promise<Job>
  /** Makes room of one that is done, whose only asker was told. */
  readonly forget: (jobId: string) => Promise<void>
  /** The pending job that has waited longest and is nobody's, leased to the worker. */
  readonly take: (worker: string, leaseMs: number) => Promise<Job | undefined>
  /** Renews the lease. @returns false where it is another's by now */
  readonly renew: (jobId: string, worker: string, leaseMs: number, read: number, atMost: number) => Promise<boolean>
  readonly finish: (jobId: string, worker: string, outcome: JobOutcome) => Promise<void>
  /** Leaves it to whoever takes it next, after a pause; `untouched`: as if it had not been begun. */
  readonly release: (jobId: string, worker: string, pauseMs: number, untouched: boolean) => Promise<void>
}

export type JobBounds = {
  readonly pending: number
  readonly pendingOfChannel: number
  /** Finished ones; the oldest make room. */
  readonly kept: number
  readonly keptMs: number
}

/** Pending ones are read one after another by each edge; a found channel is some KiB, and a large one some hundred. */
const usualBounds: JobBounds = { pending: 50, pendingOfChannel: 5, kept: 200, keptMs: 3_600_000 }

/** Any constant will do, as long as all processes take the same. */
const LOCK = 7_119_302

const tables = `
create schema if not exists http_edge;
create table if not exists http_edge.past_jobs (
  job_id text primary key,
  channel_id text not null,
  moment jsonb not null,
  status text not null check (status in ('pending', 'done', 'failed')),
  attempts integer not null default 0,
  records_read bigint not null default 0,
  records_at_most bigint not null default 0,
  worker text,
  free_at timestamptz not null default now(),
  found jsonb,
  code text,
  asked timestamptz not null default now(),
  expires timestamptz not null
);
`

type Row = Omit<Job, 'recordsRead' | 'recordsAtMost' | 'found' | 'code' | 'expiresAt'> & {
  readonly recordsRead: string
  readonly recordsAtMost: string
  readonly found: FoundChannel | null
  readonly code: string | null
  readonly expiresAt: string
}

const jobOf = (row: Row): Job => ({
  ...row,
  recordsRead: Number(row.recordsRead),
  recordsAtMost: Number(row.recordsAtMost),
  found: row.found ?? undefined,
  code: row.code ?? undefined,
  expiresAt: Number(row.expiresAt),
})

/** Keeps jobs in Postgres. The table is made by the first call that needs it, as Postgres may be away before. */
export const createJobs = (sql: Sql, bounds: JobBounds = usualBounds): Jobs => {
  let made: Promise<unknown> | undefined
  const ready = (): Promise<unknown> => {
    made ??= sql
      .begin(async (tx) => {
        await tx`select pg_advisory_xact_lock(${LOCK})`
        await tx.unsafe(tables)
      })
      .catch((error) => {
        made = undefined
        throw error
      })
    return made
  }

  const columns = sql`
    job_id as "jobId", channel_id as "channelId", moment, status, attempts, records_read as "recordsRead",
    records_at_most as "recordsAtMost", found, code, (extract(epoch from expires) * 1000)::bigint as "expiresAt"`
  const lasting = (ms: number) => sql`now() + ${ms} * interval '1 millisecond'`

  const find: Jobs['find'] = async (jobId) => {
    await ready()
    const [row] = await sql<Row[]>`
      select ${columns} from http_edge.past_jobs where job_id = ${jobId} and expires > now()`
    return row && jobOf(row)
  }

  const open: Jobs['open'] = async (jobId, channelId, moment) => {
    await ready()
    return (await sql.begin(async (tx) => {
      // One after another, so that the bounds hold whatever edges ask at once.
      await tx`select pg_advisory_xact_lock(${LOCK})`
      await tx`delete from http_edge.past_jobs where expires <= now() or (job_id = ${jobId} and status = 'failed')`
      const [known] = await tx<Row[]>`select ${columns} from http_edge.past_jobs where job_id = ${jobId}`
      if (known) return jobOf(known)
      const [count] = await tx<{ readonly all: number; readonly here: number }[]>`
        select count(*)::integer as all, (count(*) filter (where channel_id = ${channelId}))::integer as here
        from http_edge.past_jobs where status = 'pending'`
      if (count && (count.all >= bounds.pending || count.here >= bounds.pendingOfChannel))
        throw new HttpProblem('platform.busy', { message: 'Too many moments of the past are being looked for.' })
      await tx`
        delete from http_edge.past_jobs where job_id in (
          select job_id from http_edge.past_jobs where status <> 'pending' order by expires desc offset ${bounds.kept - 1})`
      const [row] = await tx<Row[]>`
        insert into http_edge.past_jobs (job_id, channel_id, moment, status, expires)
        values (${jobId}, ${channelId}, ${sql.json(moment)}, 'pending', ${lasting(bounds.keptMs)})
        returning ${columns}`
      return jobOf(row as Row)
    })) as Job
  }

  return {
    find,
    open,
    forget: async (jobId) => {
      await sql`delete from http_edge.past_jobs where job_id = ${jobId} and status <> 'pending'`
    },
    take: async (worker, leaseMs) => {
      await ready()
      const [row] = await sql<Row[]>`
        update http_edge.past_jobs
        set worker = ${worker}, free_at = ${lasting(leaseMs)}, attempts = attempts + 1, records_read = 0
        where job_id = (
          select job_id from http_edge.past_jobs where status = 'pending' and free_at <= now() and expires > now()
          order by asked limit 1 for update skip locked)
        returning ${columns}`
      return row && jobOf(row)
    },
    renew: async (jobId, worker, leaseMs, read, atMost) => {
      const { count } = await sql`
        update http_edge.past_jobs
        set free_at = ${lasting(leaseMs)}, records_read = ${read}, records_at_most = ${atMost}
        where job_id = ${jobId} and worker = ${worker} and status = 'pending'`
      return count > 0
    },
    finish: async (jobId, worker, outcome) => {
      const found = 'found' in outcome ? sql.json(outcome.found) : null
      const code = 'code' in outcome ? outcome.code : null
      await sql`
        update http_edge.past_jobs
        set status = ${code === null ? 'done' : 'failed'}, found = ${found}, code = ${code},
          expires = ${lasting(bounds.keptMs)}
        where job_id = ${jobId} and worker = ${worker} and status = 'pending'`
    },
    release: async (jobId, worker, pauseMs, untouched) => {
      await sql`
        update http_edge.past_jobs
        set worker = null, free_at = ${lasting(pauseMs)}, attempts = attempts - ${untouched ? 1 : 0}
        where job_id = ${jobId} and worker = ${worker} and status = 'pending'`
    },
  }
}
