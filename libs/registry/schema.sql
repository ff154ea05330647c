create schema if not exists registry;

-- What an id stands for. A row never changes and never goes, so an id means the same for ever.
create table if not exists registry.schemas (
  id integer primary key,
  fingerprint text not null unique,
  text text not null,
  refs jsonb not null
);
create index if not exists schemas_refs on registry.schemas using gin (refs jsonb_path_ops);

create table if not exists registry.versions (
  subject text not null,
  version integer not null,
  schema_id integer not null references registry.schemas,
  deleted boolean not null default false,
  registered_at timestamptz not null default now(),
  primary key (subject, version)
);
create index if not exists versions_schema on registry.versions (schema_id);

-- Of one subject, or of all that have none of their own: the empty name.
create table if not exists registry.settings (
  subject text primary key,
  compatibility text,
  mode text
);
