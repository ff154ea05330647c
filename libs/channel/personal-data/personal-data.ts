import { id, number, type PersonalData, type PersonalTable, plain, time } from '#libs/readmodel/personal-data/table.ts'
import { ofTheModel, own } from './reasons.ts'
import { standingTables } from './standing.ts'
import { writtenTables } from './written.ts'

const ownedTables: readonly PersonalTable[] = [
  {
    file: 'channels',
    what: 'Channels that are the person’s',
    atErasure: { stays: 'ids, settings and addresses of channels; topics go' },
    table: 'channels',
    key: ['channel_id'],
    account: 'owner_id',
    columns: {
      id: id('channel_id'),
      slug: plain('slug'),
      topic: plain('topic'),
      topicBy: id('topic_actor'),
      slowModeSeconds: number('slow_mode_seconds'),
      historyDays: number('history_days'),
      createdAt: time('created_at'),
      isClosed: plain('closed'),
      pinnedMessage: plain('pin_id'),
    },
    leftOut: {
      owner_id: own,
      settings_n: ofTheModel,
      roles_n: ofTheModel,
      pin_seq: ofTheModel,
      seq: ofTheModel,
      moderation_seq: ofTheModel,
    },
  },
  {
    file: 'topics',
    what: 'Topics of channels, whosever they are, that the person wrote',
    atErasure: 'unreadable',
    table: 'channels',
    key: ['channel_id'],
    account: 'topic_actor',
    where: 'topic is not null',
    columns: { channel: id('channel_id'), topic: plain('topic') },
    leftOut: {},
  },
  {
    file: 'rules-and-welcomes',
    what: 'Rules and welcomes of channels that stand as the person wrote them',
    atErasure: 'unreadable',
    table: 'texts',
    key: ['channel_id', 'kind'],
    account: 'actor',
    where: 'text is not null',
    columns: {
      channel: id('channel_id'),
      kind: plain('kind'),
      text: plain('text'),
      version: number('version'),
    },
    leftOut: { actor: own, n: ofTheModel },
  },
  {
    file: 'emotes',
    what: 'Emotes that the person added to channels; the pictures are at the addresses of the emotes',
    atErasure: { stays: 'words of a channel, which others use in what they write' },
    table: 'emotes',
    key: ['emote_id'],
    account: 'added_by',
    columns: {
      id: plain('emote_id'),
      channel: id('channel_id'),
      name: plain('name'),
      picture: plain('image'),
      isMoving: plain('moving'),
      tier: number('tier'),
      isEnabled: plain('enabled'),
      isRemoved: plain('removed'),
      addedAt: time('added_at'),
    },
    leftOut: { added_by: own, width: 'of the picture', n: ofTheModel },
  },
  {
    file: 'policies',
    what: 'Rules for chat that the person set last in a channel',
    atErasure: { stays: 'of a channel, which is there for others, too' },
    table: 'policies',
    key: ['channel_id'],
    account: 'actor',
    columns: { channel: id('channel_id'), version: number('version'), policy: plain('policy'), at: time('at') },
    leftOut: { actor: own, n: ofTheModel },
  },
  {
    file: 'blocked-terms',
    what: 'Terms that the person had blocked in channels',
    atErasure: { stays: 'of a channel, which is there for others, too' },
    table: 'blocked_terms',
    key: ['channel_id', 'term_id'],
    account: 'actor',
    columns: { channel: id('channel_id'), term: plain('term'), match: plain('match'), since: time('since') },
    leftOut: { actor: own, term_id: ofTheModel, kept: 'whether a moderator looked at it again', n: ofTheModel },
  },
]

const settingsOfAChannel = 'how a channel goes about things; who has set it so is in acts.json'
const onADesk = 'what waits for moderators, who decide on it as long as it is told to nobody'

/** What the read models of channels have about people. */
export const channelPersonalData: PersonalData = {
  tables: [...writtenTables, ...standingTables, ...ownedTables],
  notExported: {
    message_search: 'a copy of messages.json, to be searched',
    message_texts: 'a copy of messages.json, to be searched',
    lane_rows: 'what messages.json is read from',
    clears: 'when all that a channel had was deleted; who did so is in acts.json',
    purges: 'that moderators deleted all of the person’s messages, as those tell themselves',
    held: 'which of held-messages.json still wait',
    modes: settingsOfAChannel,
    moderation_settings: settingsOfAChannel,
    emote_sets: settingsOfAChannel,
    trimming: 'how far channels are on the way to letting go of their history',
    trimmed: 'how far channels let go of their history',
    log_trimming: 'how far channels are on the way to letting go of their history',
    log_trimmed: 'how far channels let go of their history',
    ban_list_sources: settingsOfAChannel,
    ban_list_subscribers: settingsOfAChannel,
    ban_list_pending: onADesk,
    ban_proposals: onADesk,
    erased: 'accounts that are erased, of which there is no archive',
  },
}
