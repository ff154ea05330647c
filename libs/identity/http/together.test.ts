import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createTogether } from './together.ts'

const setUp = (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const world = { busy: true }
  const together = createTogether({ isBusy: () => world.busy, waitMs: 80, most: 3 })
  const gone: string[] = []
  const come = (name: string) => together().then(() => gone.push(name))
  /** Lets what was resolved go on. */
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  return { world, come, gone, turn }
}

test('who comes while nobody waits is not held up', async (t) => {
  const { world, come, gone } = setUp(t)
  world.busy = false
  await come('a')
  assert.deepEqual(gone, ['a'])
})

test('who comes while others wait goes on with those that come soon', async (t) => {
  const { come, gone, turn } = setUp(t)
  void come('a')
  t.mock.timers.tick(79)
  void come('b')
  await turn()
  assert.deepEqual(gone, [])
  t.mock.timers.tick(1)
  await turn()
  assert.deepEqual(gone, ['a', 'b'])
  void come('c')
  t.mock.timers.tick(79)
  await turn()
  assert.deepEqual(gone, ['a', 'b'], 'the next wait is one of its own')
})

test('they go on at once when there are enough of them, and when nobody waits any more', async (t) => {
  const { world, come, gone } = setUp(t)
  await Promise.all([come('a'), come('b'), come('c')])
  assert.equal(gone.length, 3)
  const held = come('d')
  world.busy = false
  await come('e')
  await held
  assert.deepEqual(gone.slice(3), ['d', 'e'])
})
