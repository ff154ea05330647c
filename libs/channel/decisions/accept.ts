import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { DecideContext, Decision } from '#libs/journal/decider.ts'
import type { Detail } from '#libs/journal/outcome.ts'
import type { ChannelDraft, ChannelDraftOf } from '../events.ts'
import { keptEvidence } from '../evidence/evidence.ts'
import type { Channel } from '../state.ts'

/** What a channel decides on a command: a function of its arguments alone. */
export type Decide<Command> = (command: Command, channel: Channel, context: DecideContext) => Decision<ChannelDraft>

/** One event of the public lane. */
export const accept = (channel: Channel, event: ChannelDraft, summary: Detail = {}): Decision<ChannelDraft> => ({
  kind: 'accepted',
  events: [event],
  summary: { ...summary, seq: channel.seq + 1 },
})

export type LogEntry = Pick<ChannelDraftOf<'ModerationLogged'>, 'action'> & Partial<ChannelDraftOf<'ModerationLogged'>>

/** What a moderator did and why, for the moderators. */
export const logEntry = (channel: Channel, { principal }: DecideContext, entry: LogEntry): ChannelDraft => ({
  type: 'ModerationLogged',
  ...channelAbsent.ModerationLogged,
  moderationSeq: channel.moderationSeq + 1,
  actor: principal,
  ...entry,
})

/** What was done, for everybody, and who did it and why, for the moderators. */
export const acceptModeration = (
  channel: Channel,
  context: DecideContext,
  event: ChannelDraft,
  entry: LogEntry,
): Decision<ChannelDraft> => ({
  kind: 'accepted',
  events: [event, logEntry(channel, context, entry), ...keptEvidence(context.facts)],
  summary: { seq: channel.seq + 1, moderationSeq: channel.moderationSeq + 1 },
})

/** What nobody but the moderators is told of; the events stand in no lane. */
export const acceptHidden = (
  channel: Channel,
  context: DecideContext,
  events: readonly ChannelDraft[],
  entry: LogEntry,
): Decision<ChannelDraft> => ({
  kind: 'accepted',
  events: [...events, logEntry(channel, context, entry), ...keptEvidence(context.facts)],
  summary: { moderationSeq: channel.moderationSeq + 1 },
})
