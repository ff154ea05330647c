import { erasedTable, vacuumedSoon } from '#libs/readmodel/erased.ts'

export const caseworkTables = `
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
  match text not null,
  actor bigint not null,
  since bigint not null,
  kept boolean not null,
  n bigint not null,
  primary key (channel_id, term_id)
);
`
