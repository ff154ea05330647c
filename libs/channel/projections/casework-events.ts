import type { JSONValue, TransactionSql } from 'postgres'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { storable } from '#libs/readmodel/events.ts'
import type { CaseworkEvent } from '../casework/casework.ts'
import { sanctionIn } from '../casework/sanctions.ts'
import type { ChannelEvent } from '../events.ts'

export type CaseEvent = Opened<CaseworkEvent>

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
export const endSanction = async (
  sql: TransactionSql,
  { key, n }: OutcomeRecord,
  event: ChannelEvent,
): Promise<void> => {
  const changed = sanctionIn(event)
  if (changed)
    await sql`
      update appeals set status = 'over', n = ${n}
      where channel_id = ${key} and appellant = ${changed.member} and sanction = ${changed.kind}
        and status = 'waiting'`
}

/** Cases are few: each event is a statement of its own, in the order of the journal. */
export const applyCase = async (
  sql: TransactionSql,
  record: OutcomeRecord,
  event: CaseEvent,
  place: number,
): Promise<void> => {
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
      const { actor, member, needed, until, proposalId } = event
      await sql`
        insert into ban_proposals values (${channel}, ${proposalId ?? commandId}, ${member}, ${needed}, ${sql.json([actor])}, ${until},
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
    case 'ChannelGroupLeft':
      return set(sql, record, 'group', '0', [])
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
        insert into blocked_terms values (${channel}, ${commandId}, ${storable(event.term)}, ${event.match ?? 'text'},
          ${event.actor}, ${at}, false, ${n})`
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
