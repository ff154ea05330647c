import type { EvolveContext } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import { eventId } from '#libs/journal/outcome.ts'
import { type CaseworkEvent, evolveCasework, isCaseworkEvent } from './casework/casework.ts'
import { comboAfter } from './emotes/combo.ts'
import type { ChannelEvent, ChannelEventOf } from './events.ts'
import { evolveOwnership, isOwnershipEvent, type OwnershipEvent } from './ownership/state.ts'
import { rememberPosted, setPolicy } from './policy/policing.ts'
import { evolvePoll, isPollEvent, type PollEvent } from './polls/state.ts'
import { addEmote, changeEmote, removeEmote } from './state/emotes.ts'
import { holdMessage } from './state/held.ts'
import { endMark, type Marks, marksOf, rememberSlowed, setAddresses, setMark } from './state/marks.ts'
import { changeMode, effectiveModes, type Modes } from './state/modes.ts'
import { deletedSince, rememberNuke } from './state/nukes.ts'
import { rememberStep } from './state/offences.ts'
import { changeDeleted, type KnownMessage, markDeleted, rememberMessage } from './state/recent-messages.ts'
import { noTexts, rememberText } from './state/recent-texts.ts'
import { afterTrim, retentionOf } from './state/retention.ts'
import { isSettings } from './state/settings-version.ts'
import { noPosts, rememberPost } from './state/slow-mode.ts'
import { endTimeout, startTimeout } from './state/timeouts.ts'
import { type Channel, slowMs } from './state.ts'

export const evolve = (channel: Channel, event: ChannelEvent, context: EvolveContext): Channel => {
  const next = versioned(applied(channel, event, context), event, context)
  const casework = evolveCasework(channel.casework, event, context)
  if (casework === channel.casework) return next
  const changed = { ...next, casework }
  return event.type === 'ShieldPresetSet' ? withModes(changed, changed.modes) : changed
}

const versioned = (channel: Channel, event: ChannelEvent, { n }: EvolveContext): Channel =>
  isSettings(event) ? { ...channel, settingsN: n } : channel

const applied = (channel: Channel, event: ChannelEvent, context: EvolveContext): Channel => {
  if (isCaseworkEvent(event)) return channel
  if (isPollEvent(event)) return withPoll(channel, event)
  if (isOwnershipEvent(event)) return withOwnership(channel, event, context)
  if ('seq' in event) return applyPublic({ ...channel, seq: event.seq }, event, context)
  return 'moderationSeq' in event
    ? applyModeration({ ...channel, moderationSeq: event.moderationSeq }, event, context)
    : applyUnnumbered(channel, event, context)
}

const withPoll = (channel: Channel, event: PollEvent): Channel => ({
  ...channel,
  ...('seq' in event && { seq: event.seq }),
  poll: evolvePoll(channel.poll, event),
})

/** Whoever a channel belongs to has no other role in it. */
const withOwnership = (channel: Channel, event: OwnershipEvent, { at, n }: EvolveContext): Channel => ({
  ...channel,
  ...('seq' in event && { seq: event.seq }),
  ...(event.type === 'ChannelTransferred' && {
    ownerId: event.ownerId,
    roles: channel.roles.delete(event.ownerId),
    rolesN: n,
  }),
  ownership: evolveOwnership(channel.ownership, event, at),
})

type PublicEvent = Exclude<Extract<ChannelEvent, { readonly seq: number }>, PollEvent | OwnershipEvent>

type ModerationEvent = Extract<ChannelEvent, { readonly moderationSeq: number }>

type UnnumberedEvent = Exclude<ChannelEvent, PublicEvent | ModerationEvent | CaseworkEvent | PollEvent | OwnershipEvent>

const applyModeration = (channel: Channel, event: ModerationEvent, { at, commandId }: EvolveContext): Channel =>
  event.type === 'ModerationLogged'
    ? channel
    : {
        ...channel,
        marks: rememberSlowed(channel.marks, event.author, at),
        // A command that holds a message makes one event, so the index of its id is 0.
        held: holdMessage(channel.held, event, { messageId: commandId, heldEvent: eventId(commandId, 0), at }),
      }

