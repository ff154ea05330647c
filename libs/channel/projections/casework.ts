import type { TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { openerFor, type ReaderKeys, whenErased } from '#libs/readmodel/erased.ts'
import { eventsIn, hasEvent } from '#libs/readmodel/events.ts'
import type { Projection } from '#libs/readmodel/projection.ts'
import { caseworkTypes, isCaseworkEvent } from '../casework/casework.ts'
import { sanctionTypes } from '../casework/sanctions.ts'
import { applyCase, type CaseEvent, endSanction } from './casework-events.ts'
import { caseworkTables } from './casework-tables.ts'

const erase = (sql: TransactionSql, keys: ReaderKeys, outcomes: readonly OutcomeRecord[]): Promise<void> =>
  whenErased(sql, keys, outcomes, async (gone) => {
    await sql`update evidence set name = null, text = null where author in ${gone} and text is not null`
    await sql`update reports set words = null where reporter in ${gone}`
    await sql`update appeals set text = null where appellant in ${gone}`
    await sql`update appeals set reason = null where moderator in ${gone} and reason is not null`
    await sql`update alts set evidence = null where actor in ${gone} and evidence is not null`
  })

/**
 * What moderators have on their desk: reports, with the messages that they are about as they were then, and what else
 * waits for them. Texts are opened here, and go when who wrote them is erased.
 */
export const caseworkProjection = (keys: ReaderKeys): Projection => ({
  name: 'casework',
  version: 2,
  families: ['account', 'channel'],
  tables: caseworkTables,
  hashed: [
    { table: 'evidence', key: ['channel_id', 'act_id', 'place'] },
    { table: 'reports', key: ['channel_id', 'report_id'] },
    { table: 'appeals', key: ['channel_id', 'appeal_id'] },
    { table: 'ban_proposals', key: ['channel_id', 'proposal_id'] },
    { table: 'moderation_settings', key: ['channel_id', 'name'] },
    { table: 'ban_list_sources', key: ['channel_id', 'source'] },
    { table: 'ban_list_subscribers', key: ['channel_id', 'subscriber'] },
    { table: 'ban_list_pending', key: ['channel_id', 'source', 'member'] },
    { table: 'alts', key: ['channel_id', 'member', 'alt'] },
    { table: 'blocked_terms', key: ['channel_id', 'term_id'] },
    { table: 'erased', key: ['account_id'] },
  ],
  views: [
    'evidence',
    'reports',
    'appeals',
    'ban_proposals',
    'moderation_settings',
    'ban_list_sources',
    'ban_list_subscribers',
    'ban_list_pending',
    'alts',
    'blocked_terms',
  ],
  concerns: hasEvent(['AccountErased'], caseworkTypes, sanctionTypes),
  apply: async (sql, family, outcomes) => {
    if (family === 'account') return erase(sql, keys, outcomes)
    const happened = eventsIn(codecs.channel, outcomes, [...caseworkTypes, ...sanctionTypes])
    if (happened.length === 0) return
    const open = await openerFor(sql, keys, new Set(happened.flatMap(({ event }) => codecs.channel.subjectsOf(event))))
    for (const { record, eventId, event } of happened)
      if (isCaseworkEvent(event)) {
        const place = Number(eventId.split('/')[1])
        await applyCase(sql, record, codecs.channel.openEvent(event, eventId, open) as CaseEvent, place)
      } else await endSanction(sql, record, event)
  },
})
