import type { Decider } from '#libs/journal/decider.ts'
import type { ConversationCommand } from './commands.ts'
import { decide } from './decide.ts'
import type { ConversationDraft, ConversationEvent } from './events.ts'
import { decodeState, encodeState, evolve, type Inbox, initial } from './state.ts'

/** The rules of the family `conversation`: what is whispered to an account, and by it. */
export const conversationDecider: Decider<Inbox, ConversationCommand, ConversationEvent, ConversationDraft> = {
  family: 'conversation',
  stateVersion: 2,
  initial,
  decide,
  evolve,
  due: () => undefined,
  dueCommand: (name) => {
    throw new RangeError(`whispers have no due time ${name}`)
  },
  encodeState,
  decodeState,
  // What is whispered is the sender's own; what is carried to the sender is sealed already.
  subjects: ({ type }, principal) => (type === 'SendWhisper' ? [principal] : []),
}
