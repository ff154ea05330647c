// Generated from schemas/channel/ by `npm run generate`.
import type { Contract } from '../contract.ts'
import type { Sealed } from '../sealed.ts'

/** A channel exists. */
export type ChannelCreated = {
  readonly type: 'ChannelCreated'
  /** Decimal string below 2^53; an own channel has the id of its account. */
  readonly channelId: string
  /** Account id of the broadcaster. */
  readonly ownerId: string
  /** Its place in addresses; none for an own channel, which goes by the handle of its account. */
  readonly slug: string | null
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
}

/** Somebody follows the channel. It stands in no lane. */
export type MemberFollowed = {
  readonly type: 'MemberFollowed'
  /** Account id. */
  readonly member: string
}

/** A member may not post for a while. */
export type MemberTimedOut = {
  readonly type: 'MemberTimedOut'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id. */
  readonly member: string
  /** When the timeout is over. */
  readonly until: number
}

/** Somebody follows the channel no more. It stands in no lane. */
export type MemberUnfollowed = {
  readonly type: 'MemberUnfollowed'
  /** Account id. */
  readonly member: string
}

/** A message was deleted. */
export type MessageDeleted = {
  readonly type: 'MessageDeleted'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Id of the command that posted it. */
  readonly messageId: string
  /** Number of the message in the public lane. */
  readonly messageSeq: number
  /** Account id of who had posted it. */
  readonly author: string
}

/** A message was posted. Its id is the id of the command. */
export type MessagePosted = {
  readonly type: 'MessagePosted'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id. */
  readonly author: string
  /** Display name at the time of posting. Sealed with the key of `author`. */
  readonly authorName: Sealed
  /** 1 to 512 code points. Sealed with the key of `author`. */
  readonly text: Sealed
  /** What somebody does rather than says, or an announcement; none: a message like any other. */
  readonly form: 'action' | 'announcement' | null
  /** Of an announcement. */
  readonly color: 'primary' | 'blue' | 'green' | 'orange' | 'purple' | null
  /** Id of the message that it answers. */
  readonly replyTo: string | null
  /** Account id of who wrote the message that it answers. */
  readonly replyToAuthor: string | null
  /** Id of the message that the thread of answers begins with. */
  readonly thread: string | null
  /** What stands in the text besides words, as JSON: a list of kind, from, to and what belongs to the kind; none where there is nothing. Sealed with the key of `author`. */
  readonly entities: Sealed | null
  /** What the author was in the channel; none: a member. */
  readonly role: 'platform_admin' | 'broadcaster' | 'lead_moderator' | 'moderator' | 'vip' | 'bot' | null
  /** Tier of the author's subscription; none without one. */
  readonly tier: number | null
  /** Who but the moderators sees it; none: everybody. */
  readonly seenBy: 'author' | null
  /** Keyed hash of the text in its normal form, where a mode of the room compares texts. */
  readonly fingerprint: string | null
}

/** A mode of the room was set or switched off. */
export type ModeChanged = {
  readonly type: 'ModeChanged'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id of who changed it. */
  readonly actor: string
  /** Which one. */
  readonly mode: 'slow' | 'followers_only' | 'subscribers_only' | 'emote_only' | 'unique' | 'verified' | 'account_age' | 'shield' | 'read_only'
  /** Seconds (slow, followers_only, account_age), the lowest tier (subscribers_only), 1 for the others; none: it is off. */
  readonly value: number | null
  /** When it was changed. */
  readonly since: number
}

/** What a moderator did, for the other moderators. */
export type ModerationLogged = {
  readonly type: 'ModerationLogged'
  /** Number in the moderators' lane: gap-free, from 1. */
  readonly moderationSeq: number
  /** Account id of who did it. */
  readonly actor: string
  /** What was done. */
  readonly action: 'delete_message' | 'time_out_member' | 'lift_timeout' | 'assign_role' | 'set_mode' | 'grant_subscription' | 'revoke_subscription'
  /** Account id of whom it was done to. */
  readonly member: string | null
  /** Message that it was done to. */
  readonly messageId: string | null
  /** In the words of the moderator. Sealed with the key of `actor`. */
  readonly reason: Sealed | null
  /** How long it holds, in milliseconds. */
  readonly durationMs: number | null
  /** The role that was given. */
  readonly role: 'lead_moderator' | 'moderator' | 'vip' | 'bot' | null
  /** The mode that was set. */
  readonly mode: 'slow' | 'followers_only' | 'subscribers_only' | 'emote_only' | 'unique' | 'verified' | 'account_age' | 'shield' | 'read_only' | null
  /** Its value, or that of a mark; the tier of a subscription. */
  readonly value: number | null
}

