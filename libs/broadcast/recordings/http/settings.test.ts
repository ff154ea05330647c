import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordingSettingsRoutes } from './settings.ts'

test('a number that no command can carry is not of the form of the request', () => {
  const change = recordingSettingsRoutes.find(({ id }) => id === 'changeRecordings')
  for (const field of ['retentionDays', 'quotaBytes']) {
    const fits = (value: number) => change?.body?.safeParse({ [field]: value }).success
    assert.deepEqual([fits(1), fits(Number.MAX_SAFE_INTEGER)], [true, false], field)
  }
})
