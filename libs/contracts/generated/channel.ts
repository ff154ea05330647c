// Generated from schemas/channel/ by `npm run generate`.
import type { Contract } from '../contract.ts'
import type { Copied, Sealed } from '../sealed.ts'

/** Others may post again from where a banned member came. It stands in no lane. */
export type AddressBanLifted = {
  readonly type: 'AddressBanLifted'
  /** Account id. */
  readonly actor: string
  /** Account id of the banned member. */
  readonly member: string
}

/** Nobody without a role posts from where a banned member came, for as long as the member is banned. It stands in no lane. */
export type AddressesBanned = {
  readonly type: 'AddressesBanned'
  /** Account id. */
  readonly actor: string
  /** Account id of the banned member. */
  readonly member: string
  /** Keyed hashes of addresses or networks: compared, and never read back. */
  readonly keys: readonly string[]
}

/** Two accounts are taken for one person's. It stands in no lane. */
export type AltsLinked = {
  readonly type: 'AltsLinked'
  /** Account id of who linked them. */
  readonly actor: string
  /** Account id. */
  readonly member: string
  /** Account id of the other one. */
  readonly alt: string
  /** What speaks for it, in the words of the moderator. Sealed with the key of `actor`. */
  readonly evidence: Sealed | null
}

/** Two accounts are not taken for one person's any more. It stands in no lane. */
export type AltsUnlinked = {
  readonly type: 'AltsUnlinked'
  /** Account id of who unlinked them. */
  readonly actor: string
  /** Account id. */
  readonly member: string
  /** Account id of the other one. */
  readonly alt: string
}

/** An appeal was answered: the appellant is told, with the reason. It stands in no lane. */
export type AppealAnswered = {
  readonly type: 'AppealAnswered'
  /** Id of the command that opened it. */
  readonly appealId: string
  /** Account id. */
  readonly appellant: string
  /** What it was about. */
  readonly sanction: 'ban' | 'timeout'
  /** Account id of the moderator. */
  readonly actor: string
  /** What came of it. */
  readonly answer: 'upheld' | 'lifted' | 'shortened'
  /** When a sanction that was shortened is over. */
  readonly until: number | null
  /** In the words of the moderator; the appellant reads it. Sealed with the key of `actor`. */
  readonly reason: Sealed | null
}

/** Who is banned or timed out asks the moderators to look again. Its id is the id of the command. It stands in no lane. */
export type AppealOpened = {
  readonly type: 'AppealOpened'
  /** Account id. */
  readonly appellant: string
  /** What it is about. */
  readonly sanction: 'ban' | 'timeout'
  /** Id of the command that began it. */
  readonly actId: string
  /** In the words of the appellant. Sealed with the key of `appellant`. */
  readonly text: Sealed
}

/** One more moderator approves of a ban. It stands in no lane. */
export type BanApproved = {
  readonly type: 'BanApproved'
  /** Id of the command that proposed it. */
  readonly proposalId: string
  /** Account id. */
  readonly actor: string
  /** So many there are now. */
  readonly approvals: number
}

/** A banned member may post again. */
export type BanEnded = {
  readonly type: 'BanEnded'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id. */
  readonly member: string
  /** Whether a moderator lifted it, or its term was over. */
  readonly cause: 'lifted' | 'expired'
}

/** Bans that other channels follow were begun or ended. It stands in no lane. */
export type BanListChanged = {
  readonly type: 'BanListChanged'
  /** Ids of the other channels. */
  readonly subscribers: readonly string[]
  /** Account ids. */
  readonly added: readonly string[]
  /** Account ids. */
  readonly removed: readonly string[]
}

/** Other channels may follow the bans of this one, or may no more. It stands in no lane. */
export type BanListPublished = {
  readonly type: 'BanListPublished'
  /** Account id of who decided so. */
  readonly actor: string
  /** Whether they may. */
  readonly published: boolean
  /** Ids of the channels that follow them no more. */
  readonly subscribers: readonly string[]
}

/** Bans of another channel wait here for a moderator, or to be counted. It stands in no lane. */
export type BanListReceived = {
  readonly type: 'BanListReceived'
  /** Id of the other channel. */
  readonly source: string
  /** Account ids of those who wait now. */
  readonly added: readonly string[]
  /** Account ids of those who wait no more. */
  readonly removed: readonly string[]
}

/** Bans of another channel wait no more. It stands in no lane. */
export type BanListReviewed = {
  readonly type: 'BanListReviewed'
  /** Id of the other channel. */
  readonly source: string
  /** Account ids. */
  readonly members: readonly string[]
  /** Whether they count here. */
  readonly accepted: boolean
}

/** The channel follows the bans of another one. It stands in no lane. */
export type BanListSubscribed = {
  readonly type: 'BanListSubscribed'
  /** Account id of who decided so. */
  readonly actor: string
  /** Id of the other channel. */
  readonly source: string
  /** Whether a moderator looks at each, or they count at once. */
  readonly mode: 'review' | 'apply'
}

/** Another channel follows the bans of this one. It stands in no lane. */
export type BanListSubscriberAdded = {
  readonly type: 'BanListSubscriberAdded'
  /** Id of the other channel. */
  readonly subscriber: string
  /** Account ids of those who are banned. */
  readonly members: readonly string[]
}

/** Another channel follows the bans of this one no more. It stands in no lane. */
export type BanListSubscriberRemoved = {
  readonly type: 'BanListSubscriberRemoved'
  /** Id of the other channel. */
  readonly subscriber: string
}

/** The channel follows the bans of another one no more. It stands in no lane. */
export type BanListUnsubscribed = {
  readonly type: 'BanListUnsubscribed'
  /** Account id of who decided so; 0: the platform. */
  readonly actor: string
  /** Id of the other channel. */
  readonly source: string
  /** Whether it was decided here, or the other channel does not publish its bans. */
  readonly cause: 'left' | 'refused'
}

/** A ban that was proposed waits no more. It stands in no lane. */
export type BanProposalEnded = {
  readonly type: 'BanProposalEnded'
  /** Id of the command that proposed it. */
  readonly proposalId: string
  /** Account id. */
  readonly member: string
  /** Why. */
  readonly cause: 'approved' | 'rejected' | 'lapsed'
}

/** A ban without end waits for other moderators; until then the member is timed out. It stands in no lane. */
export type BanProposed = {
  readonly type: 'BanProposed'
  /** Account id of who proposes it, and so approves it. */
  readonly actor: string
  /** Account id. */
  readonly member: string
  /** So many approvals it takes. */
  readonly needed: number
  /** When it lapses. */
  readonly until: number
  /** Keyed hashes of addresses or networks that are banned with the member, once it counts. */
  readonly keys: readonly string[] | null
  /** Its id; none: the id of the command. */
  readonly proposalId: string | null
}

/** The channel is closed: nobody posts any more. */
export type ChannelClosed = {
  readonly type: 'ChannelClosed'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id of who closed it. */
  readonly actor: string
}

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

/** The channel belongs together with others, as was said in one of them. It stands in no lane. */
export type ChannelGroupAdopted = {
  readonly type: 'ChannelGroupAdopted'
  /** Ids of the others. */
  readonly channels: readonly string[]
}

/** The channel belongs together with others no more, since it has another broadcaster. It stands in no lane. */
export type ChannelGroupLeft = {
  readonly type: 'ChannelGroupLeft'
  /** Account id of the broadcaster of the others. */
  readonly ownerId: string
  /** Ids of the others. */
  readonly channels: readonly string[]
}

/** The channels that belong together were named. It stands in no lane. */
export type ChannelGroupSet = {
  readonly type: 'ChannelGroupSet'
  /** Account id of who named them. */
  readonly actor: string
  /** Account id of the broadcaster of all of them. */
  readonly ownerId: string
  /** Ids of the others. */
  readonly channels: readonly string[]
  /** Ids of those that belong to them no more. */
  readonly left: readonly string[]
}

/** The channel is offered to another account, which may accept it until then. */
export type ChannelOffered = {
  readonly type: 'ChannelOffered'
  /** Account id of the broadcaster. */
  readonly actor: string
  /** Account id. */
  readonly to: string
  /** When the offer lapses. */
  readonly until: number
}

/** The channel has another slug; the one before leads to it for a while. */
export type ChannelRenamed = {
  readonly type: 'ChannelRenamed'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Its place in addresses. */
  readonly slug: string
  /** Key of the slug: an HMAC. */
  readonly slugKey: string
  /** Key of the one before: an HMAC. */
  readonly previousKey: string | null
}

/** A closed channel is open again. */
export type ChannelReopened = {
  readonly type: 'ChannelReopened'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id of who opened it. */
  readonly actor: string
}

/** The channel has another broadcaster, who has no other role in it; the one before has none either. */
export type ChannelTransferred = {
  readonly type: 'ChannelTransferred'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Decimal string below 2^53. */
  readonly channelId: string
  /** Account id of the broadcaster before. */
  readonly previousOwnerId: string
  /** Account id of the broadcaster. */
  readonly ownerId: string
}

/** An emote was added. Its id is the id of the command. Where the key is 0 it is one of the platform, for every channel. */
export type EmoteAdded = {
  readonly type: 'EmoteAdded'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id of who did it. */
  readonly actor: string
  /** What is written for it. */
  readonly name: string
  /** Key of the picture in the object store. */
  readonly image: string
  /** Whether the picture moves. */
  readonly moving: boolean
  /** Of the picture where it is 32 pixels high. */
  readonly width: number
  /** Lowest tier of a subscription that it takes to use it; none: it is for everybody. */
  readonly tier: number | null
}

/** An emote was changed, and is now as told. */
export type EmoteChanged = {
  readonly type: 'EmoteChanged'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id of who did it. */
  readonly actor: string
  /** Id of the emote. */
  readonly emoteId: string
  /** What is written for it. */
  readonly name: string
  /** Lowest tier of a subscription that it takes to use it; none: it is for everybody. */
  readonly tier: number | null
  /** Whether it is one for now. */
  readonly enabled: boolean
}

/** An emote was removed; messages that show it go on showing it. */
export type EmoteRemoved = {
  readonly type: 'EmoteRemoved'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id of who did it. */
  readonly actor: string
  /** Id of the emote. */
  readonly emoteId: string
}

/** A message that an act or a report is about, as it was then. It stands in no lane, behind the event of the act in its record. */
export type EvidenceKept = {
  readonly type: 'EvidenceKept'
  /** Id of the command that posted it. */
  readonly messageId: string
  /** Its number in the public lane; of one that was not posted, the last number before it. */
  readonly messageSeq: number
  /** Account id. */
  readonly author: string
  /** Display name at the time of posting. Sealed with the key of `author`. */
  readonly authorName: Sealed
  /** What the message said. Sealed with the key of `author`. */
  readonly text: Sealed
  /** When it was posted. */
  readonly postedAt: number
  /** Whether the act names it; the others stood around it. */
  readonly named: boolean
}

/** An act goes on in the other channels of the group. It stands in no lane. */
export type GroupActed = {
  readonly type: 'GroupActed'
  /** Account id of who did it. */
  readonly actor: string
  /** Ids of the others. */
  readonly channels: readonly string[]
  /** What is done. */
  readonly act: 'ban' | 'unban' | 'time_out' | 'lift_timeout' | 'mute' | 'unmute'
  /** Account id of whom it is done to. */
  readonly member: string
  /** How long it holds, in milliseconds. */
  readonly durationMs: number | null
  /** In the words of the moderator. Sealed with the key of `actor`. */
  readonly reason: Sealed | null
  /** Keyed hashes of addresses or networks that are banned with the member. */
  readonly keys: readonly string[] | null
}

/** A message that was held is posted. Its texts are the ciphertexts of the event that held it. */
export type HeldMessageApproved = {
  readonly type: 'HeldMessageApproved'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Id of the command that posted it. */
  readonly messageId: string
  /** Id of the event whose sealed fields these are. */
  readonly heldEvent: string
  /** Account id. */
  readonly author: string
  /** Display name at the time of posting. Sealed with the key of `author`, as in the event `heldEvent`. */
  readonly authorName: Copied
  /** Up to 512 code points; empty only where pictures are shown. Sealed with the key of `author`, as in the event `heldEvent`. */
  readonly text: Copied
  /** As it was posted. */
  readonly form: 'action' | 'announcement' | null
  /** As it was posted. */
  readonly color: 'primary' | 'blue' | 'green' | 'orange' | 'purple' | null
  /** As it was posted. */
  readonly replyTo: string | null
  /** As it was posted. */
  readonly replyToAuthor: string | null
  /** As it was posted. */
  readonly thread: string | null
  /** As of a message that was posted. Sealed with the key of `author`, as in the event `heldEvent`. */
  readonly entities: Copied | null
  /** What the author was in the channel. */
  readonly role: 'platform_admin' | 'broadcaster' | 'lead_moderator' | 'moderator' | 'vip' | 'bot' | null
  /** Tier of the author's subscription. */
  readonly tier: number | null
  /** As it was posted. */
  readonly attachments: readonly string[] | null
}

