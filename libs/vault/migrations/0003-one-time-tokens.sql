-- Secrets that somebody was sent, each good once. Those of one group belong together: both ends of a change of address.
create table vault.one_time_tokens (
  token_hash bytea primary key,
  purpose text not null,
  account_id text not null,
  group_id uuid not null,
  wrapped_detail bytea not null,
  expires_at timestamptz not null
);

create index one_time_tokens_by_account on vault.one_time_tokens (account_id);
create index one_time_tokens_by_group on vault.one_time_tokens (group_id);
create index one_time_tokens_by_expiry on vault.one_time_tokens (expires_at);
