import { Map as ImmutableMap } from 'immutable'
import type { AssignableRole } from '#libs/access/roles.ts'
import type { Sealed } from '#libs/contracts/sealed.ts'
import type { EvolveContext } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import { eventId } from '#libs/journal/outcome.ts'
import { type Casework, type CaseworkEvent, evolveCasework, isCaseworkEvent, noCasework } from './casework/casework.ts'
import { type Combo, comboAfter } from './emotes/combo.ts'
import { addEmote, changeEmote, type Emotes, noEmotes, removeEmote } from './emotes/emotes.ts'
import type { ChannelEvent, ChannelEventOf } from './events.ts'
import {
  evolveOwnership,
  isOwnershipEvent,
  newOwnership,
  type Ownership,
  type OwnershipEvent,
} from './ownership/state.ts'
import { noPolicing, type Policing, rememberPosted, setPolicy } from './policy/policing.ts'
import { evolvePoll, isPollEvent, type Poll, type PollEvent } from './polls/state.ts'
import { type HeldMessages, holdMessage, noHeldMessages } from './state/held.ts'
import { endMark, type Marks, marksOf, noMarks, rememberSlowed, setAddresses, setMark } from './state/marks.ts'
import { changeMode, type Effective, effectiveModes, type Modes, noModes } from './state/modes.ts'
import { type Nuke, rememberNuke } from './state/nukes.ts'
import { defaultLadder, noOffences, type Offences, rememberStep } from './state/offences.ts'
import {
  changeDeleted,
  type KnownMessage,
  markDeleted,
  noMessages,
  type RecentMessages,
  rememberMessage,
} from './state/recent-messages.ts'
import { noTexts, type RecentTexts, rememberText } from './state/recent-texts.ts'
import { afterTrim, type Retention, retentionOf } from './state/retention.ts'
import { type LastPosts, noPosts, rememberPost } from './state/slow-mode.ts'
import { endTimeout, noTimeouts, startTimeout, type Timeouts } from './state/timeouts.ts'

/** A topic as the journal holds it, with what it takes to open it. */
export type Topic = { readonly subject: string; readonly eventId: string; readonly sealed: Sealed }

/** The message that is pinned. */
export type Pin = { readonly messageId: string; readonly messageSeq: number }

export type TextVersions = Readonly<Record<ChannelEventOf<'TextChanged'>['kind'], number>>

/** All that a channel decides by. An immutable value; maps of members are shared between one state and the next. */
export type Channel = {
  readonly channelId: string
  /** Undefined until the channel is created. */
  readonly ownerId: string | undefined
  readonly topic: Topic | undefined
  /** 0 when slow mode is off. */
  readonly slowModeSeconds: number
  /** Number of the record that changed topic or slow mode last: the version of the settings. */
  readonly settingsN: number
  readonly roles: ImmutableMap<string, AssignableRole>
  /** Number of the record that changed a role last: the version of the list of roles. */
  readonly rolesN: number
  readonly timeouts: Timeouts
  readonly lastPosts: LastPosts
  readonly modes: Modes
  /** What follows of the modes for a post. */
  readonly effective: Effective
  /** What was said lately, where texts must be unique. */
  readonly recentTexts: RecentTexts
  readonly marks: Marks
  readonly held: HeldMessages
  readonly pin: Pin | undefined
  /** How often the word of welcome and the rules were changed; the rules are in force where `rulesInForce`. */
  readonly textVersions: TextVersions
  readonly rulesInForce: boolean
  readonly closed: boolean
  readonly nukes: readonly Nuke[]
  /** What follows on one offence after another; see `ChangeLadder`. */
  readonly ladder: readonly number[]
  readonly offences: Offences
  readonly policing: Policing
  readonly recentMessages: RecentMessages
  readonly emotes: Emotes
  /** Undefined where the last message was no emote, or none alone. */
  readonly combo: Combo | undefined
  /** Undefined: the history is kept for ever. */
  readonly retention: Retention | undefined
  readonly casework: Casework
  readonly ownership: Ownership
  /** The one that runs. */
  readonly poll: Poll | undefined
  /** The last number given in the public lane, and in the moderators'. */
  readonly seq: number
  readonly moderationSeq: number
}

export const initial = (channelId: string): Channel => ({
  channelId,
  ownerId: undefined,
  topic: undefined,
  slowModeSeconds: 0,
  settingsN: 0,
  roles: ImmutableMap(),
  rolesN: 0,
  timeouts: noTimeouts,
  lastPosts: noPosts,
  modes: {},
  effective: noModes,
  recentTexts: noTexts,
  marks: noMarks,
  held: noHeldMessages,
  pin: undefined,
  textVersions: { welcome: 0, rules: 0 },
  rulesInForce: false,
  closed: false,
  nukes: [],
  ladder: defaultLadder,
  offences: noOffences,
  policing: noPolicing,
  recentMessages: noMessages,
  emotes: noEmotes,
  combo: undefined,
  retention: undefined,
  casework: noCasework,
  ownership: newOwnership,
  poll: undefined,
  seq: 0,
  moderationSeq: 0,
})

export const evolve = (channel: Channel, event: ChannelEvent, context: EvolveContext): Channel => {
  const next = applied(channel, event, context)
  const casework = evolveCasework(channel.casework, event, context)
  if (casework === channel.casework) return next
  const changed = { ...next, casework }
  return event.type === 'ShieldPresetSet' ? withModes(changed, changed.modes) : changed
}

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
      return { ...channel, nukes: rememberNuke(channel.nukes, { id: commandId, messageSeqs, members, until }) }
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
      return { ...channel, ownerId: event.ownerId, settingsN: n, rolesN: n }
    case 'SettingsChanged':
      return { ...changeSettings(channel, event, commandId, at), settingsN: n }
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
      return { ...channel, recentMessages: changeDeleted(channel.recentMessages, true, chosenBy(event)) }
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

/** How long members wait between two posts; 0 where they do not. */
export const slowMs = ({ effective }: Pick<Channel, 'effective'>): number => (effective.slow ?? 0) * 1000

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
