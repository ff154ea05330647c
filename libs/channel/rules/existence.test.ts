import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { broadcaster, channelId, created, given, timedOutUntil, viewer } from '../channel.fixtures.ts'
import type { ChannelCommand } from '../commands.ts'

const create = { type: 'CreateChannel', ownerId: broadcaster, slug: 'lobby' } as const

test('the manager of handles and the system create channels of any name', () => {
  for (const principal of ['manager/handles', 'system'])
    given([]).when(create, { principal }).then([created()], { seq: 1 })
})

test('people create their own channel, which has their id and no slug', () => {
  const own = { type: 'CreateChannel', ownerId: channelId, slug: null } as const
  given([])
    .when(own, { principal: channelId })
    .then([created({ ownerId: channelId, slug: null })])
  for (const [command, principal] of [
    [{ ...own, slug: 'mine' }, channelId],
    [{ ...own, ownerId: viewer }, viewer],
    [own, viewer],
    [create, broadcaster],
    [create, 'manager/clock'],
  ] as const)
    given([]).when(command, { principal }).thenRejected({ code: 'channel.forbidden', action: 'create_channel' })
})

test('a channel is created once', () => {
  given([created()]).when(create, { principal: 'system' }).thenRejected({ code: 'channel.exists' })
})

test('nothing can be done in a channel that does not exist', () => {
  const commands: readonly ChannelCommand[] = [
    { type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hi' },
    { type: 'ChangeSettings', topic: 'new', slowModeSeconds: null, reason: null },
    { type: 'DeleteMessage', ...channelAbsent.DeleteMessage, messageId: 'given-2' },
    { type: 'TimeOutMember', member: viewer, durationMs: 1_000, reason: null, messages: null },
    { type: 'LiftTimeout', reason: null, member: viewer },
    { type: 'AssignRole', member: viewer, role: null, reason: null },
  ]
  for (const command of commands)
    given([]).when(command, { principal: broadcaster }).thenRejected({ code: 'channel.unknown' })
  given([])
    .when({ type: 'EndTimeouts', dueAt: 0 }, { principal: 'manager/clock' })
    .thenRejected({ code: 'channel.unknown' })
})

test('only the clock ends timeouts', () => {
  for (const principal of [broadcaster, 'system', 'manager/handles'])
    given([created(), timedOutUntil(1)])
      .when({ type: 'EndTimeouts', dueAt: 1 }, { principal })
      .thenRejected({ code: 'channel.forbidden', action: 'end_timeouts' })
})
