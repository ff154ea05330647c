-- Keys by which encoders publish to a channel, by their hashes alone: each is shown once.
create table vault.stream_keys (
  key_hash bytea primary key,
  key_id uuid not null unique,
  channel_id text not null,
  expires_at timestamptz
);

create index stream_keys_by_channel on vault.stream_keys (channel_id);
