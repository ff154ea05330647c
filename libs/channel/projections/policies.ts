import { codecs } from '#libs/contracts/codecs.ts'
import { eventsIn, hasEvent } from '#libs/readmodel/events.ts'
import type { Projection } from '#libs/readmodel/projection.ts'

const tables = `
create table policies (
  channel_id bigint primary key,
  version bigint not null,
  policy text,
  actor bigint not null,
  at bigint not null,
  n bigint not null
);
`

/** The policy of each channel, and who set it when; moderators alone are shown it. */
export const policiesProjection: Projection = {
  name: 'policies',
  version: 1,
  families: ['channel'],
  tables,
  hashed: [{ table: 'policies', key: ['channel_id'] }],
  views: ['policies'],
  concerns: hasEvent(['PolicySet']),
  apply: async (sql, _family, outcomes) => {
    // Of each channel the last one: a statement may not change a row twice.
    const last = new Map(
      eventsIn(codecs.channel, outcomes, ['PolicySet']).map(({ record, event }) => [
        record.key,
        {
          channel_id: record.key,
          version: event.version,
          policy: event.policy,
          actor: event.actor,
          at: record.at,
          n: record.n,
        },
      ]),
    )
    if (last.size === 0) return
    await sql`
      insert into policies
      select * from jsonb_to_recordset(${sql.json([...last.values()])}) as set_policy (
        channel_id bigint, version bigint, policy text, actor bigint, at bigint, n bigint)
      on conflict (channel_id) do update
      set version = excluded.version, policy = excluded.policy, actor = excluded.actor, at = excluded.at, n = excluded.n`
  },
}
