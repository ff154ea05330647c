import { isPerson } from '#libs/access/principal.ts'
import type { Copied } from '#libs/contracts/sealed.ts'
import type { DecideContext, Decision, Rejection } from '#libs/journal/decider.ts'
import type { ConversationCommand, ConversationCommandOf } from './commands.ts'
import { reject } from './errors.ts'
import type { ConversationDraft } from './events.ts'
import {
  closed,
  inboxesManager,
  notAnother,
  notManager,
  notOwner,
  notWanted,
  tooOften,
  whispersManager,
} from './rules/senders.ts'
import { unfitText } from './rules/text.ts'
import type { Inbox } from './state.ts'

type Decide<Command> = (command: Command, inbox: Inbox, context: DecideContext) => Decision<ConversationDraft>

/** The rules of an account's whispers, each command's in the order in which a person is told of them. */
export const decide: Decide<ConversationCommand> = (command, inbox, context) => {
  switch (command.type) {
    case 'SendWhisper':
      return sendWhisper(command, inbox, context)
    case 'RecordSentWhisper':
      return recordSentWhisper(command, inbox, context)
    case 'MarkWhispersRead':
      return markWhispersRead(command, inbox, context)
    case 'ChangeWhisperSettings':
      return changeWhisperSettings(command, inbox, context)
    case 'RecordBlock':
      return recordBlock(command, inbox, context)
    case 'RecordUnblock':
      return recordUnblock(command, inbox, context)
    case 'CloseInbox':
      return notManager(inboxesManager, context) ?? accept(inbox.closed ? [] : [{ type: 'InboxClosed' }])
  }
}

const accept = (events: readonly ConversationDraft[]): Decision<ConversationDraft> => ({
  kind: 'accepted',
  events,
  // The number in the lane is the receiver's alone: it would tell how much is whispered to them.
  summary: {},
})

/** The sender's name is a soft fact, stamped by the edge. */
const sendWhisper: Decide<ConversationCommandOf<'SendWhisper'>> = ({ text }, inbox, context) =>
  notAnother(inbox, context) ??
  closed(inbox) ??
  unfitText(text) ??
  notWanted(inbox, context) ??
  tooOften(inbox, context) ??
  accept([
    {
      type: 'WhisperReceived',
      whisperSeq: inbox.whisperSeq + 1,
      sender: context.principal,
      senderName: context.facts.displayName ?? context.principal,
      text,
    },
  ])

const recordSentWhisper: Decide<ConversationCommandOf<'RecordSentWhisper'>> = (sent, inbox, context) =>
  notManager(whispersManager, context) ??
  closed(inbox) ??
  accept([
    {
      type: 'WhisperSent',
      whisperSeq: inbox.whisperSeq + 1,
      whisperId: sent.whisperId,
      sender: inbox.accountId,
      receiver: sent.receiver,
      receivedEvent: sent.receivedEvent,
      senderName: sent.senderName as Copied,
      text: sent.text as Copied,
    },
  ])

const peerInvalid = ({ accountId }: Inbox, peer: string): Rejection | undefined =>
  isPerson(peer) && peer !== accountId ? undefined : reject('conversation.peer_invalid')

const notReached = ({ whisperSeq }: Inbox, upTo: number): Rejection | undefined =>
  upTo >= 1 && upTo <= whisperSeq ? undefined : reject('conversation.nothing_to_read', { whisperSeq })

const markWhispersRead: Decide<ConversationCommandOf<'MarkWhispersRead'>> = ({ peer, upTo }, inbox, context) =>
  notOwner(inbox, context) ??
  closed(inbox) ??
  peerInvalid(inbox, peer) ??
  notReached(inbox, upTo) ??
  accept([{ type: 'WhispersRead', whisperSeq: inbox.whisperSeq + 1, peer, upTo }])

const changeWhisperSettings: Decide<ConversationCommandOf<'ChangeWhisperSettings'>> = ({ allow }, inbox, context) =>
  notOwner(inbox, context) ??
  closed(inbox) ??
  accept(allow === inbox.allow ? [] : [{ type: 'WhisperSettingsChanged', whisperSeq: inbox.whisperSeq + 1, allow }])

const recordBlock: Decide<ConversationCommandOf<'RecordBlock'>> = ({ blocked: sender }, inbox, context) =>
  notManager(inboxesManager, context) ??
  closed(inbox) ??
  accept(inbox.blocked.has(sender) ? [] : [{ type: 'SenderBlocked', whisperSeq: inbox.whisperSeq + 1, sender }])

const recordUnblock: Decide<ConversationCommandOf<'RecordUnblock'>> = ({ blocked: sender }, inbox, context) =>
  notManager(inboxesManager, context) ??
  closed(inbox) ??
  accept(inbox.blocked.has(sender) ? [{ type: 'SenderUnblocked', whisperSeq: inbox.whisperSeq + 1, sender }] : [])
