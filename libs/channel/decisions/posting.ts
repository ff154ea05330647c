import { isBlank } from '#libs/contracts/text.ts'
import type { DecideContext, Decision, Rejection } from '#libs/journal/decider.ts'
import { addressBanned } from '../address-bans/rules.ts'
import { hasPictures, provenAttachments, unfitAttachments } from '../attachments/rules.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { comboCount, onlyEmote } from '../emotes/combo.ts'
import { emotesFor } from '../emotes/emotes.ts'
import { type Entity, encodeEntities, entitiesIn } from '../entities.ts'
import type { ChannelDraft, ChannelDraftOf } from '../events.ts'
import { unpostedEvidence } from '../evidence/evidence.ts'
import { normalForm } from '../normal-form.ts'
import { saidByModel } from '../policy/classification.ts'
import { blockedTerm } from '../rules/blocked-terms.ts'
import { unknown } from '../rules/existence.ts'
import { notAnnouncing } from '../rules/forms.ts'
import { isClosed, rulesUnaccepted } from '../rules/house.ts'
import { markedOut, queueFull } from '../rules/members.ts'
import { knownMessage } from '../rules/moderation.ts'
import { keptOut, modesBind, notEmotes, notUnique } from '../rules/modes.ts'
import { actorRole, notAllowed } from '../rules/ranks.ts'
import { unfitText } from '../rules/text.ts'
import { slowed, timedOut } from '../rules/waiting.ts'
import { holds, marksOf } from '../state/marks.ts'
import type { KnownMessage } from '../state/recent-messages.ts'
import type { Channel } from '../state.ts'
import type { Decide } from './accept.ts'
import { filter, loggedFindings, type Passed } from './filtering.ts'
import { spentPermit } from './link-permits.ts'

type Post = ChannelCommandOf<'PostMessage'>

/** Whether somebody may post, and this; in the order in which they are told of it. */
const refused = (post: Post, channel: Channel, context: DecideContext): Rejection | undefined =>
  unknown(channel) ??
  isClosed(channel) ??
  notAllowed(channel, 'post', context) ??
  markedOut(channel, context) ??
  addressBanned(channel, context) ??
  timedOut(channel, context) ??
  rulesUnaccepted(channel, context) ??
  keptOut(channel, context) ??
  slowed(channel, context) ??
  unfitText(post.text, hasPictures(post)) ??
  blockedTerm(post.text, channel, context) ??
  notAnnouncing(post, channel, context) ??
  unfitAttachments(post, channel, context)

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
export type Reading = {
  readonly entities: readonly Entity[]
  readonly fingerprint: string | null
  /** Keyed hash of the one emote that it is. */
  readonly emoteOnly: string | null
}

export const readingOf = ({ text }: Pick<Post, 'text'>, channel: Channel, context: DecideContext): Reading => {
  const entities = entitiesIn(text, emotesFor(channel, context))
  const emote = onlyEmote(text, entities)
  return {
    entities,
    // Only where texts are compared, and there is one: it is no small part of what a post costs.
    fingerprint: channel.effective.unique === undefined || isBlank(text) ? null : context.fingerprint(normalForm(text)),
    emoteOnly: emote === undefined ? null : context.fingerprint(`emote ${emote}`),
  }
}

/** What everybody sees of how many have posted the same emote in a row. */
const comboOf = (emoteOnly: string | null, { combo }: Channel, { principal }: DecideContext): number | null => {
  const count = emoteOnly === null ? 1 : comboCount(combo, emoteOnly, principal)
  return count < 2 ? null : count
}

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
export const unfitForModes = (
  { text }: Pick<Post, 'text'>,
  { entities, fingerprint }: Reading,
  channel: Channel,
  context: DecideContext,
): Rejection | undefined =>
  modesBind(channel, context)
    ? (notEmotes(channel, withoutEmotes(text, entities)) ?? notUnique(channel, fingerprint))
    : undefined

