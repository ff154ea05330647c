import type { PublicTopic } from './public-topic.ts'

/** What channels are: that they exist, their settings, who has which role. */
export const channelTopic: PublicTopic = {
  name: 'channel',
  topic: 'whiply.public.channel.v1',
  doc: 'Channels: created, their settings changed, roles given and taken away.',
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
    RoleAssigned: ({ seq, member, role }, { key, at }) => ({
      type: 'RoleAssigned',
      data: { channelId: key, seq, at, memberId: member, role },
    }),
  },
}
