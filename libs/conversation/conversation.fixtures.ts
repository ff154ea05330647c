import { codecs } from '#libs/contracts/codecs.ts'
import type { Copied } from '#libs/contracts/sealed.ts'
import { specification } from '#libs/testing/specification.ts'
import { conversationDecider } from './decider.ts'
import type { ConversationDraft, ConversationDraftOf } from './events.ts'

/** Whose whispers they are, and who whispers. */
export const receiver = '1000'
export const sender = '2000'
export const otherSender = '2001'

export const byInboxes = { principal: 'manager/inboxes' }
export const byWhispers = { principal: 'manager/whispers' }
export const byReceiver = { principal: receiver }

type Fields<Type extends ConversationDraft['type']> = Partial<Omit<ConversationDraftOf<Type>, 'type'>>

export const received = (fields: Fields<'WhisperReceived'> = {}): ConversationDraft => ({
  type: 'WhisperReceived',
  whisperSeq: 1,
  sender,
  senderName: 'Sender',
  text: 'psst',
  ...fields,
})

export const sent = (fields: Fields<'WhisperSent'> = {}): ConversationDraft => ({
  type: 'WhisperSent',
  whisperSeq: 1,
  whisperId: 'command-1',
  sender: receiver,
  receiver: sender,
  receivedEvent: 'command-1/0',
  senderName: Buffer.from('name') as Copied,
  text: Buffer.from('text') as Copied,
  ...fields,
})

/** Given these events of the receiver's, when that command comes from the sender, then … */
export const { given } = specification(conversationDecider, {
  key: receiver,
  seal: codecs.conversation.sealEvent,
  context: { principal: sender, facts: { displayName: 'Sender' } },
})
