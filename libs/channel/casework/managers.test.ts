import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { ManagedCommand } from '#libs/journal/manager.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { purely } from '#libs/testing/purely.ts'
import { channelsManager, channelsManagerTypes } from './managers.ts'

const shown = ({ key, type, version, payload, ifRejected }: ManagedCommand): unknown => [
  key,
  codecs.channel.decodeCommand({ type, version, bytes: payload }),
  ...(ifRejected ? [shown(ifRejected)] : []),
]

const after = (event: Opened<ChannelEvent>): readonly unknown[] =>
  purely(() => channelsManager.react({ key: '500' } as OutcomeRecord, [event])).map(shown)

test('a channel that follows another is a subscriber there, or does not follow it', () => {
  const end = ['500', { type: 'EndBanListSubscription', source: '600' }]
  assert.deepEqual(after({ type: 'BanListSubscribed', actor: '1', source: '600', mode: 'apply' }), [
    ['600', { type: 'AddBanListSubscriber', subscriber: '500' }, end],
  ])
  const left = { type: 'BanListUnsubscribed', actor: '1', source: '600', cause: 'left' } as const
  assert.deepEqual(after(left), [['600', { type: 'RemoveBanListSubscriber', subscriber: '500' }]])
  assert.deepEqual(after({ ...left, cause: 'refused' }), [])
  const withdrawn = { type: 'BanListPublished', actor: '1', published: false, subscribers: ['700'] } as const
  assert.deepEqual(after(withdrawn), [['700', { type: 'EndBanListSubscription', source: '500' }]])
})

test('bans go to who follows them', () => {
  const added = { type: 'BanListSubscriberAdded', subscriber: '700', members: ['7'] } as const
  const list = { type: 'ReceiveBanList', source: '500', added: ['7'], removed: [] }
  assert.deepEqual(after(added), [['700', list]])
  assert.deepEqual(after({ ...added, members: [] }), [])
  assert.deepEqual(after({ type: 'BanListChanged', subscribers: ['700', '800'], added: [], removed: ['7'] }), [
    ['700', { ...list, added: [], removed: ['7'] }],
    ['800', { ...list, added: [], removed: ['7'] }],
  ])
})

test('all channels of a group know of each other, and an act goes on in each', () => {
  const set = { type: 'ChannelGroupSet', actor: '1', ownerId: '1', channels: ['600', '700'], left: ['800'] } as const
  const adopt = (channels: string[]) => ({ type: 'AdoptChannelGroup', ownerId: '1', channels })
  assert.deepEqual(after(set), [
    ['600', adopt(['500', '700'])],
    ['700', adopt(['500', '600'])],
    ['800', adopt([])],
  ])
  const act = { actor: '1', act: 'ban', member: '7', durationMs: null, keys: ['home'] } as const
  assert.deepEqual(after({ type: 'GroupActed', channels: ['600'], ...act, reason: undefined }), [
    ['600', { type: 'ApplyGroupAct', source: '500', ...act, reason: null }],
  ])
})

test('those that a channel has left remain together', () => {
  const adopt = (channels: string[]) => ({ type: 'AdoptChannelGroup', ownerId: '1', channels })
  assert.deepEqual(after({ type: 'ChannelGroupLeft', ownerId: '1', channels: ['600', '700'] }), [
    ['600', adopt(['700'])],
    ['700', adopt(['600'])],
  ])
})

test('it reacts to the types that it names', () => {
  assert.deepEqual(channelsManager.types, channelsManagerTypes)
  assert.deepEqual(after({ type: 'LadderChanged', steps: [0] }), [])
})
