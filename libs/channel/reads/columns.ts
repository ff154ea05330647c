import type { Sql } from 'postgres'

/** The modes of a channel that are on. */
export const modesColumn = (sql: Sql) => sql`
  coalesce((
    select jsonb_object_agg(mode, jsonb_build_object('value', value, 'actor', actor::text, 'since', since))
    from readmodel.modes where modes.channel_id = channels.channel_id), '{}') as modes`

/** The word of welcome and the rules of a channel, as far as their authors are there. */
export const textsColumn = (sql: Sql) => sql`
  coalesce((
    select jsonb_object_agg(kind, jsonb_build_object('text', text, 'version', version, 'actor', actor::text))
    from readmodel.texts where texts.channel_id = channels.channel_id and text is not null), '{}') as texts`

export const pinColumn = (sql: Sql) => sql`
  case when pin_id is null then null else jsonb_build_object('messageId', pin_id, 'messageSeq', pin_seq) end as pin`

/** The poll that runs in a channel. */
export const pollColumn = (sql: Sql) => sql`
  (
    select jsonb_build_object('pollId', poll_id, 'actor', actor::text, 'question', question, 'options', options::jsonb,
      'weighted', weighted, 'changeable', changeable, 'hidden', hidden, 'startedAt', started_at, 'endsAt', ends_at,
      'voters', voters, 'totals', totals, 'ballot', ballot)
    from readmodel.polls where polls.channel_id = channels.channel_id and cause is null
    order by polls.seq desc limit 1) as poll`
