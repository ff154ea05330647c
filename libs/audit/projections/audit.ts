import type { Projection } from '#libs/readmodel/projection.ts'
import { auditedFamilies, entriesOf } from '../audited.ts'

const tables = `
create table audit (
  family text not null,
  partition integer not null,
  n bigint not null,
  event_index integer not null,
  at bigint not null,
  kind text not null,
  actor text not null,
  impersonator text,
  target text,
  channel text,
  command_id text not null,
  command_type text not null,
  code text,
  event_type text,
  event_version integer,
  event bytea,
  primary key (family, partition, n, event_index)
);
create index audit_at on audit (at, family, partition, n, event_index);
create index audit_actor on audit (actor, at);
create index audit_target on audit (target, at);
create index audit_channel on audit (channel, at);
create index audit_kind on audit (kind, at);
`

/**
 * Everything that is a matter of safety. Rows hold ids, and events as the journal has them: what people wrote is sealed in
 * them, is opened for who may read it, and is gone with the key of who wrote it.
 */
export const auditProjection: Projection = {
  name: 'audit',
  version: 1,
  families: auditedFamilies,
  tables,
  hashed: [{ table: 'audit', key: ['family', 'partition', 'n', 'event_index'] }],
  views: ['audit'],
  concerns: (outcome) => entriesOf(outcome).length > 0,
  apply: async (sql, family, outcomes) => {
    const rows = outcomes.flatMap((record) =>
      entriesOf(record).map(({ index, event, ...entry }) => ({
        ...entry,
        family,
        partition: record.partition,
        n: record.n,
        event_index: index,
        at: record.at,
        command_id: record.commandId,
        command_type: record.commandType,
        event_type: event?.type ?? null,
        event_version: event?.version ?? null,
        event: event ? event.bytes.toString('hex') : null,
      })),
    )
    if (rows.length === 0) return
    await sql`
      insert into audit (family, partition, n, event_index, at, kind, actor, impersonator, target, channel, command_id,
        command_type, code, event_type, event_version, event)
      select family, partition, n, event_index, at, kind, actor, impersonator, target, channel, command_id, command_type,
        code, event_type, event_version, decode(event, 'hex')
      from jsonb_to_recordset(${sql.json(rows)}) as entry (
        family text, partition integer, n bigint, event_index integer, at bigint, kind text, actor text,
        impersonator text, target text, channel text, command_id text, command_type text, code text, event_type text,
        event_version integer, event text)`
  },
}
