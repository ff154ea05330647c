import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { storable } from '#libs/readmodel/events.ts'
import type { ConversationEvent, OpenedConversationEvent } from '../events.ts'
import type { Allowed } from '../state.ts'

/** Types of an account's lane of whispers, each with a `whisperSeq`. */
export const laneTypes = [
  'SenderBlocked',
  'SenderUnblocked',
  'WhisperReceived',
  'WhisperSent',
  'WhisperSettingsChanged',
  'WhispersRead',
] as const satisfies readonly ConversationEvent['type'][]

export type LaneEvent = Extract<OpenedConversationEvent, { readonly type: (typeof laneTypes)[number] }>

export type WhisperRow = {
  readonly account_id: string
  readonly whisper_seq: number
  readonly type: 'received' | 'sent' | 'read' | 'settings' | 'blocked' | 'unblocked'
  readonly at: number
  readonly n: number
  readonly whisper_id: string | null
  readonly peer_id: string | null
  /** Whose key had sealed `name` and `text`. */
  readonly author_id: string | null
  readonly name: string | null
  readonly text: string | null
  readonly up_to: number | null
  readonly allow: Allowed | null
}

/** Without `allow`: as it was. */
export type InboxRow = Pick<WhisperRow, 'account_id' | 'whisper_seq' | 'allow'>

const nothing = {
  whisper_id: null,
  peer_id: null,
  author_id: null,
  name: null,
  text: null,
  up_to: null,
  allow: null,
} as const

const contentOf = (event: LaneEvent, commandId: string): Partial<WhisperRow> & Pick<WhisperRow, 'type'> => {
  switch (event.type) {
    case 'WhisperReceived': {
      const { sender, senderName, text } = event
      const words = { author_id: sender, name: storable(senderName), text: storable(text) }
      return { type: 'received', whisper_id: commandId, peer_id: sender, ...words }
    }
    case 'WhisperSent': {
      const { whisperId, receiver, sender, senderName, text } = event
      const words = { author_id: sender, name: storable(senderName), text: storable(text) }
      return { type: 'sent', whisper_id: whisperId, peer_id: receiver, ...words }
    }
    case 'WhispersRead':
      return { type: 'read', peer_id: event.peer, up_to: event.upTo }
    case 'WhisperSettingsChanged':
      return { type: 'settings', allow: event.allow }
    case 'SenderBlocked':
      return { type: 'blocked', peer_id: event.sender }
    case 'SenderUnblocked':
      return { type: 'unblocked', peer_id: event.sender }
  }
}

export const whisperRow = ({ key, at, n, commandId }: OutcomeRecord, event: LaneEvent): WhisperRow => ({
  account_id: key,
  whisper_seq: event.whisperSeq,
  at,
  n,
  ...nothing,
  ...contentOf(event, commandId),
})

/** What a batch of events comes to; the last word on each inbox. */
export const whisperChanges = (
  happened: readonly { readonly record: OutcomeRecord; readonly event: OpenedConversationEvent }[],
): { readonly whispers: readonly WhisperRow[]; readonly inboxes: readonly InboxRow[] } => {
  const whispers = happened.flatMap(({ record, event }) =>
    event.type === 'InboxClosed' ? [] : [whisperRow(record, event)],
  )
  const inboxes = new Map<string, InboxRow>()
  for (const { account_id, whisper_seq, allow } of whispers)
    inboxes.set(account_id, { account_id, whisper_seq, allow: allow ?? inboxes.get(account_id)?.allow ?? null })
  return { whispers, inboxes: [...inboxes.values()] }
}