/** A member has another role in the channel. */
export type RoleAssigned = {
  readonly type: 'RoleAssigned'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id. */
  readonly member: string
  /** None where the role was taken away. */
  readonly role: 'lead_moderator' | 'moderator' | 'vip' | 'bot' | null
}

/** Settings of the channel were changed; those that are null stayed as they were. */
export type SettingsChanged = {
  readonly type: 'SettingsChanged'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id of who changed them. */
  readonly actor: string
  /** What the channel is about; empty when it was taken away. Sealed with the key of `actor`. */
  readonly topic: Sealed | null
  /** Seconds that a member waits between two messages; 0 when slow mode is off. */
  readonly slowModeSeconds: number | null
}

/** A member is no subscriber any more. */
export type SubscriptionEnded = {
  readonly type: 'SubscriptionEnded'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id. */
  readonly member: string
  /** Whether it was taken away, or its time was over. */
  readonly cause: 'revoked' | 'expired'
}

/** A member is a subscriber. */
export type SubscriptionGranted = {
  readonly type: 'SubscriptionGranted'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id of who gave it. */
  readonly actor: string
  /** Account id. */
  readonly member: string
  /** From 1 on. */
  readonly tier: number
  /** When it is over; none: it is without end. */
  readonly until: number | null
}

/** A member may post again. */
export type TimeoutEnded = {
  readonly type: 'TimeoutEnded'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id. */
  readonly member: string
  /** Whether a moderator lifted it, or its time was over. */
  readonly cause: 'lifted' | 'expired'
}

/** Gives a member a role in the channel. */
export type AssignRole = {
  readonly type: 'AssignRole'
  /** Account id. */
  readonly member: string
  /** None takes the role away. */
  readonly role: 'lead_moderator' | 'moderator' | 'vip' | 'bot' | null
}

/** Changes settings of the channel; those left out stay as they are. */
export type ChangeSettings = {
  readonly type: 'ChangeSettings'
  /** What the channel is about; empty takes it away. */
  readonly topic: string | null
  /** Seconds that a member waits between two messages; 0 switches slow mode off. */
  readonly slowModeSeconds: number | null
}

/** Creates a channel. Its id is the aggregate's key. */
export type CreateChannel = {
  readonly type: 'CreateChannel'
  /** Account id of the broadcaster. */
  readonly ownerId: string
  /** Its place in addresses; none for an own channel, which goes by the handle of its account. */
  readonly slug: string | null
}

/** Deletes a message: a moderator any, an author their own. */
export type DeleteMessage = {
  readonly type: 'DeleteMessage'
  /** Id of the command that posted it. */
  readonly messageId: string
}

/** Ends what had a term that is over. Sent by the clock of the owner. */
export type EndTerms = {
  readonly type: 'EndTerms'
  /** The time that the sender's clock had passed; the clock of the one who decides may be behind it. */
  readonly dueAt: number
}

/** Ends the timeouts that are over. Sent by the clock of the owner. */
export type EndTimeouts = {
  readonly type: 'EndTimeouts'
  /** The time that the sender's clock had passed; the clock of the one who decides may be behind it. */
  readonly dueAt: number
}

/** Follows the channel. */
export type FollowChannel = {
  readonly type: 'FollowChannel'
}

/** Makes a member a subscriber. */
export type GrantSubscription = {
  readonly type: 'GrantSubscription'
  /** Account id. */
  readonly member: string
  /** From 1 on. */
  readonly tier: number
  /** How long it holds, in milliseconds; without end where none is named. */
  readonly durationMs: number | null
}

/** Ends the timeout of a member before its time. */
export type LiftTimeout = {
  readonly type: 'LiftTimeout'
  /** Account id. */
  readonly member: string
}

