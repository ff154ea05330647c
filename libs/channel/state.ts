import { Map as ImmutableMap } from 'immutable'
import type { AssignableRole } from '#libs/access/roles.ts'
import type { Sealed } from '#libs/contracts/sealed.ts'
import { type Casework, noCasework } from './casework/casework.ts'
import type { Combo } from './emotes/combo.ts'
import type { ChannelEventOf } from './events.ts'
import { newOwnership, type Ownership } from './ownership/state.ts'
import { noPolicing, type Policing } from './policy/policing.ts'
import type { Poll } from './polls/state.ts'
import { type Emotes, noEmotes } from './state/emotes.ts'
import { type HeldMessages, noHeldMessages } from './state/held.ts'
import { type Marks, noMarks } from './state/marks.ts'
import { type Effective, type Modes, noModes } from './state/modes.ts'
import type { Nuke } from './state/nukes.ts'
import { defaultLadder, noOffences, type Offences } from './state/offences.ts'
import { noMessages, type RecentMessages } from './state/recent-messages.ts'
import { noTexts, type RecentTexts } from './state/recent-texts.ts'
import type { Retention } from './state/retention.ts'
import { type LastPosts, noPosts } from './state/slow-mode.ts'
import { noTimeouts, type Timeouts } from './state/timeouts.ts'

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

/** How long members wait between two posts; 0 where they do not. */
export const slowMs = ({ effective }: Pick<Channel, 'effective'>): number => (effective.slow ?? 0) * 1000
