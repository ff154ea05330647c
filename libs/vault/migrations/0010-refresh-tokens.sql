-- A session's secret is good once: each use of it brings the next. Those that were used stay known for a while, so that
-- one that comes again tells of a theft.
create table vault.refresh_tokens (
  secret_hash bytea primary key,
  session_id uuid not null references vault.sessions on delete cascade,
  generation integer not null,
  made_at timestamptz not null
);

create index refresh_tokens_by_session on vault.refresh_tokens (session_id);

insert into vault.refresh_tokens (secret_hash, session_id, generation, made_at)
select secret_hash, session_id, 0, created_at from vault.sessions;

alter table vault.sessions
  drop column secret_hash,
  -- What the owner is shown of where it was opened; it goes with the session.
  add column device text,
  add column last_used_at timestamptz not null default now(),
  -- Tokens of this generation are good; of the one before, within the grace, one more try is.
  add column generation integer not null default 0,
  add column renewed_at timestamptz,
  add column retried boolean not null default false;
