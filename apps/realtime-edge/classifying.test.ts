import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Classification } from '#libs/policy/subject.ts'
import { createClassifying } from './classifying.ts'

const said = (label: string): Classification => ({ kind: 'classified', label, score: 1, version: '1' })

test('posts of one account keep their order, however the model answers; others do not wait', async () => {
  const answers = new Map<string, PromiseWithResolvers<Classification>>()
  const classifying = createClassifying(({ text }) => {
    const answer = Promise.withResolvers<Classification>()
    answers.set(text, answer)
    return answer.promise
  })
  const sent: string[] = []
  const done = Promise.withResolvers<void>()
  const post = (accountId: string, text: string) =>
    classifying(accountId, { channel: '1', text }, { verified: 'true' }, (facts) => {
      sent.push(`${text} ${JSON.stringify(facts)}`)
      if (sent.length === 3) done.resolve()
    })
  post('ann', 'first')
  post('ann', 'second')
  post('bob', 'other')
  answers.get('second')?.resolve({ kind: 'unavailable' })
  answers.get('other')?.resolve(said('fine'))
  await answers.get('other')?.promise
  await new Promise(setImmediate)
  assert.deepEqual(sent, [
    'other {"verified":"true","classifier":"answered","classifierLabel":"fine","classifierScore":"1","classifierVersion":"1"}',
  ])
  answers.get('first')?.resolve(said('toxic'))
  await done.promise
  assert.deepEqual(sent.slice(1), [
    'first {"verified":"true","classifier":"answered","classifierLabel":"toxic","classifierScore":"1","classifierVersion":"1"}',
    'second {"verified":"true","classifier":"unavailable"}',
  ])
})

test('without a model a post goes at once, or when its facts are there', async () => {
  const classifying = createClassifying(undefined)
  const sent: unknown[] = []
  classifying('ann', { channel: '1', text: 'hi' }, {}, (facts) => sent.push(facts))
  assert.deepEqual(sent, [{}])
  classifying('ann', { channel: '1', text: 'hi' }, Promise.resolve({ verified: 'true' as const }), (facts) =>
    sent.push(facts),
  )
  await new Promise(setImmediate)
  assert.deepEqual(sent, [{}, { verified: 'true' }])
})