/** A message that was held is not posted. It stands in no lane. */
export type HeldMessageDenied = {
  readonly type: 'HeldMessageDenied'
  /** Id of the command that posted it. */
  readonly messageId: string
  /** Account id. */
  readonly author: string
  /** Whether a moderator denied it, or nobody looked in time. */
  readonly cause: 'denied' | 'expired'
}

/** What was posted before a time is in read models no more. The journal keeps it. */
export type HistoryTrimmed = {
  readonly type: 'HistoryTrimmed'
  /** When that was. */
  readonly before: number
}

/** What follows on one offence after another was changed. It stands in no lane. */
export type LadderChanged = {
  readonly type: 'LadderChanged'
  /** 0: a warning; above: a timeout in milliseconds; -1: a ban without end. */
  readonly steps: readonly number[]
}

/** A mark was taken from a member. It stands in no lane. */
export type MarkEnded = {
  readonly type: 'MarkEnded'
  /** Account id. */
  readonly member: string
  /** Which one. */
  readonly mark: 'mute' | 'slow' | 'shadow' | 'suspicious' | 'low_trust' | 'protected' | 'warning' | 'link_permit'
  /** Whether a moderator took it away, its term was over, the member has read the warning, or posted the one message that it was for. */
  readonly cause: 'lifted' | 'expired' | 'acknowledged' | 'used'
}

/** A member may not post any more. */
export type MemberBanned = {
  readonly type: 'MemberBanned'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id. */
  readonly member: string
  /** When it is over; none: it is without end. */
  readonly until: number | null
  /** Id of the channel whose ban list it came from; for the moderators alone. */
  readonly origin: string | null
}

/** A member has climbed a step of the ladder. It stands in no lane. */
export type MemberEscalated = {
  readonly type: 'MemberEscalated'
  /** Account id. */
  readonly member: string
  /** The step taken, from 0 on. */
  readonly step: number
}

/** Somebody follows the channel. It stands in no lane. */
export type MemberFollowed = {
  readonly type: 'MemberFollowed'
  /** Account id. */
  readonly member: string
}

/** A mark was set on a member. It stands in no lane. */
export type MemberMarked = {
  readonly type: 'MemberMarked'
  /** Account id of who did it. */
  readonly actor: string
  /** Account id. */
  readonly member: string
  /** Which one. */
  readonly mark: 'mute' | 'slow' | 'shadow' | 'suspicious' | 'low_trust' | 'protected' | 'warning' | 'link_permit'
  /** When it is over; none: it is without end. */
  readonly until: number | null
  /** Of `slow` seconds between two messages; of `link_permit` 1 where it is for one message. */
  readonly value: number | null
  /** In the words of the moderator; who is told of the mark reads it. Sealed with the key of `actor`. */
  readonly reason: Sealed | null
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
  /** Who but the moderators sees it, as of the message; none: everybody. */
  readonly seenBy: 'author' | null
}

/** A message says something else from now on. What it said is in the event that posted it, and in earlier ones of these. */
export type MessageEdited = {
  readonly type: 'MessageEdited'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Id of the command that posted it. */
  readonly messageId: string
  /** Number of the message. */
  readonly messageSeq: number
  /** Account id. */
  readonly author: string
  /** 1 to 512 code points. Sealed with the key of `author`. */
  readonly text: Sealed
  /** As of a message that is posted. Sealed with the key of `author`. */
  readonly entities: Sealed | null
  /** Who but the moderators sees the message; none: everybody. */
  readonly seenBy: 'author' | null
}

/** A message waits for a moderator. Its id is the id of the command. */
export type MessageHeld = {
  readonly type: 'MessageHeld'
  /** Number in the moderators' lane: gap-free, from 1. */
  readonly moderationSeq: number
  /** Account id. */
  readonly author: string
  /** Display name at the time of posting. Sealed with the key of `author`. */
  readonly authorName: Sealed
  /** Up to 512 code points; empty only where pictures are shown. Sealed with the key of `author`. */
  readonly text: Sealed
  /** As it was posted. */
  readonly form: 'action' | 'announcement' | null
  /** As it was posted. */
  readonly color: 'primary' | 'blue' | 'green' | 'orange' | 'purple' | null
  /** As it was posted. */
  readonly replyTo: string | null
  /** As it was posted. */
  readonly replyToAuthor: string | null
  /** As it was posted. */
  readonly thread: string | null
  /** As of a message that was posted. Sealed with the key of `author`. */
  readonly entities: Sealed | null
  /** What the author was in the channel. */
  readonly role: 'platform_admin' | 'broadcaster' | 'lead_moderator' | 'moderator' | 'vip' | 'bot' | null
  /** Tier of the author's subscription. */
  readonly tier: number | null
  /** What holds it. */
  readonly cause: 'low_trust' | 'filter'
  /** The rule of a filter that holds it. */
  readonly rule: string | null
  /** Pictures that wait with it, as of a message that was posted. */
  readonly attachments: readonly string[] | null
  /** Whether it is there by a permit for links, which ends once the message is let through where it was for one. */
  readonly byPermit: boolean | null
  /** What an outside model said of it, where that is what holds it: its label, its score and in brackets its version. */
  readonly label: string | null
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
  /** Up to 512 code points; empty only where pictures are shown. Sealed with the key of `author`. */
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
  /** Keyed sketch of the text, where a rule of the policy compares texts: 16 bytes by which likeness is told, and no text. */
  readonly sketch: Buffer | null
  /** Keyed hash of the emote where the message is one emote and nothing else. */
  readonly emoteOnly: string | null
  /** How many have posted that one emote in a row, this message among them; none below 2. */
  readonly combo: number | null
  /** Pictures shown with it, each as id:widthxheight, in pixels; none: no picture. */
  readonly attachments: readonly string[] | null
}

/** Messages were deleted: those named, or all of an author, or all, up to this number. */
export type MessagesDeleted = {
  readonly type: 'MessagesDeleted'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id of who wrote them; none: whoever did. */
  readonly author: string | null
  /** Their numbers in the public lane; none: every one before this. */
  readonly messageSeqs: readonly number[] | null
}

/** Deleted messages are there again. */
export type MessagesRestored = {
  readonly type: 'MessagesRestored'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Their numbers in the public lane. */
  readonly messageSeqs: readonly number[]
}

/** A mode of the room was set or switched off. */
export type ModeChanged = {
  readonly type: 'ModeChanged'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id of who changed it. */
  readonly actor: string
  /** Which one. */
  readonly mode: 'slow' | 'followers_only' | 'subscribers_only' | 'emote_only' | 'unique' | 'verified' | 'account_age' | 'shield' | 'read_only' | 'hidden_presence' | 'edit_window' | 'attachments'
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
  /** Account id of who did it; 0: a rule of the policy. */
  readonly actor: string
  /** What was done. */
  readonly action: 'delete_message' | 'time_out_member' | 'lift_timeout' | 'assign_role' | 'set_mode' | 'grant_subscription' | 'revoke_subscription' | 'ban_member' | 'unban_member' | 'mark_member' | 'unmark_member' | 'acknowledge_warning' | 'delete_messages' | 'clear_channel' | 'add_note' | 'hold_message' | 'approve_message' | 'deny_message' | 'nuke' | 'undo_nuke' | 'change_ladder' | 'pin_message' | 'unpin_message' | 'set_text' | 'close_channel' | 'reopen_channel' | 'set_policy' | 'set_retention' | 'start_poll' | 'end_poll' | 'offer_channel' | 'withdraw_offer' | 'accept_channel' | 'rename_channel' | 'shadow_verdict' | 'open_report' | 'claim_report' | 'release_report' | 'resolve_report' | 'dismiss_report' | 'open_appeal' | 'answer_appeal' | 'set_quorum' | 'propose_ban' | 'approve_ban' | 'reject_ban' | 'lapse_ban' | 'block_term' | 'keep_term' | 'unblock_term' | 'publish_ban_list' | 'withdraw_ban_list' | 'subscribe_ban_list' | 'unsubscribe_ban_list' | 'receive_ban_list' | 'review_ban_list' | 'import_bans' | 'link_alts' | 'unlink_alts' | 'set_group' | 'act_in_group' | 'set_shield_preset' | 'ban_address' | 'lift_address_ban' | 'use_permit' | 'add_emote' | 'change_emote' | 'remove_emote'
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
  readonly mode: 'slow' | 'followers_only' | 'subscribers_only' | 'emote_only' | 'unique' | 'verified' | 'account_age' | 'shield' | 'read_only' | 'hidden_presence' | 'edit_window' | 'attachments' | null
  /** Its value, or that of a mark; the tier of a subscription. */
  readonly value: number | null
  /** The mark that was set or taken away. */
  readonly mark: 'mute' | 'slow' | 'shadow' | 'suspicious' | 'low_trust' | 'protected' | 'warning' | 'link_permit' | null
  /** Ids of the messages that it was about. */
  readonly messages: readonly string[] | null
  /** Id of the command whose effects were taken back. */
  readonly undoes: string | null
  /** Id of the rule of the policy that spoke. */
  readonly rule: string | null
  /** What the rule said, or would have said in shadow. */
  readonly verdict: 'allow' | 'hold' | 'reject' | 'time_out' | null
  /** Version of the policy: the one that was set, or that the rule stands in. */
  readonly policyVersion: number | null
  /** Id of the report, appeal, proposal or blocked term that it is about. */
  readonly caseId: string | null
  /** Category of a report; how something was answered or resolved; what was done in a group; name of an emote. */
  readonly label: string | null
  /** Account ids: known alts of whom it was done to, or the account that was linked. */
  readonly related: readonly string[] | null
  /** Id of the channel whose ban list or group it came from. */
  readonly origin: string | null
}

/** What a nuke has done, so that it can be taken back. It stands in no lane. */
export type NukeDone = {
  readonly type: 'NukeDone'
  /** Numbers of the messages that were deleted. */
  readonly messageSeqs: readonly number[]
  /** Account ids of those who were timed out. */
  readonly members: readonly string[]
  /** When the timeouts are over; none: nobody was timed out. */
  readonly until: number | null
  /** Account ids of who wrote the messages, one each: what is deleted of somebody for good is not restored. */
  readonly authors: readonly string[] | null
}

/** A nuke was taken back. It stands in no lane. */
export type NukeUndone = {
  readonly type: 'NukeUndone'
  /** Id of its command. */
  readonly nukeId: string
}

/** The channel is offered to nobody any more. */
export type OfferWithdrawn = {
  readonly type: 'OfferWithdrawn'
  /** Account id of who took it back. */
  readonly actor: string
  /** Account id of whom it was offered to. */
  readonly to: string
}

/** A message was pinned to the channel, or the pin taken away. */
export type PinChanged = {
  readonly type: 'PinChanged'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id of who did it. */
  readonly actor: string
  /** Id of the message; none: nothing is pinned. */
  readonly messageId: string | null
  /** Its number in the public lane. */
  readonly messageSeq: number | null
}

/** The channel has another policy. It is the channel's and nobody's own text, so it stands in clear; it is shown to moderators alone. */
export type PolicySet = {
  readonly type: 'PolicySet'
  /** Account id of who set it. */
  readonly actor: string
  /** Of the channel's policies, from 1. */
  readonly version: number
  /** As JSON, with its defaults filled in; none where it was taken away. */
  readonly policy: string | null
}

/** No votes are taken any more. */
export type PollEnded = {
  readonly type: 'PollEnded'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Id of the command that started it. */
  readonly pollId: string
  /** Its time is over, somebody ended it, or took it back. */
  readonly cause: 'expired' | 'ended' | 'cancelled'
  /** Account id of who ended it. */
  readonly actor: string | null
  /** How many have voted. */
  readonly voters: number
  /** By answer; empty where it was taken back. */
  readonly totals: readonly number[]
}

