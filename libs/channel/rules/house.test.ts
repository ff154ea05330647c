import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { happened } from '#libs/testing/specification.ts'
import { broadcaster, created, given, logged, moderator, posted, staffed, viewer } from '../channel.fixtures.ts'
import type { ChannelDraft } from '../events.ts'

const post = { type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hi' } as const
const byOwner = { principal: broadcaster }
const line = happened(posted(), { commandId: 'line' })
const pinned = (seq: number, messageId: string | null, messageSeq: number | null): ChannelDraft => ({
  type: 'PinChanged',
  seq,
  actor: broadcaster,
  messageId,
  messageSeq,
})

test('a message is pinned in place of another, and the pin taken away', () => {
  given([created(), line])
    .when({ type: 'PinMessage', messageId: 'line', reason: null }, byOwner)
    .then([
      pinned(3, 'line', 2),
      logged({ actor: broadcaster, action: 'pin_message', member: viewer, messageId: 'line' }),
    ])
  given([created(), line, pinned(3, 'line', 2)])
    .when({ type: 'PinMessage', messageId: null, reason: null }, byOwner)
    .then([pinned(4, null, null), logged({ actor: broadcaster, action: 'unpin_message' })])
  given([created(), line])
    .when({ type: 'PinMessage', messageId: null, reason: null }, byOwner)
    .thenRejected({ code: 'channel.nothing_pinned' })
  given([created(), line])
    .when({ type: 'PinMessage', messageId: 'line', reason: null })
    .thenRejected({ code: 'channel.forbidden', action: 'pin_messages' })
})

test('what only its author sees is not pinned', () => {
  given([created(), happened(posted({ seenBy: 'author' }), { commandId: 'line' })])
    .when({ type: 'PinMessage', messageId: 'line', reason: null }, byOwner)
    .thenRejected({ code: 'channel.message_unknown' })
})

const rules = (seq: number, text: string | null, version: number): ChannelDraft => ({
  type: 'TextChanged',
  seq,
  actor: broadcaster,
  kind: 'rules',
  text,
  version,
})
const setRules = (text: string | null) => ({ type: 'SetText', kind: 'rules', text, reason: null }) as const

test('rules have lines, a length and a version that grows', () => {
  given([created()])
    .when(setRules('Be kind.\nNo spoilers.'), byOwner)
    .then([
      rules(2, 'Be kind.\nNo spoilers.', 1),
      logged({ actor: broadcaster, action: 'set_text', value: 1, label: 'rules' }),
    ])
  given([created(), rules(2, 'Be kind.', 1)])
    .when(setRules(null), byOwner)
    .then([rules(3, null, 2), logged({ actor: broadcaster, action: 'set_text', value: 2, label: 'rules' })])
  given([created()])
    .when(setRules('a'.repeat(2_001)), byOwner)
    .thenRejected({ code: 'channel.text_too_long', field: 'text', max: 2_000 })
  given([created()]).when(setRules(' \n '), byOwner).thenRejected({ code: 'channel.text_blank' })
  for (const unfit of ['a\rb', 'Be kind.\n\u202eb', 'a\u00a0b'])
    given([created()]).when(setRules(unfit), byOwner).thenRejected({ code: 'channel.text_invalid', field: 'text' })
})

test('where there are rules, members post once they have accepted them as they are now', () => {
  const house = [created(), rules(2, 'Be kind.', 1)]
  const accepted = (version: number) => ({ facts: { displayName: 'Viewer', rulesAccepted: `${version}` } })
  given(house).when(post).thenRejected({ code: 'channel.rules_unaccepted', version: 1 })
  given(house)
    .when(post, accepted(1))
    .then([posted({ seq: 3 })])
  given([...house, rules(3, 'Be kinder.', 2)])
    .when(post, accepted(1))
    .thenRejected({ code: 'channel.rules_unaccepted', version: 2 })
  given([...house, rules(3, null, 2)])
    .when(post)
    .then([posted({ seq: 4 })])
  given(house)
    .when({ type: 'AcceptRules', version: 1 })
    .then([{ type: 'RulesAccepted', member: viewer, version: 1 }])
  given(house).when({ type: 'AcceptRules', version: 2 }).thenRejected({ code: 'channel.rules_outdated', version: 1 })
  given([created()])
    .when({ type: 'AcceptRules', version: 1 })
    .thenRejected({ code: 'channel.rules_outdated', version: 0 })
})

test('nobody posts in a closed channel, and only its broadcaster closes it', () => {
  const closed: ChannelDraft = { type: 'ChannelClosed', seq: 2, actor: broadcaster }
  given([created()])
    .when({ type: 'CloseChannel', reason: 'moved' }, byOwner)
    .then([closed, logged({ actor: broadcaster, action: 'close_channel', reason: 'moved' })])
  for (const principal of [viewer, broadcaster])
    given([created(), closed]).when(post, { principal }).thenRejected({ code: 'channel.closed' })
  given([created(), closed])
    .when({ type: 'ReopenChannel', reason: null }, byOwner)
    .then([
      { type: 'ChannelReopened', seq: 3, actor: broadcaster },
      logged({ actor: broadcaster, action: 'reopen_channel' }),
    ])
  given([created()]).when({ type: 'ReopenChannel', reason: null }, byOwner).thenRejected({ code: 'channel.open' })
  given(staffed)
    .when({ type: 'CloseChannel', reason: null }, { principal: moderator })
    .thenRejected({ code: 'channel.forbidden', action: 'close_channel' })
})
