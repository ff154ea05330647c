import type { ReceivedCommand } from './command.ts'
import type { WrittenEntry } from './envelope.ts'

/** Values whose bytes of version 1 stand in `fixtures/envelope.v1.json`, to be decoded for ever. */

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

const posted = {
  kind: 'outcome',
  claim: 120,
  n: 4711,
  at: 1_780_000_000_123,
  key: '1042',
  commandOffset: 998,
  commandId: '0197b2f0-1c00-7000-8000-00000000002a',
  commandType: 'PostMessage',
  principal: '1001',
  origin: 'realtime-edge-1',
  stateVersion: 3,
  fingerprint: 'pZGm1Av0IEBKARczz7exkA',
} as const

export const entriesOfVersion1: Readonly<Record<string, WrittenEntry>> = {
  claim: {
    kind: 'claim',
    nonce: '5b1c/7',
    owner: '5b1c',
    stateVersion: 3,
    logId: '0d9ff2c7-3a2c-4f62-8a53-0f3f5e7b8d11',
    partitions: 16,
  },
  claimAfterAgedOut: {
    kind: 'claim',
    nonce: '5b1c/8',
    owner: '5b1c',
    stateVersion: 3,
    logId: '0d9ff2c7-3a2c-4f62-8a53-0f3f5e7b8d11',
    partitions: 16,
    agedOut: { from: 12, to: 9_007_199_254_740_990 },
  },
  attempt: { kind: 'attempt', claim: 120, n: 4710, commandOffset: 998, commandId: posted.commandId, attempt: 2 },
  accepted: {
    ...posted,
    outcome: {
      kind: 'accepted',
      events: [
        { type: 'MessagePosted', version: 1, bytes: Buffer.from('0102ff', 'hex') },
        { type: 'ModerationLogged', version: 2, bytes: Buffer.alloc(0) },
      ],
      summary: { seq: 17 },
    },
    traceparent,
    correlation: 'c-1',
  },
  rejected: {
    ...posted,
    outcome: { kind: 'rejected', code: 'chat.timed_out', detail: { remainingMs: 45_000 } },
  },
  repeated: {
    ...posted,
    outcome: { kind: 'repeated', firstN: 4700, summary: { kind: 'accepted', summary: { seq: 16, ü: true } } },
  },
  byManager: {
    ...posted,
    principal: 'manager/handles',
    manager: { name: 'handles', partition: 3, n: 88 },
    outcome: { kind: 'accepted', events: [], summary: {} },
  },
}

const command = {
  key: '1042',
  offset: 998,
  id: posted.commandId,
  principal: '1001',
  type: 'PostMessage',
  version: 1,
  payload: Buffer.from('0a68616c6c6f', 'hex'),
  facts: { displayName: 'Änne' },
  origin: 'realtime-edge-1',
} as const

export const commandsOfVersion1: Readonly<Record<string, ReceivedCommand>> = {
  ofClient: { ...command, expiresAt: 1_780_000_010_000, expectedVersion: 12, traceparent, correlation: 'c-1' },
  ofManager: { ...command, principal: 'manager/handles', manager: { name: 'handles', partition: 0, n: 5 }, facts: {} },
}
