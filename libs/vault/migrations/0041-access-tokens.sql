-- Tokens that people make for programs, by their hashes alone: each is shown once.
create table vault.access_tokens (
  token_hash bytea primary key,
  token_id uuid not null unique,
  account_id text not null,
  kind text not null,
  -- What its owner calls it; it goes with the token, and is in clear on no page of it.
  wrapped_name bytea not null,
  scopes jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  -- While the account is suspended; null where it is not.
  blocked_until timestamptz
);

create index access_tokens_by_account on vault.access_tokens (account_id);
