import type { PublicTopic } from './public-topic.ts'

/** What is said in channels, and what moderators do about it as everybody sees it. */
export const chatTopic: PublicTopic = {
  name: 'chat',
  topic: 'whiply.public.chat.v1',
  doc: 'Messages of chats: posted and deleted, and members who may not post for a while.',
  family: 'channel',
  mapping: {
    MessagePosted: ({ seq, author, authorName, text }, { key, at, commandId }) => ({
      type: 'MessagePosted',
      data: {
        channelId: key,
        seq,
        at,
        messageId: commandId,
        authorId: author,
        authorName: authorName ?? null,
        text: text ?? null,
      },
    }),
    MessageDeleted: ({ seq, messageId, messageSeq, author }, { key, at }) => ({
      type: 'MessageDeleted',
      data: { channelId: key, seq, at, messageId, messageSeq, authorId: author },
    }),
    MemberTimedOut: ({ seq, member, until }, { key, at }) => ({
      type: 'MemberTimedOut',
      data: { channelId: key, seq, at, memberId: member, until },
    }),
    TimeoutEnded: ({ seq, member, cause }, { key, at }) => ({
      type: 'TimeoutEnded',
      data: { channelId: key, seq, at, memberId: member, cause },
    }),
  },
}
