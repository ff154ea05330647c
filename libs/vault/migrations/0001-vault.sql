-- The vault's secrets. What is called wrapped is sealed with the master key, and bound to its place here.

create table vault.master_key (
  only_one boolean primary key default true check (only_one),
  check_value bytea not null
);

create table vault.secrets (
  name text primary key,
  wrapped bytea not null
);

-- Ids of accounts and of channels.
create sequence vault.ids as bigint start 1000 minvalue 1000 maxvalue 9007199254740991;

-- A key, or the tombstone that is left of it.
create table vault.personal_keys (
  subject text primary key,
  wrapped bytea,
  erased_at timestamptz,
  check ((wrapped is null) = (erased_at is not null))
);

-- The row of an erased key is free space from the next vacuum on, so one dead row is enough for it to come.
alter table vault.personal_keys
  set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0, fillfactor = 80);

create table vault.credentials (
  account_id text primary key,
  password_hash text not null,
  must_change boolean not null
);

create table vault.sessions (
  session_id uuid primary key,
  secret_hash bytea not null unique,
  account_id text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create index sessions_by_account on vault.sessions (account_id);
create index sessions_by_expiry on vault.sessions (expires_at);

create table vault.signing_keys (
  kid text primary key,
  wrapped bytea not null,
  public_key jsonb not null,
  created_at timestamptz not null
);
