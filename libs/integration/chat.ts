import type { MessagePosted } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { PublicTopic } from './public-topic.ts'

type Message = Pick<Opened<MessagePosted>, 'seq' | 'author' | 'authorName' | 'text'>

const posted = ({ seq, author, authorName, text }: Message, channelId: string, at: Instant, messageId: string) => ({
  type: 'MessagePosted',
  data: { channelId, seq, at, messageId, authorId: author, authorName: authorName ?? null, text: text ?? null },
})

/** What is said in channels, and what moderators do about it as everybody sees it. */
export const chatTopic: PublicTopic = {
  name: 'chat',
  topic: 'whiply.public.chat.v1',
  doc: 'Messages of chats: posted, edited, deleted and restored, and members who may not post, for a while or any more.',
  family: 'channel',
  mapping: {
    // What only its author and the moderators see is nobody else's either.
    MessagePosted: (message, { key, at, commandId }) =>
      message.seenBy === null ? posted(message, key, at, commandId) : undefined,
    HeldMessageApproved: (message, { key, at }) => posted(message, key, at, message.messageId),
    MessageEdited: ({ seq, messageId, messageSeq, author, text, seenBy }, { key, at }) =>
      seenBy === null
        ? {
            type: 'MessageEdited',
            data: { channelId: key, seq, at, messageId, messageSeq, authorId: author, text: text ?? null },
          }
        : undefined,
    MessageDeleted: ({ seq, messageId, messageSeq, author, seenBy }, { key, at }) =>
      seenBy === null
        ? { type: 'MessageDeleted', data: { channelId: key, seq, at, messageId, messageSeq, authorId: author } }
        : undefined,
    MessagesDeleted: ({ seq, author, messageSeqs }, { key, at }) => ({
      type: 'MessagesDeleted',
      data: { channelId: key, seq, at, authorId: author, messageSeqs },
    }),
    MessagesRestored: ({ seq, messageSeqs }, { key, at }) => ({
      type: 'MessagesRestored',
      data: { channelId: key, seq, at, messageSeqs },
    }),
    MemberTimedOut: ({ seq, member, until }, { key, at }) => ({
      type: 'MemberTimedOut',
      data: { channelId: key, seq, at, memberId: member, until },
    }),
    TimeoutEnded: ({ seq, member, cause }, { key, at }) => ({
      type: 'TimeoutEnded',
      data: { channelId: key, seq, at, memberId: member, cause },
    }),
    MemberBanned: ({ seq, member, until }, { key, at }) => ({
      type: 'MemberBanned',
      data: { channelId: key, seq, at, memberId: member, until },
    }),
    BanEnded: ({ seq, member, cause }, { key, at }) => ({
      type: 'BanEnded',
      data: { channelId: key, seq, at, memberId: member, cause },
    }),
  },
}
