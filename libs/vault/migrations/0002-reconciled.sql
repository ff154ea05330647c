-- Up to where in the account journal the erasures are known to have come here. It is restored with the keys, so what a
-- backup has not heard of is told again.
create table vault.reconciled (
  partition integer primary key,
  log_id text not null,
  at_offset bigint not null,
  claim bigint not null,
  n bigint not null
);
