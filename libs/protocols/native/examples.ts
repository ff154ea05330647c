import { actExamples } from './acts.ts'
import { caseworkBodyExamples } from './casework.ts'
import type { ClientFrame } from './client-frames.ts'
import { nativeLimits } from './limits.ts'
import { nukeExamples } from './nukes.ts'
import { ownershipBodyExamples, ownershipPersonalExamples } from './ownership.ts'
import { pollBodyExamples, pollExample, runningPollExample } from './polls.ts'
import { questionExamples } from './questions.ts'
import type { EventBody, ServerFrame } from './server-frames.ts'
import { moreWhisperExamples, whisperExamples } from './whispers.ts'

const channel = '1001'
const messageId = '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10'
const otherMessageId = '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a0f'
const epoch = '01937b00-0000-7000-8000-000000000001'
const at = 1_733_000_000_000

/** An example of every frame that a client sends; they stand in the AsyncAPI document and are run by the tests. */
export const clientExamples: { readonly [Type in ClientFrame['type']]: Extract<ClientFrame, { type: Type }> } = {
  auth: { type: 'auth', token: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl' },
  join: { type: 'join', channel, from: { epoch, seq: 41 } },
  leave: { type: 'leave', channel },
  post: { type: 'post', id: messageId, channel, text: 'Hello, @bob', replyTo: otherMessageId },
  act: { type: 'act', id: messageId, channel, act: actExamples['set-mode'] },
  nuke: nukeExamples.nuke,
  'follow-whispers': whisperExamples['follow-whispers'],
  whisper: whisperExamples.whisper,
  status: { type: 'status', afk: true, watching: { platform: 'youtube', id: 'dQw4w9WgXcQ' } },
  query: questionExamples.query,
  command: questionExamples.command,
  ping: { type: 'ping' },
}

/** An example of every frame that the edge sends. */
export const serverExamples: { readonly [Type in ServerFrame['type']]: Extract<ServerFrame, { type: Type }> } = {
  hello: {
    type: 'hello',
    protocol: 1,
    epoch,
    session: '5f1c0d0e9a7b4c21',
    serverTime: at,
    limits: nativeLimits,
  },
  authenticated: { type: 'authenticated', account: { id: '42', name: 'Ada' } },
  joined: {
    type: 'joined',
    channel,
    epoch,
    slug: 'lobby',
    seq: 43,
    next: 42,
    role: null,
    settings: {
      topic: 'Be kind',
      slowModeSeconds: 5,
      modes: [{ mode: 'slow', value: 5, actor: '1', since: at }],
    },
    poll: runningPollExample,
    pin: { id: messageId, seq: 40 },
    texts: [{ of: 'rules', text: 'Be kind.', version: 1 }],
    timeouts: [{ member: '43', until: at + 600_000 }],
    ban: { until: null },
  },
  left: { type: 'left', channel },
  outcome: {
    type: 'outcome',
    id: messageId,
    status: 'rejected',
    code: 'channel.timed_out',
    detail: { remainingMs: 45_000 },
  },
  'nuke-found': nukeExamples['nuke-found'],
  answer: questionExamples.answer,
  event: {
    type: 'event',
    channel,
    seq: 42,
    at,
    event: {
      kind: 'message',
      id: messageId,
      author: { id: '42', name: 'Ada' },
      text: 'Hello, @bob',
      replyTo: { id: otherMessageId, author: '43', thread: otherMessageId },
      entities: [{ kind: 'mention', from: 7, to: 11, name: 'bob' }],
      role: 'moderator',
    },
  },
  moderation: {
    type: 'moderation',
    channel,
    moderationSeq: 7,
    at,
    entry: { actor: '1', action: 'timeout', member: '43', durationMs: 600_000, reason: 'spam' },
  },
  personal: {
    type: 'personal',
    channel,
    at,
    event: { kind: 'marked', mark: 'warning', until: null, value: null, reason: 'No spoilers, please' },
  },
  presence: { type: 'presence', channel, count: 3, joined: [{ id: '42', name: 'Ada', afk: true }], left: ['43'] },
  broadcast: { type: 'broadcast', channel, at, broadcast: messageId, state: 'live' },
  poll: pollExample,
  whispers: whisperExamples.whispers,
  whispered: whisperExamples.whispered,
  skip: { type: 'skip', channel, from: 43, to: 43 },
  gap: { type: 'gap', channel, lane: 'public', from: 12, to: 400, cause: 'too_old' },
  erased: { type: 'erased', account: '43' },
  error: { type: 'error', code: 'live.rate_limited', message: 'too many posts', id: messageId, retryAfterMs: 900 },
  pong: { type: 'pong', serverTime: at },
  closing: { type: 'closing', reconnectAfterMs: 1500 },
}

/** An example of everything else that is shown to everybody in a channel. */
export const eventExamples: readonly EventBody[] = [
  { kind: 'channel-created', owner: '1' },
  { kind: 'message-edited', messageId, messageSeq: 40, text: 'Hello, all' },
  { kind: 'message-deleted', messageId, messageSeq: 40 },
  { kind: 'timeout', member: '43', until: at + 600_000 },
  { kind: 'timeout-ended', member: '43', cause: 'expired' },
  { kind: 'settings', topic: 'Be kind', slowModeSeconds: 5 },
  { kind: 'role', member: '43', role: 'vip' },
  { kind: 'ban', member: '43', until: null },
  { kind: 'ban-ended', member: '43', cause: 'lifted' },
  { kind: 'messages-deleted', author: '43', messageSeqs: null },
  { kind: 'messages-restored', messageSeqs: [38, 39] },
  { kind: 'pin', actor: '1', message: { id: messageId, seq: 40 } },
  { kind: 'text', of: 'rules', text: 'Be kind.', version: 1 },
  { kind: 'emote-added', actor: '1', emote: { id: messageId, name: 'catJAM', moving: true, width: 32, tier: null } },
  { kind: 'emote-changed', actor: '1', emote: { id: messageId, name: 'catJAM', tier: 1, enabled: true } },
  { kind: 'emote-removed', actor: '1', emote: { id: messageId } },
  ...ownershipBodyExamples,
  ...pollBodyExamples,
  { kind: 'retention', actor: '1', days: 30 },
  { kind: 'channel-closed' },
  { kind: 'channel-reopened' },
  { kind: 'mode', mode: 'emote_only', value: 1, actor: '1' },
  { kind: 'subscription', member: '43', tier: 2, until: at + 2_592_000_000 },
  { kind: 'subscription-ended', member: '43', cause: 'expired' },
]

/** More examples of a frame, by its type: one of every act, and one of every kind of event. */
export const moreExamples: Readonly<Record<string, readonly (ClientFrame | ServerFrame)[]>> = {
  act: Object.values(actExamples).map((act) => ({ type: 'act', id: messageId, channel, act })),
  event: eventExamples.map((event) => ({ type: 'event', channel, seq: 42, at, event })),
  personal: [...caseworkBodyExamples, ...ownershipPersonalExamples].map((event) => ({
    type: 'personal',
    channel,
    at,
    event,
  })),
  ...moreWhisperExamples,
}
