-- Accounts that are brought from elsewhere: which line of which file has which account, so that an import that was cut off
-- goes on. The import's id is the hash of the file.
create table vault.imports (
  import_id text not null,
  line integer not null,
  account_id text not null,
  done boolean not null default false,
  primary key (import_id, line)
);
