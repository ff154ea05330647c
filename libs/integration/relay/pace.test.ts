import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPace } from './pace.ts'

const paced = () => {
  let time = 0
  const pace = createPace(() => time)
  return { pace, pass: (ms: number) => (time += ms) }
}

test('a quiet partition gathers for a second', () => {
  const { pace, pass } = paced()
  for (let post = 0; post < 30; post++) {
    pace.took(1)
    pass(200)
    assert.equal(pace.ms(), 1_000)
  }
})

test('a busy one is followed closely from its first fifty outcomes on, and goes on so while it is busy', () => {
  const { pace, pass } = paced()
  pace.took(49)
  assert.equal(pace.ms(), 1_000)
  pace.took(1)
  assert.equal(pace.ms(), 25)
  for (let second = 0; second < 5; second++) {
    pass(1_000)
    assert.equal(pace.ms(), 25, 'right after a window has turned, too')
    pace.took(60)
  }
})

test('what was busy and has fallen silent is quiet again', () => {
  const { pace, pass } = paced()
  pace.took(500)
  pass(1_100)
  assert.equal(pace.ms(), 25)
  pass(1_100)
  assert.equal(pace.ms(), 1_000)
})
