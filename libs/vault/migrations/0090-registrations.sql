-- Accounts that are being registered, by the command that asks for each: one that is sent again, to whichever edge, is for
-- the account of the first time. A row stays for a day; under_way are those that have not failed; the invitation is the one
-- that was used for it, and given back where all fail.
create table vault.registrations (
  command_id uuid primary key,
  account_id text not null,
  fingerprint text not null,
  invitation jsonb,
  under_way integer not null default 1,
  begun_at timestamptz not null
);

create index registrations_by_account on vault.registrations (account_id);
create index registrations_by_age on vault.registrations (begun_at);