/** A message as it is told, whatever becomes of it. */
type Message = Omit<
  ChannelDraftOf<'MessagePosted'>,
  'type' | 'seq' | 'seenBy' | 'fingerprint' | 'sketch' | 'emoteOnly' | 'combo'
>

/** The author's name is a soft fact, stamped by the edge; where none is, the message goes by the author's id. */
const messageOf = (
  post: Post,
  entities: readonly Entity[],
  answer: Answer,
  channel: Channel,
  context: DecideContext,
): Message => ({
  author: context.principal,
  authorName: context.facts.displayName ?? context.principal,
  text: post.text,
  form: post.form,
  color: post.color,
  ...answer,
  entities: encodeEntities(entities),
  ...badges(channel, context),
  attachments: hasPictures(post) ? provenAttachments(context) : null,
})

/** By it what has no pictures is known without a look at the event. */
const pictureCount = ({ attachments }: Message) => attachments !== null && { attachments: attachments.length }

/** Who is not trusted yet waits for a moderator, and what a rule would have looked at. A permit is used once it is posted. */
const held = (message: Message, filtered: Passed, channel: Channel, context: DecideContext): Decision<ChannelDraft> => {
  const { heldBy: rule, heldKind, shadow } = filtered
  const moderationSeq = channel.moderationSeq + 1
  const cause = rule === null ? 'low_trust' : 'filter'
  const kind = heldKind ?? 'low_trust'
  return (
    queueFull(channel) ?? {
      kind: 'accepted',
      events: [
        {
          type: 'MessageHeld',
          moderationSeq,
          ...message,
          cause,
          rule,
          byPermit: filtered.permitUsed || null,
          label: saidByModel(heldKind, context.facts),
        },
        ...loggedFindings(shadow, 'shadow_verdict', moderationSeq, context),
        ...(rule === null ? [] : [unpostedEvidence(message.text, channel, context)]),
      ],
      summary: { messageId: context.commandId, held: true, kind, ...pictureCount(message) },
    }
  )
}

const told = (
  post: Post,
  { entities, fingerprint, emoteOnly }: Reading,
  answer: Answer,
  channel: Channel,
  context: DecideContext,
): Decision<ChannelDraft> => {
  const filtered = filter(post.text, channel, context)
  if (filtered.kind === 'refused') return filtered.decision
  const { sketch, permitUsed, shadow: trials } = filtered
  const message = messageOf(post, entities, answer, channel, context)
  const { low_trust, shadow } = marksOf(channel.marks, context.principal)
  if (filtered.heldBy !== null || holds(low_trust, context.at)) return held(message, filtered, channel, context)
  return {
    kind: 'accepted',
    events: [
      {
        type: 'MessagePosted',
        seq: channel.seq + 1,
        ...message,
        seenBy: holds(shadow, context.at) ? 'author' : null,
        emoteOnly,
        combo: holds(shadow, context.at) ? null : comboOf(emoteOnly, channel, context),
        fingerprint,
        sketch,
      },
      ...loggedFindings(trials, 'shadow_verdict', channel.moderationSeq, context),
      ...spentPermit(
        { author: message.author, messageId: context.commandId, permitUsed },
        channel,
        channel.moderationSeq + trials.length,
      ),
    ],
    summary: { messageId: context.commandId, seq: channel.seq + 1, ...pictureCount(message) },
  }
}

export const postMessage: Decide<Post> = (post, channel, context) => {
  const refusal = refused(post, channel, context)
  if (refusal) return refusal
  const reading = readingOf(post, channel, context)
  const unfit = unfitForModes(post, reading, channel, context)
  if (unfit) return unfit
  if (post.replyTo === null) return told(post, reading, noAnswer, channel, context)
  const answered = knownMessage(channel, post.replyTo, context)
  return 'kind' in answered ? answered : told(post, reading, answerTo(answered), channel, context)
}
