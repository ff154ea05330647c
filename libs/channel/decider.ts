import type { Decider } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import { nextApplying } from './casework/ban-lists.ts'
import { earliestLapse } from './casework/proposals.ts'
import type { ChannelCommand } from './commands.ts'
import { decide } from './decide.ts'
import type { ChannelDraft, ChannelEvent } from './events.ts'
import { evidenceOf } from './evidence/evidence.ts'
import { evolve } from './evolve.ts'
import { decodeState, encodeState } from './state/codec.ts'
import { heldUntil } from './state/held.ts'
import { type Channel, initial } from './state.ts'

/**
 * Accounts whose keys a command's drafts may be sealed with: texts, topics and reasons are the sender's own, and messages
 * that it is about are their authors'.
 */
const subjects = (
  command: ChannelCommand,
  principal: string,
  _key: string,
  facts: Readonly<Record<string, string>>,
): readonly string[] => {
  const own =
    'text' in command || 'topic' in command || 'reason' in command || 'words' in command || 'question' in command
      ? [principal]
      : []
  const sealed = command.type === 'ApplyGroupAct' ? [...own, command.actor] : own
  return facts.evidence === undefined ? sealed : [...sealed, ...evidenceOf(facts).map(({ author }) => author)]
}

/** What wants a command at its time, each under a name of its own. */
const dues = ({
  timeouts,
  marks,
  held,
  retention,
  poll,
  casework,
}: Channel): readonly { readonly name: DueName; readonly at: Instant | undefined }[] => [
  { name: 'timeouts', at: timeouts.earliest },
  { name: 'terms', at: marks.earliest },
  { name: 'held', at: heldUntil(held) },
  { name: 'retention', at: retention?.nextAt },
  { name: 'poll', at: poll?.endsAt },
  { name: 'proposals', at: earliestLapse(casework.proposals) },
  { name: 'ban_lists', at: nextApplying(casework) },
]

const dueCommands = {
  timeouts: (dueAt: Instant) => ({ type: 'EndTimeouts', dueAt }),
  terms: (dueAt: Instant) => ({ type: 'EndTerms', dueAt }),
  held: (dueAt: Instant) => ({ type: 'EndTerms', dueAt }),
  retention: (dueAt: Instant) => ({ type: 'TrimHistory', dueAt }),
  poll: (dueAt: Instant) => ({ type: 'ExpirePoll', dueAt }),
  proposals: (dueAt: Instant) => ({ type: 'EndTerms', dueAt }),
  ban_lists: (dueAt: Instant) => ({ type: 'ApplyBanLists', dueAt }),
} as const satisfies Readonly<Record<string, (dueAt: Instant) => ChannelCommand>>

type DueName = keyof typeof dueCommands

const earliestDue = (channel: Channel): { readonly name: DueName; readonly at: Instant } | undefined => {
  let earliest: { readonly name: DueName; readonly at: Instant } | undefined
  for (const { name, at } of dues(channel))
    if (at !== undefined && (earliest === undefined || at < earliest.at)) earliest = { name, at }
  return earliest
}

/** The rules of the family `channel`: chat and moderation of one channel, decided together. */
export const channelDecider: Decider<Channel, ChannelCommand, ChannelEvent, ChannelDraft> = {
  family: 'channel',
  stateVersion: 8,
  initial,
  decide,
  evolve,
  due: earliestDue,
  dueCommand: (name, at) => dueCommands[name as DueName](at),
  encodeState,
  decodeState,
  subjects,
}
