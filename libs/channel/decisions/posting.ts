import type { DecideContext, Decision, Rejection } from '#libs/journal/decider.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { type Entity, encodeEntities, entitiesIn } from '../entities.ts'
import type { ChannelDraft, ChannelDraftOf } from '../events.ts'
import { holds, marksOf } from '../marks.ts'
import { normalForm } from '../normal-form.ts'
import type { KnownMessage } from '../recent-messages.ts'
import { unknown } from '../rules/existence.ts'
import { notAnnouncing } from '../rules/forms.ts'
import { knownMessage } from '../rules/moderation.ts'
import { keptOut, modesBind, notEmotes, notUnique } from '../rules/modes.ts'
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
  keptOut(channel, context) ??
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
  const { subscription } = marksOf(channel.marks, context.principal)
  return {
    role: role === 'member' || role === 'none' ? null : role,
    tier: holds(subscription, context.at) ? subscription.value : null,
  }
}

/** What was written, read once. */
type Reading = { readonly entities: readonly Entity[]; readonly fingerprint: string | null }

const readingOf = ({ text }: Post, { effective }: Channel, { fingerprint }: DecideContext): Reading => ({
  entities: entitiesIn(text),
  // Only where texts are compared: it is no small part of what a post costs.
  fingerprint: effective.unique === undefined ? null : fingerprint(normalForm(text)),
})

const withoutEmotes = (text: string, entities: readonly Entity[]): string => {
  let rest = ''
  let from = 0
  for (const entity of entities)
    if (entity.kind === 'emote') {
      rest += text.slice(from, entity.from)
      from = entity.to
    }
  return rest + text.slice(from)
}

/** Whether the modes of the room let it pass as it is written. */
const unfitForModes = (
  { text }: Post,
  { entities, fingerprint }: Reading,
  channel: Channel,
  context: DecideContext,
): Rejection | undefined =>
  modesBind(channel, context)
    ? (notEmotes(channel, withoutEmotes(text, entities)) ?? notUnique(channel, fingerprint))
    : undefined

/** The author's name is a soft fact, stamped by the edge; where none is, the message goes by the author's id. */
const posted = (
  post: Post,
  { entities, fingerprint }: Reading,
  answer: Answer,
  channel: Channel,
  context: DecideContext,
): Decision<ChannelDraft> =>
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
      entities: encodeEntities(entities),
      ...badges(channel, context),
      seenBy: null,
      fingerprint,
    },
    { messageId: context.commandId },
  )

export const postMessage: Decide<Post> = (post, channel, context) => {
  const refusal = refused(post, channel, context)
  if (refusal) return refusal
  const reading = readingOf(post, channel, context)
  const unfit = unfitForModes(post, reading, channel, context)
  if (unfit) return unfit
  if (post.replyTo === null) return posted(post, reading, noAnswer, channel, context)
  const answered = knownMessage(channel, post.replyTo, context)
  return 'kind' in answered ? answered : posted(post, reading, answerTo(answered), channel, context)
}
