-- What accounts are logged in to by, beside passwords.

-- Secrets of codes by time (RFC 6238). One that is not confirmed asks nobody for a code. A code of a step that was used is
-- good no more, nor is one of a step before it.
create table vault.totp (
  account_id text primary key,
  factor_id uuid not null,
  wrapped_secret bytea not null,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  last_step bigint not null default 0
);

-- By their hashes alone: each is good once.
create table vault.recovery_codes (
  account_id text not null,
  code_hash bytea not null,
  primary key (account_id, code_hash)
);

-- Public keys of passkeys. The name is the owner's own word for the device.
create table vault.passkeys (
  credential_id bytea primary key,
  factor_id uuid not null unique,
  account_id text not null,
  public_key bytea not null,
  counter bigint not null,
  transports jsonb not null,
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);

create index passkeys_by_account on vault.passkeys (account_id);

-- When who has the session last showed who they are.
alter table vault.sessions add column authenticated_at timestamptz;
update vault.sessions set authenticated_at = created_at;
alter table vault.sessions alter column authenticated_at set not null;

-- From where somebody has logged in lately: a keyed hash of what the device says of itself and of the block of its address,
-- or of what was left with it.
create table vault.known_devices (
  account_id text not null,
  device_hash bytea not null,
  seen_at timestamptz not null,
  primary key (account_id, device_hash)
);

create index known_devices_by_age on vault.known_devices (seen_at);
