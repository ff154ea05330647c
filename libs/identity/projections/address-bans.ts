import { codecs } from '#libs/contracts/codecs.ts'
import { type ReaderKeys, vacuumedSoon } from '#libs/readmodel/erased.ts'
import { eventsIn, hasEvent, storable } from '#libs/readmodel/events.ts'
import type { Projection } from '#libs/readmodel/projection.ts'
import { platformSubject } from '#libs/vault/platform-subject.ts'

const tables = `
create table address_bans (
  id text primary key,
  range text not null,
  reason text,
  actor text not null,
  since bigint not null,
  until bigint,
  n bigint not null
) ${vacuumedSoon};
`

/** Bans of addresses that were not lifted; some may be over. */
export const addressBansProjection = (keys: ReaderKeys): Projection => ({
  name: 'address_bans',
  version: 1,
  families: ['account'],
  tables,
  hashed: [{ table: 'address_bans', key: ['id'] }],
  views: ['address_bans'],
  concerns: hasEvent(['AddressBanned', 'AddressBanLifted']),
  apply: async (sql, _family, outcomes) => {
    const happened = eventsIn(codecs.account, outcomes, ['AddressBanned', 'AddressBanLifted'])
    if (happened.length === 0) return
    await keys.prefetch([platformSubject])
    for (const { record, eventId, event } of happened) {
      const opened = codecs.account.openEvent(event, eventId, keys.open)
      if (opened.type === 'AddressBanLifted') await sql`delete from address_bans where id = ${record.key}`
      const range = opened.type === 'AddressBanned' ? storable(opened.range) : null
      if (opened.type !== 'AddressBanned' || range === null) continue
      const row = {
        reason: storable(opened.reason),
        actor: opened.actor,
        since: record.at,
        until: opened.until,
        n: record.n,
      }
      await sql`
        insert into address_bans ${sql({ id: record.key, range, ...row })}
        on conflict (id) do update set range = excluded.range, reason = excluded.reason, actor = excluded.actor,
          since = excluded.since, until = excluded.until, n = excluded.n`
    }
  },
})
