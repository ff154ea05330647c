import assert from 'node:assert/strict'
import { test } from 'node:test'
import { madePast } from './past.fixtures.ts'
import { compiled, sketchKey, t0 } from './policy.fixtures.ts'
import { openTrial, type PastMessage, type TrialResult } from './trial.ts'

const tried = (policy: ReturnType<typeof compiled>, messages: readonly PastMessage[]): TrialResult => {
  const trial = openTrial(policy, sketchKey)
  for (let from = 0; from < messages.length; from += 700) trial.take(messages.slice(from, from + 700))
  return trial.result()
}

const blocksGrifters = { id: 'grifters', kind: 'phrases', phrases: [{ text: 'grifter' }] }

test('over 12,000 past messages the confusion matrix is the one that was made', () => {
  const past = madePast(7, 12_000, t0)
  const { blockedModerated, blockedLeft, otherModerated, otherLeft } = past
  const result = tried(compiled(blocksGrifters), past.messages)
  assert.equal(result.messages, 12_000)
  assert.deepEqual(result.confusion, {
    truePositive: blockedModerated,
    falsePositive: blockedLeft,
    falseNegative: otherModerated,
    trueNegative: otherLeft,
  })
  assert.ok(blockedModerated > 300 && blockedLeft > 50 && otherModerated > 50)
  assert.equal(result.precision, blockedModerated / (blockedModerated + blockedLeft))
  assert.equal(result.recall, blockedModerated / (blockedModerated + otherModerated))
  assert.equal(result.verdicts.reject, blockedModerated + blockedLeft)
  assert.deepEqual(result.rules, [
    {
      rule: 'grifters',
      kind: 'phrases',
      shadow: false,
      hits: blockedModerated + blockedLeft,
      moderated: blockedModerated,
    },
  ])
  assert.equal(result.disagreements.length, 100)
  assert.ok(result.disagreements.every(({ rule, moderated }) => (rule === 'grifters') !== moderated))
})

test('a rule in shadow is counted, and stops nothing', () => {
  const past = madePast(8, 1_000, t0)
  const result = tried(compiled({ ...blocksGrifters, mode: 'shadow' }), past.messages)
  assert.equal(result.rules[0]?.hits, past.blockedModerated + past.blockedLeft)
  assert.equal(result.confusion.truePositive, 0)
  assert.equal(result.precision, null)
  assert.equal(result.recall, 0)
})

test('rules that look back see the past as it would have been', () => {
  const wave = Array.from(
    { length: 10 },
    (_, index): PastMessage => ({
      ...(madePast(1, 1, t0).messages[0] as PastMessage),
      at: t0 + index * 1_000,
      author: String(index),
      text: `visit my channel for free followers and a chance to win ${index}`,
      moderated: index >= 4,
    }),
  )
  const result = tried(compiled({ kind: 'similarity', messages: 4, resemblance: 0.7 }), wave)
  assert.deepEqual(result.confusion, { truePositive: 6, falsePositive: 0, falseNegative: 0, trueNegative: 4 })
})

test('without any past there is nothing to say', () => {
  const { precision, recall, messages } = tried(compiled(blocksGrifters), [])
  assert.deepEqual({ precision, recall, messages }, { precision: null, recall: null, messages: 0 })
})
