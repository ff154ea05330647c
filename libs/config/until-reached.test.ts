import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineRefused } from './refusal.ts'
import { untilReached } from './until-reached.ts'

const refused = (reason: 'unreachable' | 'credentials_refused') => new EngineRefused('kafka', reason, 'refused')
const withinMs = 60_000

test('an engine that is not there yet is asked again until it answers', async () => {
  let attempts = 0
  await untilReached(
    async () => {
      attempts++
      if (attempts < 3) throw refused('unreachable')
    },
    { withinMs },
  )
  assert.equal(attempts, 3)
})

test('what it refuses it refuses for good, and one that never answers is given up', async () => {
  const attempt = async () => {
    throw refused('credentials_refused')
  }
  await assert.rejects(untilReached(attempt, { withinMs }), { code: 'kafka.credentials_refused' })
  const away = async () => {
    throw refused('unreachable')
  }
  await assert.rejects(untilReached(away, { withinMs: 0 }), { code: 'kafka.unreachable' })
})

test('who is told to end waits for no answer, and asks no more', async () => {
  const ending = new AbortController()
  const silent = untilReached(() => new Promise(() => {}), { withinMs, signal: ending.signal })
  let attempts = 0
  const away = untilReached(
    async () => {
      attempts++
      throw refused('unreachable')
    },
    { withinMs, signal: ending.signal },
  )
  ending.abort()
  await assert.rejects(silent, { name: 'AbortError' })
  await assert.rejects(away, { name: 'AbortError' })
  assert.equal(attempts, 1)
  await assert.rejects(
    untilReached(async () => assert.fail('nobody is asked'), { withinMs, signal: ending.signal }),
    { name: 'AbortError' },
  )
})
