import type { DecideContext, Decision, Rejection } from '#libs/journal/decider.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { encodeEntities, entitiesIn } from '../entities.ts'
import type { ChannelDraft, ChannelDraftOf } from '../events.ts'
import type { KnownMessage } from '../recent-messages.ts'
import { unknown } from '../rules/existence.ts'
import { notAnnouncing } from '../rules/forms.ts'
import { knownMessage } from '../rules/moderation.ts'
import { actorRole, notAllowed } from '../rules/ranks.ts'
import { unfitText } from '../rules/text.ts'
import { slowed, timedOut } from '../rules/waiting.ts'
import type { Channel } from '../state.ts'
import { accept, type Decide } from './accept.ts'

type Post = ChannelCommandOf<'PostMessage'>

/** Whether somebody may post, and this; in the order in which they are told of it. */
const refused = (post: Post, channel: Channel, context: DecideContext): Rejection | undefined =>
  unknown(channel) ??
  notAllowed(channel, 'post', context) ??
  timedOut(channel, context) ??
  slowed(channel, context) ??
  unfitText(post.text) ??
  notAnnouncing(post, channel, context)

/** What an answer says of the message that it answers. */
type Answer = Pick<ChannelDraftOf<'MessagePosted'>, 'replyTo' | 'replyToAuthor' | 'thread'>

const noAnswer: Answer = { replyTo: null, replyToAuthor: null, thread: null }

const answerTo = ({ id, author, thread }: KnownMessage): Answer => ({
  replyTo: id,
  replyToAuthor: author,
  thread: thread ?? id,
})

/** What the message tells of its author besides the name. */
const badges = (channel: Channel, context: DecideContext): Pick<ChannelDraftOf<'MessagePosted'>, 'role' | 'tier'> => {
  const role = actorRole(channel, context)
  return { role: role === 'member' || role === 'none' ? null : role, tier: null }
}

/** The author's name is a soft fact, stamped by the edge; where none is, the message goes by the author's id. */
const posted = (post: Post, answer: Answer, channel: Channel, context: DecideContext): Decision<ChannelDraft> =>
  accept(
    channel,
    {
      type: 'MessagePosted',
      seq: channel.seq + 1,
      author: context.principal,
      authorName: context.facts.displayName ?? context.principal,
      text: post.text,
      form: post.form,
      color: post.color,
      ...answer,
      entities: encodeEntities(entitiesIn(post.text)),
      ...badges(channel, context),
      seenBy: null,
      fingerprint: null,
    },
    { messageId: context.commandId },
  )

export const postMessage: Decide<Post> = (post, channel, context) => {
  const refusal = refused(post, channel, context)
  if (refusal) return refusal
  if (post.replyTo === null) return posted(post, noAnswer, channel, context)
  const answered = knownMessage(channel, post.replyTo, context)
  return 'kind' in answered ? answered : posted(post, answerTo(answered), channel, context)
}
