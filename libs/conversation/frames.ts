import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import type { LaneEvent, WhisperRow } from './projections/whisper-changes.ts'
import { whisperRow } from './projections/whisper-changes.ts'

type Frame = ServerFrameOf<'whispered'>

const bodyOf = (
  row: Pick<WhisperRow, 'type' | 'whisper_id' | 'peer_id' | 'name' | 'text' | 'up_to' | 'allow'>,
): Frame['event'] => {
  const peer = row.peer_id ?? ''
  switch (row.type) {
    case 'received':
      return { kind: 'received', id: row.whisper_id ?? '', from: { id: peer, name: row.name }, text: row.text }
    case 'sent':
      return { kind: 'sent', id: row.whisper_id ?? '', to: peer, text: row.text }
    case 'read':
      return { kind: 'read', with: peer, upTo: row.up_to ?? 0 }
    case 'settings':
      return { kind: 'settings', allow: row.allow ?? 'everybody' }
    case 'blocked':
    case 'unblocked':
      return { kind: row.type, account: peer }
  }
}

/** A row of the lane as its owner is shown it. */
export const frameOfRow = (row: Parameters<typeof bodyOf>[0] & Pick<WhisperRow, 'whisper_seq' | 'at'>): Frame => ({
  type: 'whispered',
  whisperSeq: row.whisper_seq,
  at: row.at,
  event: bodyOf(row),
})

/** An opened event as its owner is shown it. */
export const frameOf = (record: OutcomeRecord, event: LaneEvent): Frame => frameOfRow(whisperRow(record, event))
