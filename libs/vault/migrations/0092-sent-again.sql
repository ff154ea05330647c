-- What a command has used up or made, so that it may be sent again and meets nothing of a later one: of a token the command
-- that took it, of codes and stream keys the record (its n) in the journal that they stand on.
alter table vault.one_time_tokens add column taken_by uuid;
alter table vault.recovery_codes add column issued_n bigint not null default 0;
alter table vault.stream_keys add column issued_n bigint not null default 0;
