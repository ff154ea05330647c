-- What requests for commands found, made or used up the first time that they came: one that is sent again, to whichever edge,
-- is the same command by it. A row stays for a day; account_id is who asked, or whom it is about where nobody is logged in.
create table vault.requests (
  command_id uuid primary key,
  account_id text not null,
  fingerprint text not null,
  wrapped_kept bytea not null,
  begun_at timestamptz not null
);

create index requests_by_account on vault.requests (account_id);
create index requests_by_age on vault.requests (begun_at);
