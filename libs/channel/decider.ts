import type { Decider } from '#libs/journal/decider.ts'
import type { ChannelCommand } from './commands.ts'
import { decide } from './decide.ts'
import type { ChannelDraft, ChannelEvent } from './events.ts'
import { type Channel, evolve, initial } from './state.ts'
import { decodeState, encodeState } from './state-codec.ts'

/** Accounts whose keys a command's drafts may be sealed with: texts, topics and reasons are the sender's own. */
const subjects = (command: ChannelCommand, principal: string): readonly string[] => {
  switch (command.type) {
    case 'PostMessage':
    case 'ChangeSettings':
    case 'TimeOutMember':
      return [principal]
    default:
      return []
  }
}

/** The rules of the family `channel`: chat and moderation of one channel, decided together. */
export const channelDecider: Decider<Channel, ChannelCommand, ChannelEvent, ChannelDraft> = {
  family: 'channel',
  stateVersion: 1,
  initial,
  decide,
  evolve,
  due: ({ timeouts: { earliest } }) => (earliest === undefined ? undefined : { name: 'timeouts', at: earliest }),
  dueCommand: (_name, at) => ({ type: 'EndTimeouts', dueAt: at }),
  encodeState,
  decodeState,
  subjects,
}
