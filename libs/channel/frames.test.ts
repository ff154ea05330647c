import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { serverFrameSchema } from '#libs/protocols/native/server-frames.ts'
import { personalFrame } from './frames/personal.ts'
import { laneFrame, type NumberedEvent } from './frames.ts'

const commandId = '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10'

const frameOf = (event: NumberedEvent) => {
  const made = laneFrame('1001', event, 1_700_000_000_000, commandId)
  assert.deepEqual(serverFrameSchema.parse(made.frame), made.frame)
  return made
}

test('a message is shown with its author; its text is its author’s', () => {
  const { frame, subject, number } = frameOf({
    type: 'MessagePosted',
    ...channelAbsent.MessagePosted,
    seq: 7,
    author: '42',
    authorName: 'Ada',
    text: 'hi',
  })
  assert.deepEqual(
    [subject, number, frame.type === 'event' && frame.event],
    ['42', 7, { kind: 'message', id: commandId, author: { id: '42', name: 'Ada' }, text: 'hi' }],
  )
})

test('whatever cannot be opened is the same skip', () => {
  for (const event of [
    {
      type: 'MessagePosted',
      ...channelAbsent.MessagePosted,
      seq: 7,
      author: '42',
      authorName: undefined,
      text: undefined,
    },
    { type: 'SettingsChanged', seq: 7, actor: '42', topic: undefined, slowModeSeconds: 5 },
  ] as const)
    assert.deepEqual(frameOf(event).frame, { type: 'skip', channel: '1001', from: 7, to: 7 })
})

test('a deletion names the number that it hides', () => {
  const { hides } = frameOf({
    type: 'MessageDeleted',
    ...channelAbsent.MessageDeleted,
    seq: 8,
    messageId: commandId,
    messageSeq: 7,
    author: '42',
  })
  assert.deepEqual(hides, { numbers: [7] })
})

test('settings show only what was changed, and a topic that was taken away as null', () => {
  const changed = (topic: string | null, slowModeSeconds: number | null) => {
    const { frame } = frameOf({ type: 'SettingsChanged', seq: 2, actor: '1', topic, slowModeSeconds })
    return frame.type === 'event' && frame.event
  }
  assert.deepEqual(changed(null, 5), { kind: 'settings', slowModeSeconds: 5 })
  assert.deepEqual(changed('Be kind', null), { kind: 'settings', topic: 'Be kind' })
  assert.deepEqual(changed('', null), { kind: 'settings', topic: null })
})

test('what a moderator did is in the lane of moderation, without what was left out or erased', () => {
  const logged = {
    type: 'ModerationLogged',
    ...channelAbsent.ModerationLogged,
    moderationSeq: 3,
    actor: '1',
    action: 'time_out_member',
    member: '42',
    messageId: null,
    durationMs: 60_000,
    role: null,
  } as const
  const { lane, frame, subject } = frameOf({ ...logged, reason: 'spam' })
  assert.deepEqual([lane, subject], ['moderation', '1'])
  assert.deepEqual(frame.type === 'moderation' && frame.entry, {
    actor: '1',
    action: 'time_out_member',
    member: '42',
    reason: 'spam',
    durationMs: 60_000,
  })
  const erased = frameOf({ ...logged, reason: undefined }).frame
  assert.equal(erased.type === 'moderation' && 'reason' in erased.entry, false)
})

test('timeouts, roles and the creation are shown', () => {
  const kinds = [
    frameOf({ type: 'MemberTimedOut', seq: 2, member: '42', until: 1_700_000_060_000 }),
    frameOf({ type: 'TimeoutEnded', seq: 3, member: '42', cause: 'expired' }),
    frameOf({ type: 'RoleAssigned', seq: 4, member: '42', role: null }),
    frameOf({ type: 'ChannelCreated', seq: 1, channelId: '1001', ownerId: '1', slug: null }),
  ].map(({ frame }) => frame.type === 'event' && frame.event.kind)
  assert.deepEqual(kinds, ['timeout', 'timeout-ended', 'role', 'channel-created'])
})

test('a member is told of a permit for links, and when it is used up', () => {
  const marked = { type: 'MemberMarked', actor: '1', member: '42', mark: 'link_permit', until: 9, value: 1 } as const
  const body = (event: Parameters<typeof personalFrame>[1]) => {
    const frame = personalFrame('1001', event, 5)?.frame
    return frame && serverFrameSchema.parse(frame).type === 'personal' ? frame.event : undefined
  }
  assert.deepEqual(body({ ...marked, reason: null }), { kind: 'marked', mark: 'link_permit', until: 9, value: 1 })
  assert.deepEqual(body({ type: 'MarkEnded', member: '42', mark: 'link_permit', cause: 'used' }), {
    kind: 'mark-ended',
    mark: 'link_permit',
    cause: 'used',
  })
  assert.equal(body({ ...marked, reason: null, mark: 'shadow' }), undefined)
})
