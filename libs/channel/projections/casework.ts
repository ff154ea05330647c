import type { JSONValue, TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { enterErased, erasedTable, openerFor, type ReaderKeys, vacuumedSoon } from '#libs/readmodel/erased.ts'
import { eventsIn, storable } from '#libs/readmodel/events.ts'
import type { Projection } from '#libs/readmodel/projection.ts'
import { type CaseworkEvent, caseworkTypes, isCaseworkEvent } from '../casework/casework.ts'
import { sanctionIn, sanctionTypes } from '../casework/sanctions.ts'
import type { ChannelEvent } from '../events.ts'

const tables = `
${erasedTable}
create table evidence (
  channel_id bigint not null,
  act_id text not null,
  place integer not null,
  message_id text not null,
  seq bigint not null,
  author bigint not null,
  name text,
  text text,
  posted_at bigint not null,
  named boolean not null,
  primary key (channel_id, act_id, place)
) ${vacuumedSoon};
create index evidence_author on evidence (author) where text is not null;
create table reports (
  channel_id bigint not null,
  report_id text not null,
  reporter bigint not null,
  member bigint not null,
  message_id text,
  message_seq bigint,
  category text not null,
  words text,
  at bigint not null,
  status text not null,
  moderator bigint,
  act_id text,
  closed_at bigint,
  n bigint not null,
  primary key (channel_id, report_id)
) ${vacuumedSoon};
create index reports_waiting on reports (channel_id, report_id) where status in ('open', 'claimed');
create index reports_reporter on reports (reporter, channel_id, report_id);
create index reports_member on reports (channel_id, member, report_id);
create table appeals (
  channel_id bigint not null,
  appeal_id text not null,
  appellant bigint not null,
  sanction text not null,
  act_id text not null,
  text text,
  at bigint not null,
  status text not null,
  moderator bigint,
  until bigint,
  reason text,
  answered_at bigint,
  n bigint not null,
  primary key (channel_id, appeal_id)
) ${vacuumedSoon};
create index appeals_waiting on appeals (channel_id, appeal_id) where status = 'waiting';
create index appeals_appellant on appeals (appellant, channel_id, appeal_id);
create index appeals_moderator on appeals (moderator) where reason is not null;
create table ban_proposals (
  channel_id bigint not null,
  proposal_id text not null,
  member bigint not null,
  needed bigint not null,
  approved_by jsonb not null,
  until bigint not null,
  at bigint not null,
  status text not null,
  n bigint not null,
  primary key (channel_id, proposal_id)
);
create table moderation_settings (
  channel_id bigint not null,
  name text not null,
  value jsonb,
  actor bigint not null,
  since bigint not null,
  n bigint not null,
  primary key (channel_id, name)
);
create table ban_list_sources (
  channel_id bigint not null,
  source bigint not null,
  mode text not null,
  actor bigint not null,
  since bigint not null,
  n bigint not null,
  primary key (channel_id, source)
);
create table ban_list_subscribers (
  channel_id bigint not null,
  subscriber bigint not null,
  since bigint not null,
  n bigint not null,
  primary key (channel_id, subscriber)
);
create table ban_list_pending (
  channel_id bigint not null,
  source bigint not null,
  member bigint not null,
  at bigint not null,
  n bigint not null,
  primary key (channel_id, source, member)
);
create table alts (
  channel_id bigint not null,
  member bigint not null,
  alt bigint not null,
  actor bigint not null,
  evidence text,
  since bigint not null,
  n bigint not null,
  primary key (channel_id, member, alt)
) ${vacuumedSoon};
create index alts_alt on alts (channel_id, alt);
create index alts_actor on alts (actor) where evidence is not null;
create table blocked_terms (
  channel_id bigint not null,
  term_id text not null,
  term text not null,
  actor bigint not null,
  since bigint not null,
  kept boolean not null,
  n bigint not null,
  primary key (channel_id, term_id)
);
`

const erase = async (sql: TransactionSql, keys: ReaderKeys, outcomes: readonly OutcomeRecord[]): Promise<void> => {
  const accountIds = eventsIn(codecs.account, outcomes, ['AccountErased']).map(({ event }) => event.accountId)
  if (accountIds.length === 0) return
  await enterErased(sql, keys, accountIds)
  const gone = sql`(select jsonb_array_elements_text(${sql.json(accountIds)})::bigint)`
  await sql`update evidence set name = null, text = null where author in ${gone}`
  await sql`update reports set words = null where reporter in ${gone}`
  await sql`update appeals set text = null where appellant in ${gone}`
  await sql`update appeals set reason = null where moderator in ${gone}`
  await sql`update alts set evidence = null where actor in ${gone}`
}

type Event = Opened<CaseworkEvent>

/** How the moderators of a channel go about something, by its name. */
const set = async (
  sql: TransactionSql,
  { key, at, n }: OutcomeRecord,
  name: string,
  actor: string,
  value: JSONValue,
): Promise<void> => {
  await sql`
    insert into moderation_settings values (${key}, ${name}, ${sql.json(value)}, ${actor}, ${at}, ${n})
    on conflict (channel_id, name) do update set
      value = excluded.value, actor = excluded.actor, since = excluded.since, n = excluded.n`
}

/** A ban or timeout that is over, or has begun anew, leaves nothing to appeal against. */
const endSanction = async (sql: TransactionSql, { key, n }: OutcomeRecord, event: ChannelEvent): Promise<void> => {
  const changed = sanctionIn(event)
  if (changed)
    await sql`
      update appeals set status = 'over', n = ${n}
      where channel_id = ${key} and appellant = ${changed.member} and sanction = ${changed.kind}
        and status = 'waiting'`
}

/** Cases are few: each event is a statement of its own, in the order of the journal. */
const apply = async (sql: TransactionSql, record: OutcomeRecord, event: Event, place: number): Promise<void> => {
  const { key: channel, commandId, at, n } = record
  switch (event.type) {
    case 'EvidenceKept': {
      const { messageId, messageSeq, author, authorName, text, postedAt, named } = event
      await sql`
        insert into evidence values (${channel}, ${commandId}, ${place}, ${messageId}, ${messageSeq}, ${author},
          ${storable(authorName)}, ${storable(text)}, ${postedAt}, ${named})`
      return
    }
    case 'ReportOpened': {
      const { reporter, member, messageId, messageSeq, category, words } = event
      await sql`
        insert into reports values (${channel}, ${commandId}, ${reporter}, ${member}, ${messageId}, ${messageSeq},
          ${category}, ${storable(words)}, ${at}, 'open', null, null, null, ${n})`
      return
    }
    case 'ReportClaimed': {
      const { reportId, actor, claimed } = event
      await sql`
        update reports set status = ${claimed ? 'claimed' : 'open'}, moderator = ${claimed ? actor : null}, n = ${n}
        where channel_id = ${channel} and report_id = ${reportId}`
      return
    }
    case 'ReportClosed': {
      const { reportId, actor, resolution, actId } = event
      await sql`
        update reports set status = ${resolution}, moderator = ${actor}, act_id = ${actId}, closed_at = ${at}, n = ${n}
        where channel_id = ${channel} and report_id = ${reportId}`
      return
    }
    case 'AppealOpened': {
      const { appellant, sanction, actId, text } = event
      await sql`
        insert into appeals values (${channel}, ${commandId}, ${appellant}, ${sanction}, ${actId}, ${storable(text)},
          ${at}, 'waiting', null, null, null, null, ${n})`
      return
    }
    case 'AppealAnswered': {
      const { appealId, actor, answer, until, reason } = event
      await sql`
        update appeals set status = ${answer}, moderator = ${actor}, until = ${until}, reason = ${storable(reason)},
          answered_at = ${at}, n = ${n}
        where channel_id = ${channel} and appeal_id = ${appealId}`
      return
    }
    case 'QuorumSet': {
      const { actor, approvals, lapseMs } = event
      await set(sql, record, 'quorum', actor, approvals === null ? null : { approvals, lapseMs })
      return
    }
    case 'BanProposed': {
      const { actor, member, needed, until } = event
      await sql`
        insert into ban_proposals values (${channel}, ${commandId}, ${member}, ${needed}, ${sql.json([actor])}, ${until},
          ${at}, 'waiting', ${n})`
      return
    }
    case 'BanApproved':
      await sql`
        update ban_proposals set approved_by = approved_by || ${sql.json([event.actor])}, n = ${n}
        where channel_id = ${channel} and proposal_id = ${event.proposalId}`
      return
    case 'BanProposalEnded':
      await sql`
        update ban_proposals set status = ${event.cause}, n = ${n}
        where channel_id = ${channel} and proposal_id = ${event.proposalId}`
      return
    case 'BanListPublished': {
      const { actor, published } = event
      await set(sql, record, 'ban_list_published', actor, published)
      if (!published) await sql`delete from ban_list_subscribers where channel_id = ${channel}`
      return
    }
    case 'BanListSubscribed': {
      const { source, mode, actor } = event
      await sql`
        insert into ban_list_sources values (${channel}, ${source}, ${mode}, ${actor}, ${at}, ${n})
        on conflict (channel_id, source) do update set
          mode = excluded.mode, actor = excluded.actor, since = excluded.since, n = excluded.n`
      return
    }
    case 'BanListUnsubscribed': {
      const { source } = event
      await sql`delete from ban_list_sources where channel_id = ${channel} and source = ${source}`
      await sql`delete from ban_list_pending where channel_id = ${channel} and source = ${source}`
      return
    }
    case 'BanListSubscriberAdded':
      await sql`
        insert into ban_list_subscribers values (${channel}, ${event.subscriber}, ${at}, ${n})
        on conflict (channel_id, subscriber) do nothing`
      return
    case 'BanListSubscriberRemoved':
      await sql`
        delete from ban_list_subscribers where channel_id = ${channel} and subscriber = ${event.subscriber}`
      return
    case 'BanListReceived': {
      const { source, added, removed } = event
      await sql`
        delete from ban_list_pending
        where channel_id = ${channel} and source = ${source}
          and member in (select jsonb_array_elements_text(${sql.json([...removed])})::bigint)`
      await sql`
        insert into ban_list_pending
        select ${channel}, ${source}, member::bigint, ${at}, ${n}
        from jsonb_array_elements_text(${sql.json([...added])}) as member
        on conflict (channel_id, source, member) do nothing`
      return
    }
    case 'BanListReviewed':
      await sql`
        delete from ban_list_pending
        where channel_id = ${channel} and source = ${event.source}
          and member in (select jsonb_array_elements_text(${sql.json([...event.members])})::bigint)`
      return
    case 'AltsLinked': {
      const { member, alt, actor, evidence } = event
      await sql`
        insert into alts values (${channel}, ${member}, ${alt}, ${actor}, ${storable(evidence)}, ${at}, ${n})`
      return
    }
    case 'AltsUnlinked': {
      const { member, alt } = event
      await sql`
        delete from alts
        where channel_id = ${channel}
          and ((member = ${member} and alt = ${alt}) or (member = ${alt} and alt = ${member}))`
      return
    }
    case 'ChannelGroupSet':
      return set(sql, record, 'group', event.actor, [...event.channels])
    case 'ChannelGroupAdopted':
      return set(sql, record, 'group', '0', [...event.channels])
    case 'ShieldPresetSet': {
      const { actor, modes, values } = event
      const preset = modes.map((mode, index) => ({ mode, value: values[index] ?? 0 }))
      return set(sql, record, 'shield_preset', actor, preset.length === 0 ? null : preset)
    }
    case 'BanListChanged':
    case 'GroupActed':
      return
    case 'TermBlocked':
      await sql`
        insert into blocked_terms values (${channel}, ${commandId}, ${storable(event.term)}, ${event.actor}, ${at},
          false, ${n})`
      return
    case 'TermDecided':
      if (event.kept)
        await sql`
          update blocked_terms set kept = true, n = ${n}
          where channel_id = ${channel} and term_id = ${event.termId}`
      else await sql`delete from blocked_terms where channel_id = ${channel} and term_id = ${event.termId}`
      return
  }
}

/**
 * What moderators have on their desk: reports, with the messages that they are about as they were then, and what else
 * waits for them. Texts are opened here, and go when who wrote them is erased.
 */
export const caseworkProjection = (keys: ReaderKeys): Projection => ({
  name: 'casework',
  version: 1,
  families: ['account', 'channel'],
  tables,
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
  apply: async (sql, family, outcomes) => {
    if (family === 'account') return erase(sql, keys, outcomes)
    const happened = eventsIn(codecs.channel, outcomes, [...caseworkTypes, ...sanctionTypes])
    if (happened.length === 0) return
    const open = await openerFor(sql, keys, new Set(happened.flatMap(({ event }) => codecs.channel.subjectsOf(event))))
    for (const { record, eventId, event } of happened)
      if (isCaseworkEvent(event)) {
        const place = Number(eventId.split('/')[1])
        await apply(sql, record, codecs.channel.openEvent(event, eventId, open) as Event, place)
      } else await endSanction(sql, record, event)
  },
})