/** Everybody in the channel is asked something. */
export type PollStarted = {
  readonly type: 'PollStarted'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Id of the command that started it. */
  readonly pollId: string
  /** Account id of who asks. */
  readonly actor: string
  /** 1 to 200 code points. Sealed with the key of `actor`. */
  readonly question: Sealed
  /** The answers, as JSON: a list of texts. Sealed with the key of `actor`. */
  readonly options: Sealed
  /** How many answers there are. */
  readonly optionCount: number
  /** Whether a vote counts by the tier of the voter's subscription. */
  readonly weighted: boolean
  /** Whether a vote may be changed. */
  readonly changeable: boolean
  /** Whether results are shown only at the end. */
  readonly hidden: boolean
  /** Until when votes are taken. */
  readonly endsAt: number
}

/** How many moderators it takes to ban without end was set. It stands in no lane. */
export type QuorumSet = {
  readonly type: 'QuorumSet'
  /** Account id of who set it. */
  readonly actor: string
  /** So many, the one who proposes among them; none: one is enough. */
  readonly approvals: number | null
  /** For so long others may approve, in milliseconds. */
  readonly lapseMs: number
}

/** A moderator takes a report on, or leaves it to others again. It stands in no lane. */
export type ReportClaimed = {
  readonly type: 'ReportClaimed'
  /** Id of the command that opened it. */
  readonly reportId: string
  /** Account id of the moderator. */
  readonly actor: string
  /** Whether it is taken on. */
  readonly claimed: boolean
}

/** A report was handled: the reporter is told. It stands in no lane. */
export type ReportClosed = {
  readonly type: 'ReportClosed'
  /** Id of the command that opened it. */
  readonly reportId: string
  /** Account id. */
  readonly reporter: string
  /** Account id of the moderator. */
  readonly actor: string
  /** What came of it. */
  readonly resolution: 'acted' | 'dismissed'
  /** Id of the command that it led to. */
  readonly actId: string | null
}

/** Somebody reports a message, or a person, to the moderators. Its id is the id of the command. It stands in no lane. */
export type ReportOpened = {
  readonly type: 'ReportOpened'
  /** Account id. */
  readonly reporter: string
  /** Account id of whom it is about. */
  readonly member: string
  /** The message that it is about. */
  readonly messageId: string | null
  /** Its number in the public lane. */
  readonly messageSeq: number | null
  /** What is wrong. */
  readonly category: 'spam' | 'harassment' | 'hate' | 'sexual' | 'violence' | 'self_harm' | 'other'
  /** In the words of the reporter. Sealed with the key of `reporter`. */
  readonly words: Sealed | null
}

