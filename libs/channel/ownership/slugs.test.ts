import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { purely } from '#libs/testing/purely.ts'
import { slugsManager } from './slugs.ts'

const renamed = { type: 'ChannelRenamed', seq: 6, slug: 'lounge', slugKey: 'new', previousKey: 'old' } as const

test('the slug before goes out of use behind a change, and one that is the same, written otherwise, does not', () => {
  const react = (event: Parameters<typeof slugsManager.react>[1][number]) =>
    purely(() => slugsManager.react({ key: '500' } as OutcomeRecord, [event])).map(
      ({ family, key, type, version, payload }) => [
        family,
        key,
        codecs.account.decodeCommand({ type, version, bytes: payload }),
      ],
    )
  assert.deepEqual(react(renamed), [['account', 'old', { type: 'RetireHandle', holderId: '500' }]])
  assert.deepEqual(react({ ...renamed, previousKey: null }), [])
  assert.deepEqual(react({ ...renamed, previousKey: 'new' }), [])
  assert.deepEqual(slugsManager.types, ['ChannelRenamed'])
})
