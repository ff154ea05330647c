import { codecs } from '#libs/contracts/codecs.ts'
import type { IdentityEvent } from '#libs/contracts/generated/identity.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { ManagedCommand, Manager } from '#libs/journal/manager.ts'
import { type EncodedEvent, eventId, type OutcomeRecord } from '#libs/journal/outcome.ts'
import type { ConversationCommand } from './commands.ts'
import type { OpenedConversationEvent } from './events.ts'
import { inboxesManager, whispersManager } from './rules/senders.ts'

const toInbox = (key: string, command: ConversationCommand): ManagedCommand => {
  const { type, version, bytes } = codecs.conversation.encodeCommand(command)
  return { family: 'conversation', key, type, version, payload: bytes }
}

/** Carries blocks and erasures from accounts to their whispers, where they decide. */
export const inboxes: Manager<Opened<IdentityEvent>> = {
  name: inboxesManager,
  family: 'account',
  react: (_outcome, events) =>
    events.flatMap((event) => {
      switch (event.type) {
        case 'AccountBlocked':
          return [toInbox(event.accountId, { type: 'RecordBlock', blocked: event.blocked })]
        case 'AccountUnblocked':
          return [toInbox(event.accountId, { type: 'RecordUnblock', blocked: event.blocked })]
        case 'AccountErased':
          return [toInbox(event.accountId, { type: 'CloseInbox' })]
        default:
          return []
      }
    }),
}

/** The sender's copy: the ciphertexts as they are, so that it goes with the sender's key like the original. */
const afterReceived = ({ key: receiver, commandId }: OutcomeRecord, encoded: EncodedEvent, index: number) => {
  const event = codecs.conversation.decodeEvent(encoded)
  if (event.type !== 'WhisperReceived') return []
  const { sender, senderName, text } = event
  const receivedEvent = eventId(commandId, index)
  return [
    toInbox(sender, { type: 'RecordSentWhisper', whisperId: commandId, receiver, receivedEvent, senderName, text }),
  ]
}

/** Tells who has whispered that it has arrived, so that their other devices have it too. */
export const whispers: Manager<OpenedConversationEvent> = {
  name: whispersManager,
  family: 'conversation',
  react: (record) =>
    record.outcome.kind === 'accepted'
      ? record.outcome.events.flatMap((encoded, index) => afterReceived(record, encoded, index))
      : [],
}
