import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedStatus, jointStatus, sameStatus } from './status.ts'

const stream = { platform: 'youtube', id: 'abc' }

test('what a change leaves out stays as it was', () => {
  assert.deepEqual(changedStatus(undefined, { afk: true }), { afk: true })
  assert.deepEqual(changedStatus({ afk: true }, { watching: stream }), { afk: true, watching: stream })
  assert.deepEqual(changedStatus({ afk: true, watching: stream }, { afk: false }), { watching: stream })
  assert.equal(changedStatus({ watching: stream }, { watching: null }), undefined)
  assert.equal(changedStatus(undefined, {}), undefined)
})

test('who is away at one edge only is not away', () => {
  assert.equal(jointStatus({ afk: true }, undefined), undefined)
  assert.deepEqual(jointStatus({ afk: true }, { afk: true, watching: stream }), { afk: true, watching: stream })
})

test('two of a kind are told from two others', () => {
  assert.ok(sameStatus(undefined, undefined))
  assert.ok(sameStatus({ watching: stream }, { watching: { ...stream } }))
  assert.ok(!sameStatus({ afk: true }, undefined))
  assert.ok(!sameStatus({ watching: stream }, { watching: { ...stream, id: 'other' } }))
})
