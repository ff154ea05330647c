import { Map as ImmutableMap } from 'immutable'
import type { AssignableRole } from '#libs/access/roles.ts'
import type { Sealed } from '#libs/contracts/sealed.ts'
import type { EvolveContext } from '#libs/journal/decider.ts'
import { eventId } from '#libs/journal/outcome.ts'
import type { ChannelEvent, ChannelEventOf } from './events.ts'
import { markDeleted, noMessages, type RecentMessages, rememberMessage } from './recent-messages.ts'
import { type LastPosts, noPosts, rememberPost } from './slow-mode.ts'
import { endTimeout, noTimeouts, startTimeout, type Timeouts } from './timeouts.ts'

/** A topic as the journal holds it, with what it takes to open it. */
export type Topic = { readonly subject: string; readonly eventId: string; readonly sealed: Sealed }

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
  readonly recentMessages: RecentMessages
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
  recentMessages: noMessages,
  seq: 0,
  moderationSeq: 0,
})

export const evolve = (channel: Channel, event: ChannelEvent, context: EvolveContext): Channel =>
  event.type === 'ModerationLogged'
    ? { ...channel, moderationSeq: event.moderationSeq }
    : applyPublic({ ...channel, seq: event.seq }, event, context)

type PublicEvent = Exclude<ChannelEvent, { type: 'ModerationLogged' }>

const applyPublic = (channel: Channel, event: PublicEvent, { at, n, commandId }: EvolveContext): Channel => {
  switch (event.type) {
    case 'ChannelCreated':
      return { ...channel, ownerId: event.ownerId, settingsN: n, rolesN: n }
    case 'SettingsChanged':
      return { ...changeSettings(channel, event, commandId), settingsN: n }
    case 'MessagePosted':
      return {
        ...channel,
        lastPosts: rememberPost(channel.lastPosts, event.author, at, channel.slowModeSeconds * 1000),
        recentMessages: rememberMessage(channel.recentMessages, {
          id: commandId,
          author: event.author,
          seq: event.seq,
          deleted: false,
          ...(event.thread !== null && { thread: event.thread }),
        }),
      }
    case 'MessageDeleted':
      return { ...channel, recentMessages: markDeleted(channel.recentMessages, event.messageId) }
    case 'MemberTimedOut':
      return { ...channel, timeouts: startTimeout(channel.timeouts, event.member, event.until) }
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

const changeSettings = (channel: Channel, event: ChannelEventOf<'SettingsChanged'>, commandId: string): Channel => {
  const slowModeSeconds = event.slowModeSeconds ?? channel.slowModeSeconds
  return {
    ...channel,
    // A command that changes settings makes one event, so the index of its id is 0.
    topic:
      event.topic !== null
        ? { subject: event.actor, eventId: eventId(commandId, 0), sealed: event.topic }
        : channel.topic,
    slowModeSeconds,
    lastPosts: slowModeSeconds === 0 ? noPosts : channel.lastPosts,
  }
}
