import type { TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import { eventsIn, type Happened, hasEvent } from '#libs/readmodel/events.ts'
import type { Projection } from '#libs/readmodel/projection.ts'
import type { ChannelEventOf } from '../events.ts'

const tables = `
create table emote_sets (
  channel_id bigint primary key,
  n bigint not null
);
create table emotes (
  emote_id text primary key,
  channel_id bigint not null,
  name text not null,
  image text not null,
  moving boolean not null,
  width integer not null,
  tier integer,
  enabled boolean not null default true,
  removed boolean not null default false,
  added_by bigint not null,
  added_at bigint not null,
  n bigint not null
);
create index emotes_channel on emotes (channel_id, name) where not removed;
`

const types = ['EmoteAdded', 'EmoteChanged', 'EmoteRemoved'] as const

type EmoteEvent = Happened<ChannelEventOf<(typeof types)[number]>>

const insertAdded = (sql: TransactionSql, { record }: EmoteEvent, event: ChannelEventOf<'EmoteAdded'>) => sql`
  insert into emotes (emote_id, channel_id, name, image, moving, width, tier, added_by, added_at, n)
  values (${record.commandId}, ${record.key}, ${event.name}, ${event.image}, ${event.moving}, ${event.width},
    ${event.tier}, ${event.actor}, ${record.at}, ${record.n})`

/** Emotes change seldom, so each on its own: one may be added and changed in the same batch. */
const apply = async (sql: TransactionSql, happened: EmoteEvent): Promise<void> => {
  const {
    event,
    record: { n, key },
  } = happened
  if (event.type === 'EmoteAdded') await insertAdded(sql, happened, event)
  else if (event.type === 'EmoteChanged')
    await sql`
      update emotes set name = ${event.name}, tier = ${event.tier}, enabled = ${event.enabled}, n = ${n}
      where emote_id = ${event.emoteId}`
  else await sql`update emotes set removed = true, n = ${n} where emote_id = ${event.emoteId}`
  await sql`
    insert into emote_sets (channel_id, n) values (${key}, ${n})
    on conflict (channel_id) do update set n = excluded.n`
}

/**
 * The emotes of channels, and of the platform under the channel 0. Those that were removed stay: old messages show them.
 */
export const emotesProjection: Projection = {
  name: 'emotes',
  version: 1,
  families: ['channel'],
  tables,
  hashed: [
    { table: 'emote_sets', key: ['channel_id'] },
    { table: 'emotes', key: ['emote_id'] },
  ],
  views: ['emote_sets', 'emotes'],
  concerns: hasEvent(types),
  apply: async (sql, _family, outcomes) => {
    for (const happened of eventsIn(codecs.channel, outcomes, types)) await apply(sql, happened)
  },
}
