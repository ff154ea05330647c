import type { Sql } from 'postgres'

/** The books of the kit: which builds there are, how far each reader has come, and what is parked. */
const tables = `
create schema if not exists readmodel;

create table if not exists readmodel.builds (
  build text primary key,
  projection text not null,
  version integer not null,
  state text not null check (state in ('building', 'live', 'retired')),
  invalid boolean not null default false,
  created timestamptz not null default now()
);
create unique index if not exists builds_live on readmodel.builds (projection) where state = 'live';

create table if not exists readmodel.positions (
  reader text not null,
  family text not null,
  partition integer not null,
  log_id text not null,
  "offset" bigint not null,
  claim bigint not null,
  n bigint not null,
  caught_up boolean not null default false,
  updated timestamptz not null default now(),
  primary key (reader, family, partition)
) with (fillfactor = 50);

create table if not exists readmodel.parked (
  id bigint generated always as identity primary key,
  reader text not null,
  family text not null,
  partition integer not null,
  key text not null,
  n bigint not null,
  code text,
  at_code text,
  record jsonb not null,
  attempts integer not null default 0,
  parked timestamptz not null default now(),
  unique (reader, family, partition, n)
);
alter table readmodel.parked add column if not exists decided integer not null default 0;
create index if not exists parked_key on readmodel.parked (reader, family, key);
`

/** Any constant will do, as long as all processes take the same. */
const SCHEMA_LOCK = 7_119_301

/** Makes the schema `readmodel` where it is not there yet. Many processes may call it at once. */
export const createReadModelSchema = (sql: Sql): Promise<void> =>
  sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${SCHEMA_LOCK})`
    await tx.unsafe(tables)
  })