/** What stands in no lane. */
const applyUnnumbered = (channel: Channel, event: UnnumberedEvent, { at, commandId }: EvolveContext): Channel => {
  switch (event.type) {
    // Who follows is not the channel's to hold: there may be more than it can.
    case 'MemberFollowed':
    case 'MemberUnfollowed':
    case 'RulesAccepted':
      return channel
    case 'HistoryTrimmed':
      return { ...channel, retention: afterTrim(channel.retention, at) }
    case 'MemberMarked': {
      const { member, mark, until, value } = event
      return { ...channel, marks: setMark(channel.marks, member, mark, { until, value }) }
    }
    case 'MarkEnded':
      return { ...channel, marks: endMark(channel.marks, event.member, event.mark) }
    case 'AddressesBanned':
      return { ...channel, marks: setAddresses(channel.marks, event.member, event.keys) }
    case 'AddressBanLifted':
      return { ...channel, marks: setAddresses(channel.marks, event.member, []) }
    case 'HeldMessageDenied':
      return { ...channel, held: channel.held.delete(event.messageId) }
    case 'NukeDone': {
      const { messageSeqs, members, until } = event
      const authors = event.authors ?? []
      return { ...channel, nukes: rememberNuke(channel.nukes, { id: commandId, messageSeqs, authors, members, until }) }
    }
    case 'NukeUndone':
      return { ...channel, nukes: channel.nukes.filter(({ id }) => id !== event.nukeId) }
    case 'PolicySet':
      return { ...channel, policing: setPolicy(event, at) }
    case 'LadderChanged':
      return { ...channel, ladder: event.steps }
    case 'MemberEscalated':
      return { ...channel, offences: rememberStep(channel.offences, event.member, event.step, at) }
  }
}

const applyPublic = (channel: Channel, event: PublicEvent, { at, n, commandId }: EvolveContext): Channel => {
  switch (event.type) {
    case 'ChannelCreated':
      return { ...channel, ownerId: event.ownerId, rolesN: n }
    case 'SettingsChanged':
      return changeSettings(channel, event, commandId, at)
    case 'MessagePosted':
      return {
        ...channel,
        lastPosts: rememberPost(channel.lastPosts, event.author, at, slowMs(channel)),
        policing: rememberPosted(channel.policing, event, at),
        // What only some see breaks no combo, as it makes none.
        ...(event.seenBy === null && { combo: comboAfter(channel.combo, event) }),
        recentMessages: rememberMessage(channel.recentMessages, {
          id: commandId,
          author: event.author,
          seq: event.seq,
          deleted: false,
          at,
          ...(event.seenBy !== null && { hidden: true }),
          ...(event.thread !== null && { thread: event.thread }),
        }),
        marks: rememberSlowed(channel.marks, event.author, at),
        ...(event.fingerprint !== null && { recentTexts: rememberText(channel.recentTexts, event.fingerprint) }),
      }
    case 'MessageEdited':
      return channel
    case 'MessageDeleted':
      return { ...channel, recentMessages: markDeleted(channel.recentMessages, event.messageId) }
    case 'HeldMessageApproved':
      return {
        ...channel,
        held: channel.held.delete(event.messageId),
        combo: undefined,
        recentMessages: rememberMessage(channel.recentMessages, {
          id: event.messageId,
          author: event.author,
          seq: event.seq,
          deleted: false,
          at,
          ...(event.thread !== null && { thread: event.thread }),
        }),
      }
    case 'MessagesDeleted':
      return {
        ...channel,
        recentMessages: changeDeleted(channel.recentMessages, true, chosenBy(event)),
        nukes: deletedSince(channel.nukes, event),
      }
    case 'MessagesRestored':
      return { ...channel, recentMessages: changeDeleted(channel.recentMessages, false, among(event.messageSeqs)) }
    case 'MemberBanned':
      return { ...channel, marks: banned(channel.marks, event) }
    case 'BanEnded':
      return { ...channel, marks: endMark(channel.marks, event.member, 'ban') }
    case 'MemberTimedOut':
      return { ...channel, timeouts: startTimeout(channel.timeouts, event.member, event.until) }
    case 'PinChanged': {
      const { messageId, messageSeq } = event
      return { ...channel, pin: messageId === null || messageSeq === null ? undefined : { messageId, messageSeq } }
    }
    case 'TextChanged':
      return {
        ...channel,
        textVersions: { ...channel.textVersions, [event.kind]: event.version },
        rulesInForce: event.kind === 'rules' ? event.text !== null : channel.rulesInForce,
      }
    case 'ChannelClosed':
      return { ...channel, closed: true }
    case 'ChannelReopened':
      return { ...channel, closed: false }
    case 'EmoteAdded':
      return { ...channel, emotes: addEmote(channel.emotes, event, commandId) }
    case 'EmoteChanged':
      return { ...channel, emotes: changeEmote(channel.emotes, event) }
    case 'EmoteRemoved':
      return { ...channel, emotes: removeEmote(channel.emotes, event.emoteId) }
    case 'RetentionChanged':
      return { ...channel, retention: retentionOf(event.days, at) }
    case 'ModeChanged':
      return withModes(channel, changeMode(channel.modes, event))
    case 'SubscriptionGranted':
      return {
        ...channel,
        marks: setMark(channel.marks, event.member, 'subscription', { until: event.until, value: event.tier }),
      }
    case 'SubscriptionEnded':
      return { ...channel, marks: endMark(channel.marks, event.member, 'subscription') }
    case 'TimeoutEnded':
      return { ...channel, timeouts: endTimeout(channel.timeouts, event.member) }
    case 'RoleAssigned':
      return {
        ...channel,
        roles: event.role === null ? channel.roles.delete(event.member) : channel.roles.set(event.member, event.role),
        rolesN: n,
      }
  }
}

