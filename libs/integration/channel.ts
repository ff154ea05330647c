import type { PublicTopic } from './public-topic.ts'

/** What channels are: that they exist and are open, their settings and modes, who has which role. */
export const channelTopic: PublicTopic = {
  name: 'channel',
  topic: 'whiply.public.channel.v1',
  doc: 'Channels: created, closed and reopened, transferred and renamed, their settings and modes changed, roles given and taken away.',
  family: 'channel',
  mapping: {
    ChannelCreated: ({ seq, ownerId, slug }, { key, at }) => ({
      type: 'ChannelCreated',
      data: { channelId: key, seq, at, ownerId, slug },
    }),
    // Who changed them is for the moderators' lane.
    SettingsChanged: ({ seq, topic, slowModeSeconds }, { key, at }) => ({
      type: 'SettingsChanged',
      data: {
        channelId: key,
        seq,
        at,
        changed: [...(topic === null ? [] : ['topic']), ...(slowModeSeconds === null ? [] : ['slowModeSeconds'])],
        topic: topic ?? null,
        slowModeSeconds,
      },
    }),
    ModeChanged: ({ seq, mode, value }, { key, at }) => ({
      type: 'ModeChanged',
      data: { channelId: key, seq, at, mode, value },
    }),
    ChannelTransferred: ({ seq, previousOwnerId, ownerId }, { key, at }) => ({
      type: 'ChannelTransferred',
      data: { channelId: key, seq, at, previousOwnerId, ownerId },
    }),
    ChannelRenamed: ({ seq, slug }, { key, at }) => ({
      type: 'ChannelRenamed',
      data: { channelId: key, seq, at, slug },
    }),
    ChannelClosed: ({ seq }, { key, at }) => ({ type: 'ChannelClosed', data: { channelId: key, seq, at } }),
    ChannelReopened: ({ seq }, { key, at }) => ({ type: 'ChannelReopened', data: { channelId: key, seq, at } }),
    RoleAssigned: ({ seq, member, role }, { key, at }) => ({
      type: 'RoleAssigned',
      data: { channelId: key, seq, at, memberId: member, role },
    }),
  },
}
