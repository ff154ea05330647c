-- From where accounts came, as HMACs alone. No journal holds it, since it ages out.
create table vault.sightings (
  account_id text not null,
  address_key text not null,
  network_key text not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (account_id, address_key)
);

create index sightings_by_address on vault.sightings (address_key);
create index sightings_by_network on vault.sightings (network_key);
create index sightings_by_age on vault.sightings (last_seen);
