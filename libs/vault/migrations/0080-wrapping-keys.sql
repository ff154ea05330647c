-- Keys that wrap what lies in the vault. Each is here wrapped itself, once for every master key that opens the vault: two
-- of those while one takes the place of the other. The first is derived from the first master key, as it wrapped before
-- there were any here.
alter table vault.master_key
  drop column only_one,
  add column added_at timestamptz not null default now(),
  add primary key (check_value);

create table vault.wrapping_keys (
  key_id integer primary key,
  created_at timestamptz not null
);

create table vault.wrapping_key_copies (
  key_id integer not null references vault.wrapping_keys on delete cascade,
  check_value bytea not null references vault.master_key on delete cascade,
  wrapped bytea not null,
  primary key (key_id, check_value)
);

-- Keys that sign what the platform has seen. The public part is wrapped too, so that nobody puts one here of their own;
-- it stays for good, while the private one goes when the next is made.
create table vault.evidence_keys (
  key_id text primary key,
  wrapped_private bytea,
  wrapped_public bytea not null,
  created_at timestamptz not null
);

-- Hashes of passwords are wrapped: whoever has the database alone has nothing to guess at. Those that are here in clear
-- are wrapped at the next start.
alter table vault.credentials
  add column wrapped_hash bytea,
  alter column password_hash drop not null,
  add check ((wrapped_hash is null) <> (password_hash is null));

create index credentials_in_clear on vault.credentials (account_id) where password_hash is not null;