/** For how long the history of the channel is kept in read models was changed. */
export type RetentionChanged = {
  readonly type: 'RetentionChanged'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id of who did it. */
  readonly actor: string
  /** How many days; none: for ever. */
  readonly days: number | null
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

/** A member accepts the rules of the channel. It stands in no lane. */
export type RulesAccepted = {
  readonly type: 'RulesAccepted'
  /** Account id. */
  readonly member: string
  /** That they have read. */
  readonly version: number
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

/** What shield mode switches on was set. It stands in no lane. */
export type ShieldPresetSet = {
  readonly type: 'ShieldPresetSet'
  /** Account id of who set it. */
  readonly actor: string
  /** Modes of the room; none: the platform's own preset. */
  readonly modes: readonly string[]
  /** Their values, mode for mode. */
  readonly values: readonly number[]
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

/** Nobody but moderators says this until a moderator has decided on it. Its id is the id of the command. The term is the channel's and nobody's own text, so it stands in clear; it is shown to moderators alone. It stands in no lane. */
export type TermBlocked = {
  readonly type: 'TermBlocked'
  /** Account id of who blocked it. */
  readonly actor: string
  /** As it is compared: in its normal form, or a pattern as it was written. */
  readonly term: string
  /** Whether the term is a text, which none stands for, or a regular expression of RE2, compared without case. */
  readonly match: 'text' | 'pattern' | null
}

/** A moderator has decided on a term that was blocked. It stands in no lane. */
export type TermDecided = {
  readonly type: 'TermDecided'
  /** Id of the command that blocked it. */
  readonly termId: string
  /** Account id of the moderator. */
  readonly actor: string
  /** Whether it stays blocked; else it may be said again. */
  readonly kept: boolean
}

/** The word of welcome or the rules of the channel were changed. */
export type TextChanged = {
  readonly type: 'TextChanged'
  /** Number in the channel's public lane: gap-free, from 1. */
  readonly seq: number
  /** Account id of who changed them. */
  readonly actor: string
  /** What the text is: a word of welcome, or the rules of the channel. */
  readonly kind: 'welcome' | 'rules'
  /** None where it was taken away. Sealed with the key of `actor`. */
  readonly text: Sealed | null
  /** One higher at every change. */
  readonly version: number
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

/** Somebody has voted, or changed their vote. Who chose what nobody else is told. */
export type VoteCast = {
  readonly type: 'VoteCast'
  /** Id of the command that started it. */
  readonly pollId: string
  /** Account id. */
  readonly member: string
  /** Which answer, from 0 on. */
  readonly option: number
  /** For how much it counts. */
  readonly weight: number
  /** Number of the vote in the poll, changed ones counted again: gap-free, from 1. */
  readonly ballot: number
  /** How many have voted, this one among them. */
  readonly voters: number
  /** By answer, what it has come to with this vote. */
  readonly totals: readonly number[]
}

/** Takes over the channel that was offered. */
export type AcceptChannel = {
  readonly type: 'AcceptChannel'
}

/** The sender has read the rules of the channel, and accepts them. */
export type AcceptRules = {
  readonly type: 'AcceptRules'
  /** That they have read. */
  readonly version: number
}

/** The sender has read the warning. */
export type AcknowledgeWarning = {
  readonly type: 'AcknowledgeWarning'
}

/** Does something in all channels of the group. */
export type ActInGroup = {
  readonly type: 'ActInGroup'
  /** What is done. */
  readonly act: 'ban' | 'unban' | 'time_out' | 'lift_timeout' | 'mute' | 'unmute'
  /** Account id of whom it is done to. */
  readonly member: string
  /** How long it holds, in milliseconds. */
  readonly durationMs: number | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
  /** Of a ban: whether it is from where they came, too, and how much of that. */
  readonly addresses: 'address' | 'network' | null
}

/** Another channel follows the bans of this one; by a manager. */
export type AddBanListSubscriber = {
  readonly type: 'AddBanListSubscriber'
  /** Id of the other channel. */
  readonly subscriber: string
}

/** Adds an emote, whose picture is stored already. Its id is the id of the command. */
export type AddEmote = {
  readonly type: 'AddEmote'
  /** What is written for it: 2 to 32 of A-Z, a-z, 0-9 and _. */
  readonly name: string
  /** Key of the picture in the object store. */
  readonly image: string
  /** Whether the picture moves. */
  readonly moving: boolean
  /** Of the picture where it is 32 pixels high. */
  readonly width: number
  /** Lowest tier of a subscription that it takes to use it; none: it is for everybody. */
  readonly tier: number | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Writes a note on a member, for the moderators. */
export type AddNote = {
  readonly type: 'AddNote'
  /** Account id. */
  readonly member: string
  /** 1 to 512 code points. */
  readonly text: string
}

/** The channel belongs together with others; by a manager. */
export type AdoptChannelGroup = {
  readonly type: 'AdoptChannelGroup'
  /** Account id of the broadcaster of the channel that it was said in. */
  readonly ownerId: string
  /** Ids of the others. */
  readonly channels: readonly string[]
}

/** Answers an appeal. */
export type AnswerAppeal = {
  readonly type: 'AnswerAppeal'
  /** Id of the command that opened it. */
  readonly appealId: string
  /** What comes of it. */
  readonly answer: 'upheld' | 'lifted' | 'shortened'
  /** Of what is shortened: how long it holds from now, in milliseconds. */
  readonly durationMs: number | null
  /** Why; the appellant reads it. */
  readonly reason: string | null
}

/** Asks the moderators to look again at one's own ban or timeout. */
export type AppealAction = {
  readonly type: 'AppealAction'
  /** What it is about. */
  readonly sanction: 'ban' | 'timeout'
  /** 1 to 512 code points. */
  readonly text: string
}

/** Lets bans of other channels count that wait for nobody; by the clock. */
export type ApplyBanLists = {
  readonly type: 'ApplyBanLists'
  /** The time that has come. */
  readonly dueAt: number
}

/** Does here what was done in another channel of the group; by a manager. */
export type ApplyGroupAct = {
  readonly type: 'ApplyGroupAct'
  /** Id of the other channel. */
  readonly source: string
  /** Account id of who did it. */
  readonly actor: string
  /** What is done. */
  readonly act: 'ban' | 'unban' | 'time_out' | 'lift_timeout' | 'mute' | 'unmute'
  /** Account id of whom it is done to. */
  readonly member: string
  /** How long it holds, in milliseconds. */
  readonly durationMs: number | null
  /** In the words of who did it. */
  readonly reason: string | null
  /** Keyed hashes of addresses or networks that are banned with the member. */
  readonly keys: readonly string[] | null
}

/** Gives a member a role in the channel. */
export type AssignRole = {
  readonly type: 'AssignRole'
  /** Account id. */
  readonly member: string
  /** None takes the role away. */
  readonly role: 'lead_moderator' | 'moderator' | 'vip' | 'bot' | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Keeps a member from posting, without end or for a term. */
export type BanMember = {
  readonly type: 'BanMember'
  /** Account id. */
  readonly member: string
  /** How long it holds, in milliseconds; without end where none is named. */
  readonly durationMs: number | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
  /** Ids of the messages that it is about. */
  readonly messages: readonly string[] | null
  /** Bans from where the member came of late, too: each address (of IPv6 its /64), or its whole network (a /24 or /64). */
  readonly addresses: 'address' | 'network' | null
}

/** Votes in the poll that runs. */
export type CastVote = {
  readonly type: 'CastVote'
  /** Id of the command that started it. */
  readonly pollId: string
  /** Which answer, from 0 on. */
  readonly option: number
}

/** Changes an emote; what is left out stays as it is. */
export type ChangeEmote = {
  readonly type: 'ChangeEmote'
  /** Id of the emote. */
  readonly emoteId: string
  /** What is written for it. */
  readonly name: string | null
  /** Lowest tier of a subscription that it takes to use it; 0: it is for everybody. */
  readonly tier: number | null
  /** Whether it is one for now. */
  readonly enabled: boolean | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Changes what follows on one offence after another. */
export type ChangeLadder = {
  readonly type: 'ChangeLadder'
  /** 0: a warning; above: a timeout in milliseconds; -1: a ban without end. */
  readonly steps: readonly number[]
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Changes settings of the channel; those left out stay as they are. */
export type ChangeSettings = {
  readonly type: 'ChangeSettings'
  /** What the channel is about; empty takes it away. */
  readonly topic: string | null
  /** Seconds that a member waits between two messages; 0 switches slow mode off. */
  readonly slowModeSeconds: number | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Takes a report on, or leaves it to others again. */
export type ClaimReport = {
  readonly type: 'ClaimReport'
  /** Id of the command that opened it. */
  readonly reportId: string
  /** Whether it is taken on. */
  readonly claim: boolean
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Closes the channel: nobody posts any more. */
export type CloseChannel = {
  readonly type: 'CloseChannel'
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Closes a report, and with it all that are about the same. */
export type CloseReport = {
  readonly type: 'CloseReport'
  /** Id of the command that opened it. */
  readonly reportId: string
  /** What came of it. */
  readonly resolution: 'acted' | 'dismissed'
  /** Id of the command that it led to. */
  readonly actId: string | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Creates a channel. Its id is the aggregate's key. */
export type CreateChannel = {
  readonly type: 'CreateChannel'
  /** Account id of the broadcaster. */
  readonly ownerId: string
  /** Its place in addresses; none for an own channel, which goes by the handle of its account. */
  readonly slug: string | null
}

/** Decides on a term that a nuke has blocked. */
export type DecideTerm = {
  readonly type: 'DecideTerm'
  /** Id of the command that blocked it. */
  readonly termId: string
  /** Whether it stays blocked; else it may be said again. */
  readonly keep: boolean
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Deletes a message: a moderator any, an author their own. */
export type DeleteMessage = {
  readonly type: 'DeleteMessage'
  /** Id of the command that posted it. */
  readonly messageId: string
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Deletes all that a member has posted, or everything. */
export type DeleteMessages = {
  readonly type: 'DeleteMessages'
  /** Account id; none: of everybody. */
  readonly member: string | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Writes one's own message anew, while the channel lets one. */
export type EditMessage = {
  readonly type: 'EditMessage'
  /** Id of the command that posted it. */
  readonly messageId: string
  /** 1 to 512 code points. */
  readonly text: string
}

/** The other channel does not publish its bans; by a manager. */
export type EndBanListSubscription = {
  readonly type: 'EndBanListSubscription'
  /** Id of the other channel. */
  readonly source: string
}

/** Ends the poll that runs before its time. */
export type EndPoll = {
  readonly type: 'EndPoll'
  /** Id of the command that started it. */
  readonly pollId: string
  /** Whether it is taken back, without a result. */
  readonly cancel: boolean
  /** Why, for the log of the moderators. */
  readonly reason: string | null
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

/** Does to a member what the ladder of the channel has next for them. */
export type Escalate = {
  readonly type: 'Escalate'
  /** Account id. */
  readonly member: string
  /** Why, for the log of the moderators. */
  readonly reason: string | null
  /** Ids of the messages that it is about. */
  readonly messages: readonly string[] | null
}

/** The time of a poll is over; sent by the owner's clock. */
export type ExpirePoll = {
  readonly type: 'ExpirePoll'
  /** The time that has passed. */
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
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Bans many at once, as a list has them. */
export type ImportBans = {
  readonly type: 'ImportBans'
  /** Account ids. */
  readonly members: readonly string[]
  /** Why, member for member; empty where none is named. */
  readonly reasons: readonly string[]
  /** Why, of those without one of their own. */
  readonly reason: string | null
  /** Bans from where they came of late, too: each address (of IPv6 its /64), or its whole network (a /24 or /64). */
  readonly addresses: 'address' | 'network' | null
}

/** Lets others post from where a banned member came; the member stays banned. */
export type LiftAddressBan = {
  readonly type: 'LiftAddressBan'
  /** Account id. */
  readonly member: string
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Ends the timeout of a member before its time. */
export type LiftTimeout = {
  readonly type: 'LiftTimeout'
  /** Account id. */
  readonly member: string
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Says that two accounts are one person's. */
export type LinkAlts = {
  readonly type: 'LinkAlts'
  /** Account id. */
  readonly member: string
  /** Account id of the other one. */
  readonly alt: string
  /** What speaks for it. */
  readonly reason: string | null
}

/** Sets a mark on a member, which others do not see. */
export type MarkMember = {
  readonly type: 'MarkMember'
  /** Account id. */
  readonly member: string
  /** Which one. */
  readonly mark: 'mute' | 'slow' | 'shadow' | 'suspicious' | 'low_trust' | 'protected' | 'warning' | 'link_permit'
  /** How long it holds, in milliseconds; without end where none is named. */
  readonly durationMs: number | null
  /** Of `slow` seconds between two messages; of `link_permit` 1 where it is for one message. */
  readonly value: number | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
  /** Ids of the messages that it is about. */
  readonly messages: readonly string[] | null
}

/** Deletes the messages that a search has found, and times out who wrote them. */
export type NukeMessages = {
  readonly type: 'NukeMessages'
  /** Ids of the messages. */
  readonly messageIds: readonly string[]
  /** Their numbers in the public lane. */
  readonly messageSeqs: readonly number[]
  /** Account ids of their authors, message for message. */
  readonly members: readonly string[]
  /** Of the timeouts, in milliseconds; none: nobody is timed out. */
  readonly durationMs: number | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
  /** What they say: blocked until a moderator has decided on it. */
  readonly term: string | null
  /** Whether the term is a text in its normal form, which none stands for, or a regular expression of RE2. */
  readonly match: 'text' | 'pattern' | null
}

/** Offers the channel to another account, which has to accept it. */
export type OfferChannel = {
  readonly type: 'OfferChannel'
  /** Account id. */
  readonly to: string
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Pins a message to the channel, or takes the pin away. */
export type PinMessage = {
  readonly type: 'PinMessage'
  /** Id of the message; none takes the pin away. */
  readonly messageId: string | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Posts a message. Its id is the command's id. */
export type PostMessage = {
  readonly type: 'PostMessage'
  /** Up to 512 code points; empty only where pictures are shown. */
  readonly text: string
  /** What somebody does rather than says, or an announcement; none: a message like any other. */
  readonly form: 'action' | 'announcement' | null
  /** Of an announcement. */
  readonly color: 'primary' | 'blue' | 'green' | 'orange' | 'purple' | null
  /** Id of the message that it answers. */
  readonly replyTo: string | null
  /** Uploads to be shown with it, as the upload was answered. */
  readonly attachments: readonly string[] | null
}

/** Lets other channels follow the bans of this one, or no more. */
export type PublishBanList = {
  readonly type: 'PublishBanList'
  /** Whether they may. */
  readonly published: boolean
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Bans of a channel that is followed were begun or ended; by a manager. */
export type ReceiveBanList = {
  readonly type: 'ReceiveBanList'
  /** Id of the other channel. */
  readonly source: string
  /** Account ids. */
  readonly added: readonly string[]
  /** Account ids. */
  readonly removed: readonly string[]
}

/** Another channel follows the bans of this one no more; by a manager. */
export type RemoveBanListSubscriber = {
  readonly type: 'RemoveBanListSubscriber'
  /** Id of the other channel. */
  readonly subscriber: string
}

/** Removes an emote; messages that show it go on showing it. */
export type RemoveEmote = {
  readonly type: 'RemoveEmote'
  /** Id of the emote. */
  readonly emoteId: string
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Gives the channel another slug, which was claimed for it; sent by the manager of handles. */
export type RenameChannel = {
  readonly type: 'RenameChannel'
  /** As it was written. */
  readonly slug: string
  /** Key of the slug: an HMAC. */
  readonly slugKey: string
  /** Key of the one before, as far as the sender knew: an HMAC. */
  readonly previousKey: string | null
}

/** Opens a closed channel again. */
export type ReopenChannel = {
  readonly type: 'ReopenChannel'
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Reports a message, or a person, to the moderators. */
export type ReportMember = {
  readonly type: 'ReportMember'
  /** Account id; none where a message is named. */
  readonly member: string | null
  /** The message that it is about. */
  readonly messageId: string | null
  /** What is wrong. */
  readonly category: 'spam' | 'harassment' | 'hate' | 'sexual' | 'violence' | 'self_harm' | 'other'
  /** In the words of the reporter. */
  readonly words: string | null
}

/** Decides on bans of another channel that wait. */
export type ReviewBanList = {
  readonly type: 'ReviewBanList'
  /** Id of the other channel. */
  readonly source: string
  /** Account ids. */
  readonly members: readonly string[]
  /** Whether they count here. */
  readonly accept: boolean
  /** Why, for the log of the moderators. */
  readonly reason: string | null
  /** Bans from where they came of late, too: each address (of IPv6 its /64), or its whole network (a /24 or /64). */
  readonly addresses: 'address' | 'network' | null
}

/** Posts a message that is held, or not. */
export type ReviewMessage = {
  readonly type: 'ReviewMessage'
  /** Id of the command that posted it. */
  readonly messageId: string
  /** Whether it is posted. */
  readonly approve: boolean
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Takes a subscription away. */
export type RevokeSubscription = {
  readonly type: 'RevokeSubscription'
  /** Account id. */
  readonly member: string
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Names the channels of the broadcaster that belong together with this one. */
export type SetChannelGroup = {
  readonly type: 'SetChannelGroup'
  /** Ids of the others; none: it stands alone. */
  readonly channels: readonly string[]
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Sets a mode of the room, or switches it off. */
export type SetMode = {
  readonly type: 'SetMode'
  /** Which one. */
  readonly mode: 'slow' | 'followers_only' | 'subscribers_only' | 'emote_only' | 'unique' | 'verified' | 'account_age' | 'shield' | 'read_only' | 'hidden_presence' | 'edit_window' | 'attachments'
  /** Seconds (slow, followers_only, account_age), the lowest tier (subscribers_only), 1 for the others; none switches it off. */
  readonly value: number | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Sets the policy that messages of the channel are judged by, or takes it away. */
export type SetPolicy = {
  readonly type: 'SetPolicy'
  /** As JSON, at most 64 KiB; none takes it away. */
  readonly policy: string | null
  /** For the log of the moderators. */
  readonly reason: string | null
}

/** Sets how many moderators it takes to ban without end. */
export type SetQuorum = {
  readonly type: 'SetQuorum'
  /** So many, the one who proposes among them; none: one is enough. */
  readonly approvals: number | null
  /** For so long others may approve, in milliseconds; a day where none is named. */
  readonly lapseMs: number | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Sets for how long the history of the channel is kept in read models. */
export type SetRetention = {
  readonly type: 'SetRetention'
  /** How many days; none: for ever. */
  readonly days: number | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Sets what shield mode switches on. */
export type SetShieldPreset = {
  readonly type: 'SetShieldPreset'
  /** Modes of the room; none: the platform's own preset. */
  readonly modes: readonly string[]
  /** Their values, mode for mode. */
  readonly values: readonly number[]
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Sets the word of welcome or the rules of the channel, or takes them away. */
export type SetText = {
  readonly type: 'SetText'
  /** What the text is: a word of welcome, or the rules of the channel. */
  readonly kind: 'welcome' | 'rules'
  /** 1 to 2,000 code points, of several lines; none takes it away. */
  readonly text: string | null
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Asks everybody in the channel something. The poll has the id of the command. */
export type StartPoll = {
  readonly type: 'StartPoll'
  /** 1 to 200 code points. */
  readonly question: string
  /** 2 to 10 answers, each of 1 to 100 code points. */
  readonly options: readonly string[]
  /** How long votes are taken. */
  readonly durationMs: number
  /** Whether a vote counts by the tier of the voter's subscription. */
  readonly weighted: boolean
  /** Whether a vote may be changed. */
  readonly changeable: boolean
  /** Whether results are shown only at the end. */
  readonly hidden: boolean
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Follows the bans of another channel. */
export type SubscribeBanList = {
  readonly type: 'SubscribeBanList'
  /** Id of the other channel. */
  readonly source: string
  /** Whether a moderator looks at each, or they count at once. */
  readonly mode: 'review' | 'apply'
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Keeps a member from posting for a while. */
export type TimeOutMember = {
  readonly type: 'TimeOutMember'
  /** Account id. */
  readonly member: string
  /** From now on, in milliseconds. */
  readonly durationMs: number
  /** For the log of the moderators. */
  readonly reason: string | null
  /** Ids of the messages that it is about. */
  readonly messages: readonly string[] | null
}

/** Has what is older than the channel keeps leave the read models; sent by the clock. */
export type TrimHistory = {
  readonly type: 'TrimHistory'
  /** The time that the clock had passed. */
  readonly dueAt: number
}

/** Lets a banned member post again. */
export type UnbanMember = {
  readonly type: 'UnbanMember'
  /** Account id. */
  readonly member: string
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Takes a nuke back: messages and timeouts. */
export type UndoNuke = {
  readonly type: 'UndoNuke'
  /** Id of its command. */
  readonly nukeId: string
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Follows the channel no more. */
export type UnfollowChannel = {
  readonly type: 'UnfollowChannel'
}

/** Says that two accounts are not one person's. */
export type UnlinkAlts = {
  readonly type: 'UnlinkAlts'
  /** Account id. */
  readonly member: string
  /** Account id of the other one. */
  readonly alt: string
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Takes a mark from a member. */
export type UnmarkMember = {
  readonly type: 'UnmarkMember'
  /** Account id. */
  readonly member: string
  /** Which one. */
  readonly mark: 'mute' | 'slow' | 'shadow' | 'suspicious' | 'low_trust' | 'protected' | 'warning' | 'link_permit'
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Follows the bans of another channel no more; those that count here stay. */
export type UnsubscribeBanList = {
  readonly type: 'UnsubscribeBanList'
  /** Id of the other channel. */
  readonly source: string
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Approves of a ban that was proposed, or takes it back. */
export type VoteOnBan = {
  readonly type: 'VoteOnBan'
  /** Id of the command that proposed it. */
  readonly proposalId: string
  /** Whether it is approved; who proposed it, and lead moderators, may take it back. */
  readonly approve: boolean
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

/** Takes back what was offered. */
export type WithdrawOffer = {
  readonly type: 'WithdrawOffer'
  /** Why, for the log of the moderators. */
  readonly reason: string | null
}

export type ChannelEvent =
  | AddressBanLifted
  | AddressesBanned
  | AltsLinked
  | AltsUnlinked
  | AppealAnswered
  | AppealOpened
  | BanApproved
  | BanEnded
  | BanListChanged
  | BanListPublished
  | BanListReceived
  | BanListReviewed
  | BanListSubscribed
  | BanListSubscriberAdded
  | BanListSubscriberRemoved
  | BanListUnsubscribed
  | BanProposalEnded
  | BanProposed
  | ChannelClosed
  | ChannelCreated
  | ChannelGroupAdopted
  | ChannelGroupLeft
  | ChannelGroupSet
  | ChannelOffered
  | ChannelRenamed
  | ChannelReopened
  | ChannelTransferred
  | EmoteAdded
  | EmoteChanged
  | EmoteRemoved
  | EvidenceKept
  | GroupActed
  | HeldMessageApproved
  | HeldMessageDenied
  | HistoryTrimmed
  | LadderChanged
  | MarkEnded
  | MemberBanned
  | MemberEscalated
  | MemberFollowed
  | MemberMarked
  | MemberTimedOut
  | MemberUnfollowed
  | MessageDeleted
  | MessageEdited
  | MessageHeld
  | MessagePosted
  | MessagesDeleted
  | MessagesRestored
  | ModeChanged
  | ModerationLogged
  | NukeDone
  | NukeUndone
  | OfferWithdrawn
  | PinChanged
  | PolicySet
  | PollEnded
  | PollStarted
  | QuorumSet
  | ReportClaimed
  | ReportClosed
  | ReportOpened
  | RetentionChanged
  | RoleAssigned
  | RulesAccepted
  | SettingsChanged
  | ShieldPresetSet
  | SubscriptionEnded
  | SubscriptionGranted
  | TermBlocked
  | TermDecided
  | TextChanged
  | TimeoutEnded
  | VoteCast

export type ChannelCommand =
  | AcceptChannel
  | AcceptRules
  | AcknowledgeWarning
  | ActInGroup
  | AddBanListSubscriber
  | AddEmote
  | AddNote
  | AdoptChannelGroup
  | AnswerAppeal
  | AppealAction
  | ApplyBanLists
  | ApplyGroupAct
  | AssignRole
  | BanMember
  | CastVote
  | ChangeEmote
  | ChangeLadder
  | ChangeSettings
  | ClaimReport
  | CloseChannel
  | CloseReport
  | CreateChannel
  | DecideTerm
  | DeleteMessage
  | DeleteMessages
  | EditMessage
  | EndBanListSubscription
  | EndPoll
  | EndTerms
  | EndTimeouts
  | Escalate
  | ExpirePoll
  | FollowChannel
  | GrantSubscription
  | ImportBans
  | LiftAddressBan
  | LiftTimeout
  | LinkAlts
  | MarkMember
  | NukeMessages
  | OfferChannel
  | PinMessage
  | PostMessage
  | PublishBanList
  | ReceiveBanList
  | RemoveBanListSubscriber
  | RemoveEmote
  | RenameChannel
  | ReopenChannel
  | ReportMember
  | ReviewBanList
  | ReviewMessage
  | RevokeSubscription
  | SetChannelGroup
  | SetMode
  | SetPolicy
  | SetQuorum
  | SetRetention
  | SetShieldPreset
  | SetText
  | StartPoll
  | SubscribeBanList
  | TimeOutMember
  | TrimHistory
  | UnbanMember
  | UndoNuke
  | UnfollowChannel
  | UnlinkAlts
  | UnmarkMember
  | UnsubscribeBanList
  | VoteOnBan
  | WithdrawOffer

/** By type the fields that may be left out, as null: spread below those that are given. */
export const channelAbsent = {
  AltsLinked: {
    evidence: null,
  },
  AppealAnswered: {
    until: null,
    reason: null,
  },
  BanProposed: {
    keys: null,
    proposalId: null,
  },
  ChannelCreated: {
    slug: null,
  },
  ChannelRenamed: {
    previousKey: null,
  },
  EmoteAdded: {
    tier: null,
  },
  EmoteChanged: {
    tier: null,
  },
  GroupActed: {
    durationMs: null,
    reason: null,
    keys: null,
  },
  HeldMessageApproved: {
    form: null,
    color: null,
    replyTo: null,
    replyToAuthor: null,
    thread: null,
    entities: null,
    role: null,
    tier: null,
    attachments: null,
  },
  MemberBanned: {
    until: null,
    origin: null,
  },
  MemberMarked: {
    until: null,
    value: null,
    reason: null,
  },
  MessageDeleted: {
    seenBy: null,
  },
  MessageEdited: {
    entities: null,
    seenBy: null,
  },
  MessageHeld: {
    form: null,
    color: null,
    replyTo: null,
    replyToAuthor: null,
    thread: null,
    entities: null,
    role: null,
    tier: null,
    rule: null,
    attachments: null,
    byPermit: null,
    label: null,
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
    sketch: null,
    emoteOnly: null,
    combo: null,
    attachments: null,
  },
  MessagesDeleted: {
    author: null,
    messageSeqs: null,
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
    mark: null,
    messages: null,
    undoes: null,
    rule: null,
    verdict: null,
    policyVersion: null,
    caseId: null,
    label: null,
    related: null,
    origin: null,
  },
  NukeDone: {
    until: null,
    authors: null,
  },
  PinChanged: {
    messageId: null,
    messageSeq: null,
  },
  PolicySet: {
    policy: null,
  },
  PollEnded: {
    actor: null,
  },
  QuorumSet: {
    approvals: null,
  },
  ReportClosed: {
    actId: null,
  },
  ReportOpened: {
    messageId: null,
    messageSeq: null,
    words: null,
  },
  RetentionChanged: {
    days: null,
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
  TermBlocked: {
    match: null,
  },
  TextChanged: {
    text: null,
  },
  ActInGroup: {
    durationMs: null,
    reason: null,
    addresses: null,
  },
  AddEmote: {
    tier: null,
    reason: null,
  },
  AnswerAppeal: {
    durationMs: null,
    reason: null,
  },
  ApplyGroupAct: {
    durationMs: null,
    reason: null,
    keys: null,
  },
  AssignRole: {
    role: null,
    reason: null,
  },
  BanMember: {
    durationMs: null,
    reason: null,
    messages: null,
    addresses: null,
  },
  ChangeEmote: {
    name: null,
    tier: null,
    enabled: null,
    reason: null,
  },
  ChangeLadder: {
    reason: null,
  },
  ChangeSettings: {
    topic: null,
    slowModeSeconds: null,
    reason: null,
  },
  ClaimReport: {
    reason: null,
  },
  CloseChannel: {
    reason: null,
  },
  CloseReport: {
    actId: null,
    reason: null,
  },
  CreateChannel: {
    slug: null,
  },
  DecideTerm: {
    reason: null,
  },
  DeleteMessage: {
    reason: null,
  },
  DeleteMessages: {
    member: null,
    reason: null,
  },
  EndPoll: {
    reason: null,
  },
  Escalate: {
    reason: null,
    messages: null,
  },
  GrantSubscription: {
    durationMs: null,
    reason: null,
  },
  ImportBans: {
    reason: null,
    addresses: null,
  },
  LiftAddressBan: {
    reason: null,
  },
  LiftTimeout: {
    reason: null,
  },
  LinkAlts: {
    reason: null,
  },
  MarkMember: {
    durationMs: null,
    value: null,
    reason: null,
    messages: null,
  },
  NukeMessages: {
    durationMs: null,
    reason: null,
    term: null,
    match: null,
  },
  OfferChannel: {
    reason: null,
  },
  PinMessage: {
    messageId: null,
    reason: null,
  },
  PostMessage: {
    form: null,
    color: null,
    replyTo: null,
    attachments: null,
  },
  PublishBanList: {
    reason: null,
  },
  RemoveEmote: {
    reason: null,
  },
  RenameChannel: {
    previousKey: null,
  },
  ReopenChannel: {
    reason: null,
  },
  ReportMember: {
    member: null,
    messageId: null,
    words: null,
  },
  ReviewBanList: {
    reason: null,
    addresses: null,
  },
  ReviewMessage: {
    reason: null,
  },
  RevokeSubscription: {
    reason: null,
  },
  SetChannelGroup: {
    reason: null,
  },
  SetMode: {
    value: null,
    reason: null,
  },
  SetPolicy: {
    policy: null,
    reason: null,
  },
  SetQuorum: {
    approvals: null,
    lapseMs: null,
    reason: null,
  },
  SetRetention: {
    days: null,
    reason: null,
  },
  SetShieldPreset: {
    reason: null,
  },
  SetText: {
    text: null,
    reason: null,
  },
  StartPoll: {
    reason: null,
  },
  SubscribeBanList: {
    reason: null,
  },
  TimeOutMember: {
    reason: null,
    messages: null,
  },
  UnbanMember: {
    reason: null,
  },
  UndoNuke: {
    reason: null,
  },
  UnlinkAlts: {
    reason: null,
  },
  UnmarkMember: {
    reason: null,
  },
  UnsubscribeBanList: {
    reason: null,
  },
  VoteOnBan: {
    reason: null,
  },
  WithdrawOffer: {
    reason: null,
  },
} as const

const none: readonly string[] = []

export const channel: Contract<ChannelEvent, ChannelCommand> = {
  events: {
    AddressBanLifted: {
      schemas: ['channel/events/AddressBanLifted.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'AddressBanLifted',
        actor: event.actor,
        member: event.member,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    AddressesBanned: {
      schemas: ['channel/events/AddressesBanned.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'AddressesBanned',
        actor: event.actor,
        member: event.member,
        keys: event.keys,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    AltsLinked: {
      schemas: ['channel/events/AltsLinked.v1'],
      sealed: { evidence: 'actor' },
      plain: (event) => ({
        type: 'AltsLinked',
        actor: event.actor,
        member: event.member,
        alt: event.alt,
        evidence: event.evidence,
      }),
      seal: (event, id, seal) => ({
        type: 'AltsLinked',
        actor: event.actor,
        member: event.member,
        alt: event.alt,
        evidence: event.evidence === null ? null : seal(event.actor, id, 'evidence', event.evidence),
      }),
      open: (event, id, open) => ({
        type: 'AltsLinked',
        actor: event.actor,
        member: event.member,
        alt: event.alt,
        evidence: event.evidence === null ? null : open(event.actor, id, 'evidence', event.evidence),
      }),
      subjects: (event) => (event.evidence === null ? none : [event.actor]),
    },
    AltsUnlinked: {
      schemas: ['channel/events/AltsUnlinked.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'AltsUnlinked',
        actor: event.actor,
        member: event.member,
        alt: event.alt,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    AppealAnswered: {
      schemas: ['channel/events/AppealAnswered.v1'],
      sealed: { reason: 'actor' },
      plain: (event) => ({
        type: 'AppealAnswered',
        appealId: event.appealId,
        appellant: event.appellant,
        sanction: event.sanction,
        actor: event.actor,
        answer: event.answer,
        until: event.until,
        reason: event.reason,
      }),
      seal: (event, id, seal) => ({
        type: 'AppealAnswered',
        appealId: event.appealId,
        appellant: event.appellant,
        sanction: event.sanction,
        actor: event.actor,
        answer: event.answer,
        until: event.until,
        reason: event.reason === null ? null : seal(event.actor, id, 'reason', event.reason),
      }),
      open: (event, id, open) => ({
        type: 'AppealAnswered',
        appealId: event.appealId,
        appellant: event.appellant,
        sanction: event.sanction,
        actor: event.actor,
        answer: event.answer,
        until: event.until,
        reason: event.reason === null ? null : open(event.actor, id, 'reason', event.reason),
      }),
      subjects: (event) => (event.reason === null ? none : [event.actor]),
    },
    AppealOpened: {
      schemas: ['channel/events/AppealOpened.v1'],
      sealed: { text: 'appellant' },
      plain: (event) => ({
        type: 'AppealOpened',
        appellant: event.appellant,
        sanction: event.sanction,
        actId: event.actId,
        text: event.text,
      }),
      seal: (event, id, seal) => ({
        type: 'AppealOpened',
        appellant: event.appellant,
        sanction: event.sanction,
        actId: event.actId,
        text: seal(event.appellant, id, 'text', event.text),
      }),
      open: (event, id, open) => ({
        type: 'AppealOpened',
        appellant: event.appellant,
        sanction: event.sanction,
        actId: event.actId,
        text: open(event.appellant, id, 'text', event.text),
      }),
      subjects: (event) => [event.appellant],
    },
    BanApproved: {
      schemas: ['channel/events/BanApproved.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BanApproved',
        proposalId: event.proposalId,
        actor: event.actor,
        approvals: event.approvals,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    BanEnded: {
      schemas: ['channel/events/BanEnded.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BanEnded',
        seq: event.seq,
        member: event.member,
        cause: event.cause,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    BanListChanged: {
      schemas: ['channel/events/BanListChanged.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BanListChanged',
        subscribers: event.subscribers,
        added: event.added,
        removed: event.removed,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    BanListPublished: {
      schemas: ['channel/events/BanListPublished.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BanListPublished',
        actor: event.actor,
        published: event.published,
        subscribers: event.subscribers,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    BanListReceived: {
      schemas: ['channel/events/BanListReceived.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BanListReceived',
        source: event.source,
        added: event.added,
        removed: event.removed,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    BanListReviewed: {
      schemas: ['channel/events/BanListReviewed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BanListReviewed',
        source: event.source,
        members: event.members,
        accepted: event.accepted,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    BanListSubscribed: {
      schemas: ['channel/events/BanListSubscribed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BanListSubscribed',
        actor: event.actor,
        source: event.source,
        mode: event.mode,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    BanListSubscriberAdded: {
      schemas: ['channel/events/BanListSubscriberAdded.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BanListSubscriberAdded',
        subscriber: event.subscriber,
        members: event.members,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    BanListSubscriberRemoved: {
      schemas: ['channel/events/BanListSubscriberRemoved.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BanListSubscriberRemoved',
        subscriber: event.subscriber,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    BanListUnsubscribed: {
      schemas: ['channel/events/BanListUnsubscribed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BanListUnsubscribed',
        actor: event.actor,
        source: event.source,
        cause: event.cause,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    BanProposalEnded: {
      schemas: ['channel/events/BanProposalEnded.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BanProposalEnded',
        proposalId: event.proposalId,
        member: event.member,
        cause: event.cause,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    BanProposed: {
      schemas: ['channel/events/BanProposed.v1', 'channel/events/BanProposed.v2'],
      sealed: {},
      plain: (event) => ({
        type: 'BanProposed',
        actor: event.actor,
        member: event.member,
        needed: event.needed,
        until: event.until,
        keys: event.keys,
        proposalId: event.proposalId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ChannelClosed: {
      schemas: ['channel/events/ChannelClosed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ChannelClosed',
        seq: event.seq,
        actor: event.actor,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
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
    ChannelGroupAdopted: {
      schemas: ['channel/events/ChannelGroupAdopted.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ChannelGroupAdopted',
        channels: event.channels,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ChannelGroupLeft: {
      schemas: ['channel/events/ChannelGroupLeft.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ChannelGroupLeft',
        ownerId: event.ownerId,
        channels: event.channels,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ChannelGroupSet: {
      schemas: ['channel/events/ChannelGroupSet.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ChannelGroupSet',
        actor: event.actor,
        ownerId: event.ownerId,
        channels: event.channels,
        left: event.left,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ChannelOffered: {
      schemas: ['channel/events/ChannelOffered.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ChannelOffered',
        actor: event.actor,
        to: event.to,
        until: event.until,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ChannelRenamed: {
      schemas: ['channel/events/ChannelRenamed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ChannelRenamed',
        seq: event.seq,
        slug: event.slug,
        slugKey: event.slugKey,
        previousKey: event.previousKey,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ChannelReopened: {
      schemas: ['channel/events/ChannelReopened.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ChannelReopened',
        seq: event.seq,
        actor: event.actor,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ChannelTransferred: {
      schemas: ['channel/events/ChannelTransferred.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ChannelTransferred',
        seq: event.seq,
        channelId: event.channelId,
        previousOwnerId: event.previousOwnerId,
        ownerId: event.ownerId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    EmoteAdded: {
      schemas: ['channel/events/EmoteAdded.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'EmoteAdded',
        seq: event.seq,
        actor: event.actor,
        name: event.name,
        image: event.image,
        moving: event.moving,
        width: event.width,
        tier: event.tier,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    EmoteChanged: {
      schemas: ['channel/events/EmoteChanged.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'EmoteChanged',
        seq: event.seq,
        actor: event.actor,
        emoteId: event.emoteId,
        name: event.name,
        tier: event.tier,
        enabled: event.enabled,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    EmoteRemoved: {
      schemas: ['channel/events/EmoteRemoved.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'EmoteRemoved',
        seq: event.seq,
        actor: event.actor,
        emoteId: event.emoteId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    EvidenceKept: {
      schemas: ['channel/events/EvidenceKept.v1'],
      sealed: { authorName: 'author', text: 'author' },
      plain: (event) => ({
        type: 'EvidenceKept',
        messageId: event.messageId,
        messageSeq: event.messageSeq,
        author: event.author,
        authorName: event.authorName,
        text: event.text,
        postedAt: event.postedAt,
        named: event.named,
      }),
      seal: (event, id, seal) => ({
        type: 'EvidenceKept',
        messageId: event.messageId,
        messageSeq: event.messageSeq,
        author: event.author,
        authorName: seal(event.author, id, 'authorName', event.authorName),
        text: seal(event.author, id, 'text', event.text),
        postedAt: event.postedAt,
        named: event.named,
      }),
      open: (event, id, open) => ({
        type: 'EvidenceKept',
        messageId: event.messageId,
        messageSeq: event.messageSeq,
        author: event.author,
        authorName: open(event.author, id, 'authorName', event.authorName),
        text: open(event.author, id, 'text', event.text),
        postedAt: event.postedAt,
        named: event.named,
      }),
      subjects: (event) => [event.author],
    },
    GroupActed: {
      schemas: ['channel/events/GroupActed.v1', 'channel/events/GroupActed.v2'],
      sealed: { reason: 'actor' },
      plain: (event) => ({
        type: 'GroupActed',
        actor: event.actor,
        channels: event.channels,
        act: event.act,
        member: event.member,
        durationMs: event.durationMs,
        reason: event.reason,
        keys: event.keys,
      }),
      seal: (event, id, seal) => ({
        type: 'GroupActed',
        actor: event.actor,
        channels: event.channels,
        act: event.act,
        member: event.member,
        durationMs: event.durationMs,
        reason: event.reason === null ? null : seal(event.actor, id, 'reason', event.reason),
        keys: event.keys,
      }),
      open: (event, id, open) => ({
        type: 'GroupActed',
        actor: event.actor,
        channels: event.channels,
        act: event.act,
        member: event.member,
        durationMs: event.durationMs,
        reason: event.reason === null ? null : open(event.actor, id, 'reason', event.reason),
        keys: event.keys,
      }),
      subjects: (event) => (event.reason === null ? none : [event.actor]),
    },
    HeldMessageApproved: {
      schemas: ['channel/events/HeldMessageApproved.v1', 'channel/events/HeldMessageApproved.v2'],
      sealed: { authorName: 'author', text: 'author', entities: 'author' },
      plain: (event) => ({
        type: 'HeldMessageApproved',
        seq: event.seq,
        messageId: event.messageId,
        heldEvent: event.heldEvent,
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
        attachments: event.attachments,
      }),
      seal: (event) => event,
      open: (event, _id, open) => ({
        type: 'HeldMessageApproved',
        seq: event.seq,
        messageId: event.messageId,
        heldEvent: event.heldEvent,
        author: event.author,
        authorName: open(event.author, event.heldEvent, 'authorName', event.authorName as Buffer as Sealed),
        text: open(event.author, event.heldEvent, 'text', event.text as Buffer as Sealed),
        form: event.form,
        color: event.color,
        replyTo: event.replyTo,
        replyToAuthor: event.replyToAuthor,
        thread: event.thread,
        entities: event.entities === null ? null : open(event.author, event.heldEvent, 'entities', event.entities as Buffer as Sealed),
        role: event.role,
        tier: event.tier,
        attachments: event.attachments,
      }),
      subjects: (event) => [event.author],
    },
    HeldMessageDenied: {
      schemas: ['channel/events/HeldMessageDenied.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'HeldMessageDenied',
        messageId: event.messageId,
        author: event.author,
        cause: event.cause,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    HistoryTrimmed: {
      schemas: ['channel/events/HistoryTrimmed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'HistoryTrimmed',
        before: event.before,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    LadderChanged: {
      schemas: ['channel/events/LadderChanged.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'LadderChanged',
        steps: event.steps,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    MarkEnded: {
      schemas: ['channel/events/MarkEnded.v1', 'channel/events/MarkEnded.v2'],
      sealed: {},
      plain: (event) => ({
        type: 'MarkEnded',
        member: event.member,
        mark: event.mark,
        cause: event.cause,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    MemberBanned: {
      schemas: ['channel/events/MemberBanned.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'MemberBanned',
        seq: event.seq,
        member: event.member,
        until: event.until,
        origin: event.origin,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    MemberEscalated: {
      schemas: ['channel/events/MemberEscalated.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'MemberEscalated',
        member: event.member,
        step: event.step,
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
    MemberMarked: {
      schemas: ['channel/events/MemberMarked.v1', 'channel/events/MemberMarked.v2'],
      sealed: { reason: 'actor' },
      plain: (event) => ({
        type: 'MemberMarked',
        actor: event.actor,
        member: event.member,
        mark: event.mark,
        until: event.until,
        value: event.value,
        reason: event.reason,
      }),
      seal: (event, id, seal) => ({
        type: 'MemberMarked',
        actor: event.actor,
        member: event.member,
        mark: event.mark,
        until: event.until,
        value: event.value,
        reason: event.reason === null ? null : seal(event.actor, id, 'reason', event.reason),
      }),
      open: (event, id, open) => ({
        type: 'MemberMarked',
        actor: event.actor,
        member: event.member,
        mark: event.mark,
        until: event.until,
        value: event.value,
        reason: event.reason === null ? null : open(event.actor, id, 'reason', event.reason),
      }),
      subjects: (event) => (event.reason === null ? none : [event.actor]),
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
      schemas: ['channel/events/MessageDeleted.v1', 'channel/events/MessageDeleted.v2'],
      sealed: {},
      plain: (event) => ({
        type: 'MessageDeleted',
        seq: event.seq,
        messageId: event.messageId,
        messageSeq: event.messageSeq,
        author: event.author,
        seenBy: event.seenBy,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    MessageEdited: {
      schemas: ['channel/events/MessageEdited.v1'],
      sealed: { text: 'author', entities: 'author' },
      plain: (event) => ({
        type: 'MessageEdited',
        seq: event.seq,
        messageId: event.messageId,
        messageSeq: event.messageSeq,
        author: event.author,
        text: event.text,
        entities: event.entities,
        seenBy: event.seenBy,
      }),
      seal: (event, id, seal) => ({
        type: 'MessageEdited',
        seq: event.seq,
        messageId: event.messageId,
        messageSeq: event.messageSeq,
        author: event.author,
        text: seal(event.author, id, 'text', event.text),
        entities: event.entities === null ? null : seal(event.author, id, 'entities', event.entities),
        seenBy: event.seenBy,
      }),
      open: (event, id, open) => ({
        type: 'MessageEdited',
        seq: event.seq,
        messageId: event.messageId,
        messageSeq: event.messageSeq,
        author: event.author,
        text: open(event.author, id, 'text', event.text),
        entities: event.entities === null ? null : open(event.author, id, 'entities', event.entities),
        seenBy: event.seenBy,
      }),
      subjects: (event) => [event.author],
    },
    MessageHeld: {
      schemas: ['channel/events/MessageHeld.v1', 'channel/events/MessageHeld.v2', 'channel/events/MessageHeld.v3', 'channel/events/MessageHeld.v4'],
      sealed: { authorName: 'author', text: 'author', entities: 'author' },
      plain: (event) => ({
        type: 'MessageHeld',
        moderationSeq: event.moderationSeq,
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
        cause: event.cause,
        rule: event.rule,
        attachments: event.attachments,
        byPermit: event.byPermit,
        label: event.label,
      }),
      seal: (event, id, seal) => ({
        type: 'MessageHeld',
        moderationSeq: event.moderationSeq,
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
        cause: event.cause,
        rule: event.rule,
        attachments: event.attachments,
        byPermit: event.byPermit,
        label: event.label,
      }),
      open: (event, id, open) => ({
        type: 'MessageHeld',
        moderationSeq: event.moderationSeq,
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
        cause: event.cause,
        rule: event.rule,
        attachments: event.attachments,
        byPermit: event.byPermit,
        label: event.label,
      }),
      subjects: (event) => [event.author],
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
        sketch: event.sketch,
        emoteOnly: event.emoteOnly,
        combo: event.combo,
        attachments: event.attachments,
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
        sketch: event.sketch,
        emoteOnly: event.emoteOnly,
        combo: event.combo,
        attachments: event.attachments,
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
        sketch: event.sketch,
        emoteOnly: event.emoteOnly,
        combo: event.combo,
        attachments: event.attachments,
      }),
      subjects: (event) => [event.author],
    },
    MessagesDeleted: {
      schemas: ['channel/events/MessagesDeleted.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'MessagesDeleted',
        seq: event.seq,
        author: event.author,
        messageSeqs: event.messageSeqs,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    MessagesRestored: {
      schemas: ['channel/events/MessagesRestored.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'MessagesRestored',
        seq: event.seq,
        messageSeqs: event.messageSeqs,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
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
      schemas: ['channel/events/ModerationLogged.v1', 'channel/events/ModerationLogged.v2', 'channel/events/ModerationLogged.v3', 'channel/events/ModerationLogged.v4'],
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
        mark: event.mark,
        messages: event.messages,
        undoes: event.undoes,
        rule: event.rule,
        verdict: event.verdict,
        policyVersion: event.policyVersion,
        caseId: event.caseId,
        label: event.label,
        related: event.related,
        origin: event.origin,
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
        mark: event.mark,
        messages: event.messages,
        undoes: event.undoes,
        rule: event.rule,
        verdict: event.verdict,
        policyVersion: event.policyVersion,
        caseId: event.caseId,
        label: event.label,
        related: event.related,
        origin: event.origin,
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
        mark: event.mark,
        messages: event.messages,
        undoes: event.undoes,
        rule: event.rule,
        verdict: event.verdict,
        policyVersion: event.policyVersion,
        caseId: event.caseId,
        label: event.label,
        related: event.related,
        origin: event.origin,
      }),
      subjects: (event) => (event.reason === null ? none : [event.actor]),
    },
    NukeDone: {
      schemas: ['channel/events/NukeDone.v1', 'channel/events/NukeDone.v2'],
      sealed: {},
      plain: (event) => ({
        type: 'NukeDone',
        messageSeqs: event.messageSeqs,
        members: event.members,
        until: event.until,
        authors: event.authors,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    NukeUndone: {
      schemas: ['channel/events/NukeUndone.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'NukeUndone',
        nukeId: event.nukeId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    OfferWithdrawn: {
      schemas: ['channel/events/OfferWithdrawn.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'OfferWithdrawn',
        actor: event.actor,
        to: event.to,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    PinChanged: {
      schemas: ['channel/events/PinChanged.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'PinChanged',
        seq: event.seq,
        actor: event.actor,
        messageId: event.messageId,
        messageSeq: event.messageSeq,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    PolicySet: {
      schemas: ['channel/events/PolicySet.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'PolicySet',
        actor: event.actor,
        version: event.version,
        policy: event.policy,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    PollEnded: {
      schemas: ['channel/events/PollEnded.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'PollEnded',
        seq: event.seq,
        pollId: event.pollId,
        cause: event.cause,
        actor: event.actor,
        voters: event.voters,
        totals: event.totals,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    PollStarted: {
      schemas: ['channel/events/PollStarted.v1'],
      sealed: { question: 'actor', options: 'actor' },
      plain: (event) => ({
        type: 'PollStarted',
        seq: event.seq,
        pollId: event.pollId,
        actor: event.actor,
        question: event.question,
        options: event.options,
        optionCount: event.optionCount,
        weighted: event.weighted,
        changeable: event.changeable,
        hidden: event.hidden,
        endsAt: event.endsAt,
      }),
      seal: (event, id, seal) => ({
        type: 'PollStarted',
        seq: event.seq,
        pollId: event.pollId,
        actor: event.actor,
        question: seal(event.actor, id, 'question', event.question),
        options: seal(event.actor, id, 'options', event.options),
        optionCount: event.optionCount,
        weighted: event.weighted,
        changeable: event.changeable,
        hidden: event.hidden,
        endsAt: event.endsAt,
      }),
      open: (event, id, open) => ({
        type: 'PollStarted',
        seq: event.seq,
        pollId: event.pollId,
        actor: event.actor,
        question: open(event.actor, id, 'question', event.question),
        options: open(event.actor, id, 'options', event.options),
        optionCount: event.optionCount,
        weighted: event.weighted,
        changeable: event.changeable,
        hidden: event.hidden,
        endsAt: event.endsAt,
      }),
      subjects: (event) => [event.actor],
    },
    QuorumSet: {
      schemas: ['channel/events/QuorumSet.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'QuorumSet',
        actor: event.actor,
        approvals: event.approvals,
        lapseMs: event.lapseMs,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ReportClaimed: {
      schemas: ['channel/events/ReportClaimed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ReportClaimed',
        reportId: event.reportId,
        actor: event.actor,
        claimed: event.claimed,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ReportClosed: {
      schemas: ['channel/events/ReportClosed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ReportClosed',
        reportId: event.reportId,
        reporter: event.reporter,
        actor: event.actor,
        resolution: event.resolution,
        actId: event.actId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ReportOpened: {
      schemas: ['channel/events/ReportOpened.v1'],
      sealed: { words: 'reporter' },
      plain: (event) => ({
        type: 'ReportOpened',
        reporter: event.reporter,
        member: event.member,
        messageId: event.messageId,
        messageSeq: event.messageSeq,
        category: event.category,
        words: event.words,
      }),
      seal: (event, id, seal) => ({
        type: 'ReportOpened',
        reporter: event.reporter,
        member: event.member,
        messageId: event.messageId,
        messageSeq: event.messageSeq,
        category: event.category,
        words: event.words === null ? null : seal(event.reporter, id, 'words', event.words),
      }),
      open: (event, id, open) => ({
        type: 'ReportOpened',
        reporter: event.reporter,
        member: event.member,
        messageId: event.messageId,
        messageSeq: event.messageSeq,
        category: event.category,
        words: event.words === null ? null : open(event.reporter, id, 'words', event.words),
      }),
      subjects: (event) => (event.words === null ? none : [event.reporter]),
    },
    RetentionChanged: {
      schemas: ['channel/events/RetentionChanged.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'RetentionChanged',
        seq: event.seq,
        actor: event.actor,
        days: event.days,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
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
    RulesAccepted: {
      schemas: ['channel/events/RulesAccepted.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'RulesAccepted',
        member: event.member,
        version: event.version,
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
    ShieldPresetSet: {
      schemas: ['channel/events/ShieldPresetSet.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ShieldPresetSet',
        actor: event.actor,
        modes: event.modes,
        values: event.values,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
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
    TermBlocked: {
      schemas: ['channel/events/TermBlocked.v1', 'channel/events/TermBlocked.v2'],
      sealed: {},
      plain: (event) => ({
        type: 'TermBlocked',
        actor: event.actor,
        term: event.term,
        match: event.match,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    TermDecided: {
      schemas: ['channel/events/TermDecided.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'TermDecided',
        termId: event.termId,
        actor: event.actor,
        kept: event.kept,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    TextChanged: {
      schemas: ['channel/events/TextChanged.v1'],
      sealed: { text: 'actor' },
      plain: (event) => ({
        type: 'TextChanged',
        seq: event.seq,
        actor: event.actor,
        kind: event.kind,
        text: event.text,
        version: event.version,
      }),
      seal: (event, id, seal) => ({
        type: 'TextChanged',
        seq: event.seq,
        actor: event.actor,
        kind: event.kind,
        text: event.text === null ? null : seal(event.actor, id, 'text', event.text),
        version: event.version,
      }),
      open: (event, id, open) => ({
        type: 'TextChanged',
        seq: event.seq,
        actor: event.actor,
        kind: event.kind,
        text: event.text === null ? null : open(event.actor, id, 'text', event.text),
        version: event.version,
      }),
      subjects: (event) => (event.text === null ? none : [event.actor]),
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
    VoteCast: {
      schemas: ['channel/events/VoteCast.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'VoteCast',
        pollId: event.pollId,
        member: event.member,
        option: event.option,
        weight: event.weight,
        ballot: event.ballot,
        voters: event.voters,
        totals: event.totals,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
  },
  commands: {
    AcceptChannel: {
      schemas: ['channel/commands/AcceptChannel.v1'],
      plain: () => ({
        type: 'AcceptChannel',
      }),
    },
    AcceptRules: {
      schemas: ['channel/commands/AcceptRules.v1'],
      plain: (command) => ({
        type: 'AcceptRules',
        version: command.version,
      }),
    },
    AcknowledgeWarning: {
      schemas: ['channel/commands/AcknowledgeWarning.v1'],
      plain: () => ({
        type: 'AcknowledgeWarning',
      }),
    },
    ActInGroup: {
      schemas: ['channel/commands/ActInGroup.v1', 'channel/commands/ActInGroup.v2'],
      plain: (command) => ({
        type: 'ActInGroup',
        act: command.act,
        member: command.member,
        durationMs: command.durationMs,
        reason: command.reason,
        addresses: command.addresses,
      }),
    },
    AddBanListSubscriber: {
      schemas: ['channel/commands/AddBanListSubscriber.v1'],
      plain: (command) => ({
        type: 'AddBanListSubscriber',
        subscriber: command.subscriber,
      }),
    },
    AddEmote: {
      schemas: ['channel/commands/AddEmote.v1', 'channel/commands/AddEmote.v2'],
      plain: (command) => ({
        type: 'AddEmote',
        name: command.name,
        image: command.image,
        moving: command.moving,
        width: command.width,
        tier: command.tier,
        reason: command.reason,
      }),
    },
    AddNote: {
      schemas: ['channel/commands/AddNote.v1'],
      plain: (command) => ({
        type: 'AddNote',
        member: command.member,
        text: command.text,
      }),
    },
    AdoptChannelGroup: {
      schemas: ['channel/commands/AdoptChannelGroup.v1'],
      plain: (command) => ({
        type: 'AdoptChannelGroup',
        ownerId: command.ownerId,
        channels: command.channels,
      }),
    },
    AnswerAppeal: {
      schemas: ['channel/commands/AnswerAppeal.v1'],
      plain: (command) => ({
        type: 'AnswerAppeal',
        appealId: command.appealId,
        answer: command.answer,
        durationMs: command.durationMs,
        reason: command.reason,
      }),
    },
    AppealAction: {
      schemas: ['channel/commands/AppealAction.v1'],
      plain: (command) => ({
        type: 'AppealAction',
        sanction: command.sanction,
        text: command.text,
      }),
    },
    ApplyBanLists: {
      schemas: ['channel/commands/ApplyBanLists.v1'],
      plain: (command) => ({
        type: 'ApplyBanLists',
        dueAt: command.dueAt,
      }),
    },
    ApplyGroupAct: {
      schemas: ['channel/commands/ApplyGroupAct.v1', 'channel/commands/ApplyGroupAct.v2'],
      plain: (command) => ({
        type: 'ApplyGroupAct',
        source: command.source,
        actor: command.actor,
        act: command.act,
        member: command.member,
        durationMs: command.durationMs,
        reason: command.reason,
        keys: command.keys,
      }),
    },
    AssignRole: {
      schemas: ['channel/commands/AssignRole.v1', 'channel/commands/AssignRole.v2'],
      plain: (command) => ({
        type: 'AssignRole',
        member: command.member,
        role: command.role,
        reason: command.reason,
      }),
    },
    BanMember: {
      schemas: ['channel/commands/BanMember.v1'],
      plain: (command) => ({
        type: 'BanMember',
        member: command.member,
        durationMs: command.durationMs,
        reason: command.reason,
        messages: command.messages,
        addresses: command.addresses,
      }),
    },
    CastVote: {
      schemas: ['channel/commands/CastVote.v1'],
      plain: (command) => ({
        type: 'CastVote',
        pollId: command.pollId,
        option: command.option,
      }),
    },
    ChangeEmote: {
      schemas: ['channel/commands/ChangeEmote.v1', 'channel/commands/ChangeEmote.v2'],
      plain: (command) => ({
        type: 'ChangeEmote',
        emoteId: command.emoteId,
        name: command.name,
        tier: command.tier,
        enabled: command.enabled,
        reason: command.reason,
      }),
    },
    ChangeLadder: {
      schemas: ['channel/commands/ChangeLadder.v1', 'channel/commands/ChangeLadder.v2'],
      plain: (command) => ({
        type: 'ChangeLadder',
        steps: command.steps,
        reason: command.reason,
      }),
    },
    ChangeSettings: {
      schemas: ['channel/commands/ChangeSettings.v1', 'channel/commands/ChangeSettings.v2'],
      plain: (command) => ({
        type: 'ChangeSettings',
        topic: command.topic,
        slowModeSeconds: command.slowModeSeconds,
        reason: command.reason,
      }),
    },
    ClaimReport: {
      schemas: ['channel/commands/ClaimReport.v1', 'channel/commands/ClaimReport.v2'],
      plain: (command) => ({
        type: 'ClaimReport',
        reportId: command.reportId,
        claim: command.claim,
        reason: command.reason,
      }),
    },
    CloseChannel: {
      schemas: ['channel/commands/CloseChannel.v1'],
      plain: (command) => ({
        type: 'CloseChannel',
        reason: command.reason,
      }),
    },
    CloseReport: {
      schemas: ['channel/commands/CloseReport.v1'],
      plain: (command) => ({
        type: 'CloseReport',
        reportId: command.reportId,
        resolution: command.resolution,
        actId: command.actId,
        reason: command.reason,
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
    DecideTerm: {
      schemas: ['channel/commands/DecideTerm.v1'],
      plain: (command) => ({
        type: 'DecideTerm',
        termId: command.termId,
        keep: command.keep,
        reason: command.reason,
      }),
    },
    DeleteMessage: {
      schemas: ['channel/commands/DeleteMessage.v1', 'channel/commands/DeleteMessage.v2'],
      plain: (command) => ({
        type: 'DeleteMessage',
        messageId: command.messageId,
        reason: command.reason,
      }),
    },
    DeleteMessages: {
      schemas: ['channel/commands/DeleteMessages.v1'],
      plain: (command) => ({
        type: 'DeleteMessages',
        member: command.member,
        reason: command.reason,
      }),
    },
    EditMessage: {
      schemas: ['channel/commands/EditMessage.v1'],
      plain: (command) => ({
        type: 'EditMessage',
        messageId: command.messageId,
        text: command.text,
      }),
    },
    EndBanListSubscription: {
      schemas: ['channel/commands/EndBanListSubscription.v1'],
      plain: (command) => ({
        type: 'EndBanListSubscription',
        source: command.source,
      }),
    },
    EndPoll: {
      schemas: ['channel/commands/EndPoll.v1', 'channel/commands/EndPoll.v2'],
      plain: (command) => ({
        type: 'EndPoll',
        pollId: command.pollId,
        cancel: command.cancel,
        reason: command.reason,
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
    Escalate: {
      schemas: ['channel/commands/Escalate.v1'],
      plain: (command) => ({
        type: 'Escalate',
        member: command.member,
        reason: command.reason,
        messages: command.messages,
      }),
    },
    ExpirePoll: {
      schemas: ['channel/commands/ExpirePoll.v1'],
      plain: (command) => ({
        type: 'ExpirePoll',
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
      schemas: ['channel/commands/GrantSubscription.v1', 'channel/commands/GrantSubscription.v2'],
      plain: (command) => ({
        type: 'GrantSubscription',
        member: command.member,
        tier: command.tier,
        durationMs: command.durationMs,
        reason: command.reason,
      }),
    },
    ImportBans: {
      schemas: ['channel/commands/ImportBans.v1', 'channel/commands/ImportBans.v2'],
      plain: (command) => ({
        type: 'ImportBans',
        members: command.members,
        reasons: command.reasons,
        reason: command.reason,
        addresses: command.addresses,
      }),
    },
    LiftAddressBan: {
      schemas: ['channel/commands/LiftAddressBan.v1'],
      plain: (command) => ({
        type: 'LiftAddressBan',
        member: command.member,
        reason: command.reason,
      }),
    },
    LiftTimeout: {
      schemas: ['channel/commands/LiftTimeout.v1', 'channel/commands/LiftTimeout.v2'],
      plain: (command) => ({
        type: 'LiftTimeout',
        member: command.member,
        reason: command.reason,
      }),
    },
    LinkAlts: {
      schemas: ['channel/commands/LinkAlts.v1'],
      plain: (command) => ({
        type: 'LinkAlts',
        member: command.member,
        alt: command.alt,
        reason: command.reason,
      }),
    },
    MarkMember: {
      schemas: ['channel/commands/MarkMember.v1', 'channel/commands/MarkMember.v2'],
      plain: (command) => ({
        type: 'MarkMember',
        member: command.member,
        mark: command.mark,
        durationMs: command.durationMs,
        value: command.value,
        reason: command.reason,
        messages: command.messages,
      }),
    },
    NukeMessages: {
      schemas: ['channel/commands/NukeMessages.v1', 'channel/commands/NukeMessages.v2'],
      plain: (command) => ({
        type: 'NukeMessages',
        messageIds: command.messageIds,
        messageSeqs: command.messageSeqs,
        members: command.members,
        durationMs: command.durationMs,
        reason: command.reason,
        term: command.term,
        match: command.match,
      }),
    },
    OfferChannel: {
      schemas: ['channel/commands/OfferChannel.v1', 'channel/commands/OfferChannel.v2'],
      plain: (command) => ({
        type: 'OfferChannel',
        to: command.to,
        reason: command.reason,
      }),
    },
    PinMessage: {
      schemas: ['channel/commands/PinMessage.v1', 'channel/commands/PinMessage.v2'],
      plain: (command) => ({
        type: 'PinMessage',
        messageId: command.messageId,
        reason: command.reason,
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
        attachments: command.attachments,
      }),
    },
    PublishBanList: {
      schemas: ['channel/commands/PublishBanList.v1', 'channel/commands/PublishBanList.v2'],
      plain: (command) => ({
        type: 'PublishBanList',
        published: command.published,
        reason: command.reason,
      }),
    },
    ReceiveBanList: {
      schemas: ['channel/commands/ReceiveBanList.v1'],
      plain: (command) => ({
        type: 'ReceiveBanList',
        source: command.source,
        added: command.added,
        removed: command.removed,
      }),
    },
    RemoveBanListSubscriber: {
      schemas: ['channel/commands/RemoveBanListSubscriber.v1'],
      plain: (command) => ({
        type: 'RemoveBanListSubscriber',
        subscriber: command.subscriber,
      }),
    },
    RemoveEmote: {
      schemas: ['channel/commands/RemoveEmote.v1', 'channel/commands/RemoveEmote.v2'],
      plain: (command) => ({
        type: 'RemoveEmote',
        emoteId: command.emoteId,
        reason: command.reason,
      }),
    },
    RenameChannel: {
      schemas: ['channel/commands/RenameChannel.v1'],
      plain: (command) => ({
        type: 'RenameChannel',
        slug: command.slug,
        slugKey: command.slugKey,
        previousKey: command.previousKey,
      }),
    },
    ReopenChannel: {
      schemas: ['channel/commands/ReopenChannel.v1'],
      plain: (command) => ({
        type: 'ReopenChannel',
        reason: command.reason,
      }),
    },
    ReportMember: {
      schemas: ['channel/commands/ReportMember.v1'],
      plain: (command) => ({
        type: 'ReportMember',
        member: command.member,
        messageId: command.messageId,
        category: command.category,
        words: command.words,
      }),
    },
    ReviewBanList: {
      schemas: ['channel/commands/ReviewBanList.v1', 'channel/commands/ReviewBanList.v2'],
      plain: (command) => ({
        type: 'ReviewBanList',
        source: command.source,
        members: command.members,
        accept: command.accept,
        reason: command.reason,
        addresses: command.addresses,
      }),
    },
    ReviewMessage: {
      schemas: ['channel/commands/ReviewMessage.v1'],
      plain: (command) => ({
        type: 'ReviewMessage',
        messageId: command.messageId,
        approve: command.approve,
        reason: command.reason,
      }),
    },
    RevokeSubscription: {
      schemas: ['channel/commands/RevokeSubscription.v1', 'channel/commands/RevokeSubscription.v2'],
      plain: (command) => ({
        type: 'RevokeSubscription',
        member: command.member,
        reason: command.reason,
      }),
    },
    SetChannelGroup: {
      schemas: ['channel/commands/SetChannelGroup.v1', 'channel/commands/SetChannelGroup.v2'],
      plain: (command) => ({
        type: 'SetChannelGroup',
        channels: command.channels,
        reason: command.reason,
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
    SetPolicy: {
      schemas: ['channel/commands/SetPolicy.v1'],
      plain: (command) => ({
        type: 'SetPolicy',
        policy: command.policy,
        reason: command.reason,
      }),
    },
    SetQuorum: {
      schemas: ['channel/commands/SetQuorum.v1', 'channel/commands/SetQuorum.v2'],
      plain: (command) => ({
        type: 'SetQuorum',
        approvals: command.approvals,
        lapseMs: command.lapseMs,
        reason: command.reason,
      }),
    },
    SetRetention: {
      schemas: ['channel/commands/SetRetention.v1', 'channel/commands/SetRetention.v2'],
      plain: (command) => ({
        type: 'SetRetention',
        days: command.days,
        reason: command.reason,
      }),
    },
    SetShieldPreset: {
      schemas: ['channel/commands/SetShieldPreset.v1', 'channel/commands/SetShieldPreset.v2'],
      plain: (command) => ({
        type: 'SetShieldPreset',
        modes: command.modes,
        values: command.values,
        reason: command.reason,
      }),
    },
    SetText: {
      schemas: ['channel/commands/SetText.v1', 'channel/commands/SetText.v2'],
      plain: (command) => ({
        type: 'SetText',
        kind: command.kind,
        text: command.text,
        reason: command.reason,
      }),
    },
    StartPoll: {
      schemas: ['channel/commands/StartPoll.v1', 'channel/commands/StartPoll.v2'],
      plain: (command) => ({
        type: 'StartPoll',
        question: command.question,
        options: command.options,
        durationMs: command.durationMs,
        weighted: command.weighted,
        changeable: command.changeable,
        hidden: command.hidden,
        reason: command.reason,
      }),
    },
    SubscribeBanList: {
      schemas: ['channel/commands/SubscribeBanList.v1', 'channel/commands/SubscribeBanList.v2'],
      plain: (command) => ({
        type: 'SubscribeBanList',
        source: command.source,
        mode: command.mode,
        reason: command.reason,
      }),
    },
    TimeOutMember: {
      schemas: ['channel/commands/TimeOutMember.v1', 'channel/commands/TimeOutMember.v2'],
      plain: (command) => ({
        type: 'TimeOutMember',
        member: command.member,
        durationMs: command.durationMs,
        reason: command.reason,
        messages: command.messages,
      }),
    },
    TrimHistory: {
      schemas: ['channel/commands/TrimHistory.v1'],
      plain: (command) => ({
        type: 'TrimHistory',
        dueAt: command.dueAt,
      }),
    },
    UnbanMember: {
      schemas: ['channel/commands/UnbanMember.v1'],
      plain: (command) => ({
        type: 'UnbanMember',
        member: command.member,
        reason: command.reason,
      }),
    },
    UndoNuke: {
      schemas: ['channel/commands/UndoNuke.v1'],
      plain: (command) => ({
        type: 'UndoNuke',
        nukeId: command.nukeId,
        reason: command.reason,
      }),
    },
    UnfollowChannel: {
      schemas: ['channel/commands/UnfollowChannel.v1'],
      plain: () => ({
        type: 'UnfollowChannel',
      }),
    },
    UnlinkAlts: {
      schemas: ['channel/commands/UnlinkAlts.v1'],
      plain: (command) => ({
        type: 'UnlinkAlts',
        member: command.member,
        alt: command.alt,
        reason: command.reason,
      }),
    },
    UnmarkMember: {
      schemas: ['channel/commands/UnmarkMember.v1', 'channel/commands/UnmarkMember.v2'],
      plain: (command) => ({
        type: 'UnmarkMember',
        member: command.member,
        mark: command.mark,
        reason: command.reason,
      }),
    },
    UnsubscribeBanList: {
      schemas: ['channel/commands/UnsubscribeBanList.v1', 'channel/commands/UnsubscribeBanList.v2'],
      plain: (command) => ({
        type: 'UnsubscribeBanList',
        source: command.source,
        reason: command.reason,
      }),
    },
    VoteOnBan: {
      schemas: ['channel/commands/VoteOnBan.v1'],
      plain: (command) => ({
        type: 'VoteOnBan',
        proposalId: command.proposalId,
        approve: command.approve,
        reason: command.reason,
      }),
    },
    WithdrawOffer: {
      schemas: ['channel/commands/WithdrawOffer.v1', 'channel/commands/WithdrawOffer.v2'],
      plain: (command) => ({
        type: 'WithdrawOffer',
        reason: command.reason,
      }),
    },
  },
}
