import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calmLog } from './calm-log.ts'

test('a message that comes again and again is told a few times, and then how often it was left out', () => {
  let now = 0
  const lines: string[] = []
  const log = calmLog(
    (level, message, fields) => lines.push(`${level} ${message} ${JSON.stringify(fields)}`),
    () => now,
  )
  for (let times = 0; times < 100; times++) log('warn', 'away', { partition: times })
  log('warn', 'something else', {})
  log('debug', 'a detail', {})
  assert.deepEqual(lines, [
    ...[0, 1, 2, 3, 4].map((partition) => `warn away {"partition":${partition}}`),
    'warn something else {}',
    'debug a detail {}',
  ])
  lines.length = 0
  now = 9_999
  log('warn', 'away', {})
  assert.deepEqual(lines, [])
  now = 10_000
  log('info', 'back', {})
  assert.deepEqual(lines, ['warn away {"leftOut":96}', 'info back {}'])
  for (let times = 0; times < 6; times++) log('debug', 'a detail', {})
  assert.equal(lines.length, 8)
})

test('that groups wait for a new broker is a detail, until they have waited for long', () => {
  let now = 5_000
  const levels: string[] = []
  const log = calmLog(
    (level) => levels.push(level),
    () => now,
  )
  log('warn', 'a group waits', { error: 'KafkaJSGroupCoordinatorNotFound: Failed to find group coordinator' })
  log('warn', 'Crash: KafkaJSProtocolError: The coordinator is loading and cannot process requests', {})
  log('warn', 'a group waits', { error: 'refused' })
  now += 10_000
  log('warn', 'a group waits', { error: 'KafkaJSGroupCoordinatorNotFound: Failed to find group coordinator' })
  assert.deepEqual(levels, ['debug', 'debug', 'warn', 'warn'])
})
