import { test } from 'node:test'
import {
  broadcaster,
  created,
  given,
  logged,
  moderator,
  posted,
  roleAssigned,
  settingsChanged,
  viewer,
} from '../channel.fixtures.ts'
import type { ChannelDraft } from '../events.ts'
import { maxSlowModeSeconds } from './settings.ts'

const change = (fields: { topic?: string; slowModeSeconds?: number }) =>
  ({ type: 'ChangeSettings', topic: null, slowModeSeconds: null, ...fields, reason: null }) as const
const byBroadcaster = { principal: broadcaster }

const topicLogged = (actor = broadcaster) => logged({ actor, action: 'set_text', label: 'topic' })

test('broadcaster and moderators change settings, members do not', () => {
  const history = [created(), roleAssigned({ member: moderator, role: 'moderator' })]
  given(history)
    .when({ ...change({ topic: 'new', slowModeSeconds: 5 }), reason: 'raid' }, { principal: moderator })
    .then(
      [
        settingsChanged({ seq: 3, actor: moderator, topic: 'new', slowModeSeconds: 5 }),
        logged({ actor: moderator, action: 'set_text', label: 'topic', reason: 'raid' }),
        logged({ actor: moderator, action: 'set_mode', mode: 'slow', value: 5, reason: 'raid', moderationSeq: 2 }),
      ],
      { seq: 3, moderationSeq: 2 },
    )
  given(history)
    .when({ ...change({ topic: 'new' }), reason: 'a\nb' }, { principal: moderator })
    .thenRejected({ code: 'channel.text_invalid', field: 'reason' })
  given(history)
    .when(change({ topic: 'new' }), { principal: viewer })
    .thenRejected({ code: 'channel.forbidden', action: 'change_settings' })
})

test('a change of nothing is refused', () => {
  given([created()]).when(change({}), byBroadcaster).thenRejected({ code: 'channel.nothing_to_change' })
})

test('slow mode has bounds', () => {
  for (const slowModeSeconds of [0, 1, maxSlowModeSeconds])
    given([created()])
      .when(change({ slowModeSeconds }), byBroadcaster)
      .then([
        settingsChanged({ slowModeSeconds }),
        logged({ actor: broadcaster, action: 'set_mode', mode: 'slow', value: slowModeSeconds || null }),
      ])
  for (const slowModeSeconds of [-1, 1.5, maxSlowModeSeconds + 1, Number.NaN])
    given([created()])
      .when(change({ slowModeSeconds }), byBroadcaster)
      .thenRejected({ code: 'channel.slow_mode_out_of_range', maxSeconds: maxSlowModeSeconds })
})

test('settings change by the version that was seen: that of the record which changed them last', () => {
  // Record 1 creates, 2 changes, 3 is something else.
  const history = [created(), settingsChanged({ topic: 'old' }), posted({ seq: 3 })]
  given(history)
    .when(change({ topic: 'new' }), { ...byBroadcaster, expectedVersion: 2 })
    .then([settingsChanged({ seq: 4, topic: 'new' }), topicLogged()])
  for (const expectedVersion of [1, 3])
    given(history)
      .when(change({ topic: 'new' }), { ...byBroadcaster, expectedVersion })
      .thenRejected({ code: 'channel.version_conflict', version: 2 })
  given([created()])
    .when(change({ topic: 'new' }), { ...byBroadcaster, expectedVersion: 1 })
    .then([settingsChanged({ topic: 'new' }), topicLogged()])
})

test('all that a channel shows of itself is one version, whichever way it was changed', () => {
  const since = 0
  const changes: readonly ChannelDraft[] = [
    { type: 'RetentionChanged', seq: 2, actor: broadcaster, days: 30 },
    { type: 'ModeChanged', seq: 2, actor: broadcaster, mode: 'read_only', value: 1, since },
    { type: 'TextChanged', seq: 2, actor: broadcaster, kind: 'welcome', text: 'Hello', version: 1 },
    { type: 'PinChanged', seq: 2, actor: broadcaster, messageId: 'm', messageSeq: 1 },
    { type: 'ChannelReopened', seq: 2, actor: broadcaster },
    { type: 'ChannelRenamed', seq: 2, slug: 'lounge', slugKey: 'key', previousKey: null },
  ]
  for (const changed of changes) {
    const history = [created(), changed, posted({ seq: 3 })]
    given(history)
      .when(change({ topic: 'new' }), { ...byBroadcaster, expectedVersion: 1 })
      .thenRejected({ code: 'channel.version_conflict', version: 2 })
    given(history)
      .when(change({ topic: 'new' }), { ...byBroadcaster, expectedVersion: 2 })
      .then([settingsChanged({ seq: 4, topic: 'new' }), topicLogged()])
  }
})

test('the list of roles has a version of its own', () => {
  const history = [
    created(),
    roleAssigned({ member: moderator, role: 'moderator' }),
    settingsChanged({ seq: 3, topic: '' }),
  ]
  const assign = { type: 'AssignRole', member: viewer, role: 'vip', reason: null } as const
  given(history)
    .when(assign, { ...byBroadcaster, expectedVersion: 3 })
    .thenRejected({ code: 'channel.version_conflict', version: 2 })
  given(history)
    .when({ ...assign, role: 'bot' }, { ...byBroadcaster, expectedVersion: 1 })
    .thenRejected({ code: 'channel.version_conflict', version: 2 })
})