/** Where it came from is kept with a ban that another channel has decided; a ban anew goes on with its addresses. */
const banned = (marks: Marks, { member, until, origin }: ChannelEventOf<'MemberBanned'>): Marks => {
  const { addresses } = marksOf(marks, member).ban ?? {}
  return setMark(marks, member, 'ban', {
    until,
    value: null,
    ...(origin !== null && { origin }),
    ...(addresses && { addresses }),
  })
}

const among = (messageSeqs: readonly number[]) => {
  const chosen = new Set(messageSeqs)
  return ({ seq }: KnownMessage): boolean => chosen.has(seq)
}

/** Which messages a deletion of many is about. */
const chosenBy = ({ author, messageSeqs }: ChannelEventOf<'MessagesDeleted'>) => {
  const isNamed = messageSeqs === null ? () => true : among(messageSeqs)
  return (message: KnownMessage): boolean => (author === null || message.author === author) && isNamed(message)
}

/** What a mode was kept for is forgotten with it. */
const withModes = (channel: Channel, modes: Modes): Channel => {
  const effective = effectiveModes(modes, channel.casework.shieldPreset)
  return {
    ...channel,
    modes,
    effective,
    lastPosts: effective.slow === undefined ? noPosts : channel.lastPosts,
    recentTexts: effective.unique === undefined ? noTexts : channel.recentTexts,
  }
}

const changeSettings = (
  channel: Channel,
  event: ChannelEventOf<'SettingsChanged'>,
  commandId: string,
  since: Instant,
): Channel => {
  const { actor, topic, slowModeSeconds } = event
  const told = {
    ...channel,
    // A command that changes settings makes this event first, so the index of its id is 0.
    topic: topic !== null ? { subject: actor, eventId: eventId(commandId, 0), sealed: topic } : channel.topic,
  }
  if (slowModeSeconds === null) return told
  const slow = { mode: 'slow', value: slowModeSeconds || null, actor, since } as const
  return { ...withModes(told, changeMode(channel.modes, slow)), slowModeSeconds }
}
