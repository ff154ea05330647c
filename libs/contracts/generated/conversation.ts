// Generated from schemas/conversation/ by `npm run generate`.
import type { Contract } from '../contract.ts'
import type { Copied, Sealed } from '../sealed.ts'

/** The account is erased: nobody whispers to it any more. */
export type InboxClosed = {
  readonly type: 'InboxClosed'
}

/** The account has blocked another one, which may not whisper to it. */
export type SenderBlocked = {
  readonly type: 'SenderBlocked'
  /** Number in the account's lane of whispers: gap-free, from 1. */
  readonly whisperSeq: number
  /** Account id. */
  readonly sender: string
}

/** The account has taken a block back. */
export type SenderUnblocked = {
  readonly type: 'SenderUnblocked'
  /** Number in the account's lane of whispers: gap-free, from 1. */
  readonly whisperSeq: number
  /** Account id. */
  readonly sender: string
}

/** Somebody has whispered to the account. The whisper has the id of the command. */
export type WhisperReceived = {
  readonly type: 'WhisperReceived'
  /** Number in the account's lane of whispers: gap-free, from 1. */
  readonly whisperSeq: number
  /** Account id. */
  readonly sender: string
  /** Display name at the time. Sealed with the key of `sender`. */
  readonly senderName: Sealed
  /** 1 to 512 code points. Sealed with the key of `sender`. */
  readonly text: Sealed
}

/** What the account has whispered has arrived. Its texts are the ciphertexts of the event of the receiver. */
export type WhisperSent = {
  readonly type: 'WhisperSent'
  /** Number in the account's lane of whispers: gap-free, from 1. */
  readonly whisperSeq: number
  /** Id of the command that sent it. */
  readonly whisperId: string
  /** Account id: whose lane this is. */
  readonly sender: string
  /** Account id. */
  readonly receiver: string
  /** Id of the event whose sealed fields these are. */
  readonly receivedEvent: string
  /** Display name at the time. Sealed with the key of `sender`, as in the event `receivedEvent`. */
  readonly senderName: Copied
  /** 1 to 512 code points. Sealed with the key of `sender`, as in the event `receivedEvent`. */
  readonly text: Copied
}

/** Who may whisper to the account has changed. */
export type WhisperSettingsChanged = {
  readonly type: 'WhisperSettingsChanged'
  /** Number in the account's lane of whispers: gap-free, from 1. */
  readonly whisperSeq: number
  /** Everybody, whom the account follows, or nobody. */
  readonly allow: 'everybody' | 'followed' | 'nobody'
}

/** What somebody has whispered was read. Nobody else is told. */
export type WhispersRead = {
  readonly type: 'WhispersRead'
  /** Number in the account's lane of whispers: gap-free, from 1. */
  readonly whisperSeq: number
  /** Account id of who had whispered. */
  readonly peer: string
  /** The last number in this lane that was read. */
  readonly upTo: number
}

/** Says who may whisper to the account. */
export type ChangeWhisperSettings = {
  readonly type: 'ChangeWhisperSettings'
  /** Everybody, whom the account follows, or nobody. */
  readonly allow: 'everybody' | 'followed' | 'nobody'
}

/** The account is erased; sent by the manager of inboxes. */
export type CloseInbox = {
  readonly type: 'CloseInbox'
}

/** What somebody has whispered was read. */
export type MarkWhispersRead = {
  readonly type: 'MarkWhispersRead'
  /** Account id of who had whispered. */
  readonly peer: string
  /** The last number in one's own lane that was read. */
  readonly upTo: number
}

/** The account has blocked another one; sent by the manager of inboxes. */
export type RecordBlock = {
  readonly type: 'RecordBlock'
  /** Account id. */
  readonly blocked: string
}

/** Tells who has whispered that it has arrived; sent by the manager of whispers. */
export type RecordSentWhisper = {
  readonly type: 'RecordSentWhisper'
  /** Id of the command that sent it. */
  readonly whisperId: string
  /** Account id. */
  readonly receiver: string
  /** Id of the event whose ciphertexts these are. */
  readonly receivedEvent: string
  /** Display name, sealed with the sender's key as of that event. */
  readonly senderName: Buffer
  /** Sealed with the sender's key as of that event. */
  readonly text: Buffer
}

/** The account has taken a block back; sent by the manager of inboxes. */
export type RecordUnblock = {
  readonly type: 'RecordUnblock'
  /** Account id. */
  readonly blocked: string
}

/** Whispers to the account that the command is addressed to. The whisper has the id of the command. */
export type SendWhisper = {
  readonly type: 'SendWhisper'
  /** 1 to 512 code points. */
  readonly text: string
}

export type ConversationEvent =
  | InboxClosed
  | SenderBlocked
  | SenderUnblocked
  | WhisperReceived
  | WhisperSent
  | WhisperSettingsChanged
  | WhispersRead

