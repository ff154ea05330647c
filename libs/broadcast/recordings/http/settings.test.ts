import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandOf, recordingSettingsRoutes } from './settings.ts'

test('a number that no command can carry is not of the form of the request', () => {
  const change = recordingSettingsRoutes.find(({ id }) => id === 'changeRecordings')
  for (const field of ['retentionDays', 'quotaBytes']) {
    const fits = (value: number) => change?.body?.safeParse({ [field]: value }).success
    assert.deepEqual([fits(1), fits(Number.MAX_SAFE_INTEGER)], [true, false], field)
  }
})

test('what nobody has said for a channel yet stays as the platform has it, and what was said as it was', () => {
  const known = { retentionDays: 30, clipRetentionDays: 7 }
  const nothing = { type: 'ChangeRecordings', isOn: null, quotaBytes: null } as const
  const off = commandOf({ isOn: false }, { isSet: false, ...known })
  assert.deepEqual(off, { ...nothing, isOn: false, ...known })
  const forGood = commandOf({ retentionDays: 0 }, { isSet: false, ...known })
  assert.deepEqual(forGood, { ...nothing, retentionDays: 0, clipRetentionDays: 7 })
  const clips = commandOf({ clipRetentionDays: 1 }, { isSet: true, ...known })
  assert.deepEqual(clips, { ...nothing, retentionDays: null, clipRetentionDays: 1 })
})
