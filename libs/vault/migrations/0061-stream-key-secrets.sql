-- While a key is being given another secret it has two.
alter table vault.stream_keys drop constraint stream_keys_key_id_key;

create index stream_keys_by_key on vault.stream_keys (key_id);