export type ConversationCommand =
  | ChangeWhisperSettings
  | CloseInbox
  | MarkWhispersRead
  | RecordBlock
  | RecordSentWhisper
  | RecordUnblock
  | SendWhisper

/** By type the fields that may be left out, as null: spread below those that are given. */
export const conversationAbsent = {
} as const

const none: readonly string[] = []

export const conversation: Contract<ConversationEvent, ConversationCommand> = {
  events: {
    InboxClosed: {
      schemas: ['conversation/events/InboxClosed.v1'],
      sealed: {},
      plain: () => ({
        type: 'InboxClosed',
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    SenderBlocked: {
      schemas: ['conversation/events/SenderBlocked.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'SenderBlocked',
        whisperSeq: event.whisperSeq,
        sender: event.sender,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    SenderUnblocked: {
      schemas: ['conversation/events/SenderUnblocked.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'SenderUnblocked',
        whisperSeq: event.whisperSeq,
        sender: event.sender,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    WhisperReceived: {
      schemas: ['conversation/events/WhisperReceived.v1'],
      sealed: { senderName: 'sender', text: 'sender' },
      plain: (event) => ({
        type: 'WhisperReceived',
        whisperSeq: event.whisperSeq,
        sender: event.sender,
        senderName: event.senderName,
        text: event.text,
      }),
      seal: (event, id, seal) => ({
        type: 'WhisperReceived',
        whisperSeq: event.whisperSeq,
        sender: event.sender,
        senderName: seal(event.sender, id, 'senderName', event.senderName),
        text: seal(event.sender, id, 'text', event.text),
      }),
      open: (event, id, open) => ({
        type: 'WhisperReceived',
        whisperSeq: event.whisperSeq,
        sender: event.sender,
        senderName: open(event.sender, id, 'senderName', event.senderName),
        text: open(event.sender, id, 'text', event.text),
      }),
      subjects: (event) => [event.sender],
    },
    WhisperSent: {
      schemas: ['conversation/events/WhisperSent.v1'],
      sealed: { senderName: 'sender', text: 'sender' },
      plain: (event) => ({
        type: 'WhisperSent',
        whisperSeq: event.whisperSeq,
        whisperId: event.whisperId,
        sender: event.sender,
        receiver: event.receiver,
        receivedEvent: event.receivedEvent,
        senderName: event.senderName,
        text: event.text,
      }),
      seal: (event) => event,
      open: (event, _id, open) => ({
        type: 'WhisperSent',
        whisperSeq: event.whisperSeq,
        whisperId: event.whisperId,
        sender: event.sender,
        receiver: event.receiver,
        receivedEvent: event.receivedEvent,
        senderName: open(event.sender, event.receivedEvent, 'senderName', event.senderName as Buffer as Sealed),
        text: open(event.sender, event.receivedEvent, 'text', event.text as Buffer as Sealed),
      }),
      subjects: (event) => [event.sender],
    },
    WhisperSettingsChanged: {
      schemas: ['conversation/events/WhisperSettingsChanged.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'WhisperSettingsChanged',
        whisperSeq: event.whisperSeq,
        allow: event.allow,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    WhispersRead: {
      schemas: ['conversation/events/WhispersRead.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'WhispersRead',
        whisperSeq: event.whisperSeq,
        peer: event.peer,
        upTo: event.upTo,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
  },
  commands: {
    ChangeWhisperSettings: {
      schemas: ['conversation/commands/ChangeWhisperSettings.v1'],
      plain: (command) => ({
        type: 'ChangeWhisperSettings',
        allow: command.allow,
      }),
    },
    CloseInbox: {
      schemas: ['conversation/commands/CloseInbox.v1'],
      plain: () => ({
        type: 'CloseInbox',
      }),
    },
    MarkWhispersRead: {
      schemas: ['conversation/commands/MarkWhispersRead.v1'],
      plain: (command) => ({
        type: 'MarkWhispersRead',
        peer: command.peer,
        upTo: command.upTo,
      }),
    },
    RecordBlock: {
      schemas: ['conversation/commands/RecordBlock.v1'],
      plain: (command) => ({
        type: 'RecordBlock',
        blocked: command.blocked,
      }),
    },
    RecordSentWhisper: {
      schemas: ['conversation/commands/RecordSentWhisper.v1'],
      plain: (command) => ({
        type: 'RecordSentWhisper',
        whisperId: command.whisperId,
        receiver: command.receiver,
        receivedEvent: command.receivedEvent,
        senderName: command.senderName,
        text: command.text,
      }),
    },
    RecordUnblock: {
      schemas: ['conversation/commands/RecordUnblock.v1'],
      plain: (command) => ({
        type: 'RecordUnblock',
        blocked: command.blocked,
      }),
    },
    SendWhisper: {
      schemas: ['conversation/commands/SendWhisper.v1'],
      plain: (command) => ({
        type: 'SendWhisper',
        text: command.text,
      }),
    },
  },
}