/** Posts a message. Its id is the command's id. */
export type PostMessage = {
  readonly type: 'PostMessage'
  /** 1 to 512 code points. */
  readonly text: string
  /** What somebody does rather than says, or an announcement; none: a message like any other. */
  readonly form: 'action' | 'announcement' | null
  /** Of an announcement. */
  readonly color: 'primary' | 'blue' | 'green' | 'orange' | 'purple' | null
  /** Id of the message that it answers. */
  readonly replyTo: string | null
}

/** Takes a subscription away. */
export type RevokeSubscription = {
  readonly type: 'RevokeSubscription'
  /** Account id. */
  readonly member: string
}

/** Sets a mode of the room, or switches it off. */
export type SetMode = {
  readonly type: 'SetMode'
  /** Which one. */
  readonly mode: 'slow' | 'followers_only' | 'subscribers_only' | 'emote_only' | 'unique' | 'verified' | 'account_age' | 'shield' | 'read_only'
  /** Seconds (slow, followers_only, account_age), the lowest tier (subscribers_only), 1 for the others; none switches it off. */
  readonly value: number | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Keeps a member from posting for a while. */
export type TimeOutMember = {
  readonly type: 'TimeOutMember'
  /** Account id. */
  readonly member: string
  /** In milliseconds, from the decision on. */
  readonly durationMs: number
  /** For the log of the moderators. */
  readonly reason: string | null
}

/** Follows the channel no more. */
export type UnfollowChannel = {
  readonly type: 'UnfollowChannel'
}

export type ChannelEvent =
  | ChannelCreated
  | MemberFollowed
  | MemberTimedOut
  | MemberUnfollowed
  | MessageDeleted
  | MessagePosted
  | ModeChanged
  | ModerationLogged
  | RoleAssigned
  | SettingsChanged
  | SubscriptionEnded
  | SubscriptionGranted
  | TimeoutEnded

export type ChannelCommand =
  | AssignRole
  | ChangeSettings
  | CreateChannel
  | DeleteMessage
  | EndTerms
  | EndTimeouts
  | FollowChannel
  | GrantSubscription
  | LiftTimeout
  | PostMessage
  | RevokeSubscription
  | SetMode
  | TimeOutMember
  | UnfollowChannel

/** By type the fields that may be left out, as null: spread below those that are given. */
export const channelAbsent = {
  ChannelCreated: {
    slug: null,
  },
  MessagePosted: {
    form: null,
    color: null,
    replyTo: null,
    replyToAuthor: null,
    thread: null,
    entities: null,
    role: null,
    tier: null,
    seenBy: null,
    fingerprint: null,
  },
  ModeChanged: {
    value: null,
  },
  ModerationLogged: {
    member: null,
    messageId: null,
    reason: null,
    durationMs: null,
    role: null,
    mode: null,
    value: null,
  },
  RoleAssigned: {
    role: null,
  },
  SettingsChanged: {
    topic: null,
    slowModeSeconds: null,
  },
  SubscriptionGranted: {
    until: null,
  },
  AssignRole: {
    role: null,
  },
  ChangeSettings: {
    topic: null,
    slowModeSeconds: null,
  },
  CreateChannel: {
    slug: null,
  },
  GrantSubscription: {
    durationMs: null,
  },
  PostMessage: {
    form: null,
    color: null,
    replyTo: null,
  },
  SetMode: {
    value: null,
    reason: null,
  },
  TimeOutMember: {
    reason: null,
  },
} as const

const none: readonly string[] = []

export const channel: Contract<ChannelEvent, ChannelCommand> = {
  events: {
    ChannelCreated: {
      schemas: ['channel/events/ChannelCreated.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ChannelCreated',
        channelId: event.channelId,
        ownerId: event.ownerId,
        slug: event.slug,
        seq: event.seq,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    MemberFollowed: {
      schemas: ['channel/events/MemberFollowed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'MemberFollowed',
        member: event.member,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    MemberTimedOut: {
      schemas: ['channel/events/MemberTimedOut.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'MemberTimedOut',
        seq: event.seq,
        member: event.member,
        until: event.until,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    MemberUnfollowed: {
      schemas: ['channel/events/MemberUnfollowed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'MemberUnfollowed',
        member: event.member,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    MessageDeleted: {
      schemas: ['channel/events/MessageDeleted.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'MessageDeleted',
        seq: event.seq,
        messageId: event.messageId,
        messageSeq: event.messageSeq,
        author: event.author,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    MessagePosted: {
      schemas: ['channel/events/MessagePosted.v1', 'channel/events/MessagePosted.v2'],
      sealed: { authorName: 'author', text: 'author', entities: 'author' },
      plain: (event) => ({
        type: 'MessagePosted',
        seq: event.seq,
        author: event.author,
        authorName: event.authorName,
        text: event.text,
        form: event.form,
        color: event.color,
        replyTo: event.replyTo,
        replyToAuthor: event.replyToAuthor,
        thread: event.thread,
        entities: event.entities,
        role: event.role,
        tier: event.tier,
        seenBy: event.seenBy,
        fingerprint: event.fingerprint,
      }),
      seal: (event, id, seal) => ({
        type: 'MessagePosted',
        seq: event.seq,
        author: event.author,
        authorName: seal(event.author, id, 'authorName', event.authorName),
        text: seal(event.author, id, 'text', event.text),
        form: event.form,
        color: event.color,
        replyTo: event.replyTo,
        replyToAuthor: event.replyToAuthor,
        thread: event.thread,
        entities: event.entities === null ? null : seal(event.author, id, 'entities', event.entities),
        role: event.role,
        tier: event.tier,
        seenBy: event.seenBy,
        fingerprint: event.fingerprint,
      }),
      open: (event, id, open) => ({
        type: 'MessagePosted',
        seq: event.seq,
        author: event.author,
        authorName: open(event.author, id, 'authorName', event.authorName),
        text: open(event.author, id, 'text', event.text),
        form: event.form,
        color: event.color,
        replyTo: event.replyTo,
        replyToAuthor: event.replyToAuthor,
        thread: event.thread,
        entities: event.entities === null ? null : open(event.author, id, 'entities', event.entities),
        role: event.role,
        tier: event.tier,
        seenBy: event.seenBy,
        fingerprint: event.fingerprint,
      }),
      subjects: (event) => [event.author],
    },
    ModeChanged: {
      schemas: ['channel/events/ModeChanged.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ModeChanged',
        seq: event.seq,
        actor: event.actor,
        mode: event.mode,
        value: event.value,
        since: event.since,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ModerationLogged: {
      schemas: ['channel/events/ModerationLogged.v1', 'channel/events/ModerationLogged.v2'],
      sealed: { reason: 'actor' },
      plain: (event) => ({
        type: 'ModerationLogged',
        moderationSeq: event.moderationSeq,
        actor: event.actor,
        action: event.action,
        member: event.member,
        messageId: event.messageId,
        reason: event.reason,
        durationMs: event.durationMs,
        role: event.role,
        mode: event.mode,
        value: event.value,
      }),
      seal: (event, id, seal) => ({
        type: 'ModerationLogged',
        moderationSeq: event.moderationSeq,
        actor: event.actor,
        action: event.action,
        member: event.member,
        messageId: event.messageId,
        reason: event.reason === null ? null : seal(event.actor, id, 'reason', event.reason),
        durationMs: event.durationMs,
        role: event.role,
        mode: event.mode,
        value: event.value,
      }),
      open: (event, id, open) => ({
        type: 'ModerationLogged',
        moderationSeq: event.moderationSeq,
        actor: event.actor,
        action: event.action,
        member: event.member,
        messageId: event.messageId,
        reason: event.reason === null ? null : open(event.actor, id, 'reason', event.reason),
        durationMs: event.durationMs,
        role: event.role,
        mode: event.mode,
        value: event.value,
      }),
      subjects: (event) => (event.reason === null ? none : [event.actor]),
    },
    RoleAssigned: {
      schemas: ['channel/events/RoleAssigned.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'RoleAssigned',
        seq: event.seq,
        member: event.member,
        role: event.role,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    SettingsChanged: {
      schemas: ['channel/events/SettingsChanged.v1'],
      sealed: { topic: 'actor' },
      plain: (event) => ({
        type: 'SettingsChanged',
        seq: event.seq,
        actor: event.actor,
        topic: event.topic,
        slowModeSeconds: event.slowModeSeconds,
      }),
      seal: (event, id, seal) => ({
        type: 'SettingsChanged',
        seq: event.seq,
        actor: event.actor,
        topic: event.topic === null ? null : seal(event.actor, id, 'topic', event.topic),
        slowModeSeconds: event.slowModeSeconds,
      }),
      open: (event, id, open) => ({
        type: 'SettingsChanged',
        seq: event.seq,
        actor: event.actor,
        topic: event.topic === null ? null : open(event.actor, id, 'topic', event.topic),
        slowModeSeconds: event.slowModeSeconds,
      }),
      subjects: (event) => (event.topic === null ? none : [event.actor]),
    },
    SubscriptionEnded: {
      schemas: ['channel/events/SubscriptionEnded.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'SubscriptionEnded',
        seq: event.seq,
        member: event.member,
        cause: event.cause,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    SubscriptionGranted: {
      schemas: ['channel/events/SubscriptionGranted.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'SubscriptionGranted',
        seq: event.seq,
        actor: event.actor,
        member: event.member,
        tier: event.tier,
        until: event.until,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    TimeoutEnded: {
      schemas: ['channel/events/TimeoutEnded.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'TimeoutEnded',
        seq: event.seq,
        member: event.member,
        cause: event.cause,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
  },
  commands: {
    AssignRole: {
      schemas: ['channel/commands/AssignRole.v1'],
      plain: (command) => ({
        type: 'AssignRole',
        member: command.member,
        role: command.role,
      }),
    },
    ChangeSettings: {
      schemas: ['channel/commands/ChangeSettings.v1'],
      plain: (command) => ({
        type: 'ChangeSettings',
        topic: command.topic,
        slowModeSeconds: command.slowModeSeconds,
      }),
    },
    CreateChannel: {
      schemas: ['channel/commands/CreateChannel.v1'],
      plain: (command) => ({
        type: 'CreateChannel',
        ownerId: command.ownerId,
        slug: command.slug,
      }),
    },
    DeleteMessage: {
      schemas: ['channel/commands/DeleteMessage.v1'],
      plain: (command) => ({
        type: 'DeleteMessage',
        messageId: command.messageId,
      }),
    },
    EndTerms: {
      schemas: ['channel/commands/EndTerms.v1'],
      plain: (command) => ({
        type: 'EndTerms',
        dueAt: command.dueAt,
      }),
    },
    EndTimeouts: {
      schemas: ['channel/commands/EndTimeouts.v1'],
      plain: (command) => ({
        type: 'EndTimeouts',
        dueAt: command.dueAt,
      }),
    },
    FollowChannel: {
      schemas: ['channel/commands/FollowChannel.v1'],
      plain: () => ({
        type: 'FollowChannel',
      }),
    },
    GrantSubscription: {
      schemas: ['channel/commands/GrantSubscription.v1'],
      plain: (command) => ({
        type: 'GrantSubscription',
        member: command.member,
        tier: command.tier,
        durationMs: command.durationMs,
      }),
    },
    LiftTimeout: {
      schemas: ['channel/commands/LiftTimeout.v1'],
      plain: (command) => ({
        type: 'LiftTimeout',
        member: command.member,
      }),
    },
    PostMessage: {
      schemas: ['channel/commands/PostMessage.v1', 'channel/commands/PostMessage.v2'],
      plain: (command) => ({
        type: 'PostMessage',
        text: command.text,
        form: command.form,
        color: command.color,
        replyTo: command.replyTo,
      }),
    },
    RevokeSubscription: {
      schemas: ['channel/commands/RevokeSubscription.v1'],
      plain: (command) => ({
        type: 'RevokeSubscription',
        member: command.member,
      }),
    },
    SetMode: {
      schemas: ['channel/commands/SetMode.v1'],
      plain: (command) => ({
        type: 'SetMode',
        mode: command.mode,
        value: command.value,
        reason: command.reason,
      }),
    },
    TimeOutMember: {
      schemas: ['channel/commands/TimeOutMember.v1'],
      plain: (command) => ({
        type: 'TimeOutMember',
        member: command.member,
        durationMs: command.durationMs,
        reason: command.reason,
      }),
    },
    UnfollowChannel: {
      schemas: ['channel/commands/UnfollowChannel.v1'],
      plain: () => ({
        type: 'UnfollowChannel',
      }),
    },
  },
}
