import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { RE2Set } from 're2js'
import { memoryBytes, patternSetOf, renewedAfter } from './patterns.ts'

/** A text of two letters that is the same for the same number, and has no period. */
const textOf = (number: number, length = 512): string => {
  let state = number * 2 + 1
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state & 65_536 ? 'a' : 'b'
  }).join('')
}

/** How much of the patterns all states together are about that sets have built: what is dear in them. */
const builtIn = (t: TestContext): (() => number) => {
  const set = new RE2Set(RE2Set.UNANCHORED)
  set.add('a')
  set.compile()
  const dfa = Object.getPrototypeOf(set.dfa)
  const { getState } = dfa
  let all = 0
  // The mocks of node keep a stack for each of the hundred thousand calls.
  dfa.getState = function counted(steps: readonly number[], ...others: readonly unknown[]) {
    const state = getState.call(this, steps, ...others)
    if (state) all += steps.length
    return state
  }
  t.after(() => {
    dfa.getState = getState
  })
  return () => all
}

/** Each character of such a text has a state of its own. */
const explosive = ['(?:[ab]{0,100}a[ab]{60})z']
/** Of one state at least eight bytes are for each step in it. */
const mostBuilt = memoryBytes / 8

test('a pattern whose states are without number builds as many as there is memory for, and no others for each text', (t) => {
  const { isIn } = patternSetOf(explosive)
  const built = builtIn(t)
  for (let number = 0; number < 20; number++) assert.equal(isIn(textOf(number)), false)
  assert.ok(built() > mostBuilt / 4, `${built()}`)
  assert.ok(built() <= mostBuilt, `${built()}`)
  const full = built()
  for (let number = 20; number < 40; number++) assert.equal(isIn(`${textOf(number)}${'a'.repeat(61)}z`), true)
  assert.ok(built() <= mostBuilt, `${built() - full} more`)
})

test('what was remembered makes room for what is said by then, once in many texts', (t) => {
  const { isIn } = patternSetOf(explosive)
  const built = builtIn(t)
  const short = (from: number, to: number) => {
    for (let number = from; number < to; number++) isIn(textOf(number, 120))
  }
  short(0, renewedAfter)
  const once = built()
  assert.ok(once <= mostBuilt, `${once}`)
  short(renewedAfter, renewedAfter * 2)
  const twice = built() - once
  assert.ok(twice > mostBuilt / 4 && twice <= mostBuilt, `${twice}`)
})

test('with states or without, the same is found', () => {
  const patterns = ['a[ab]{30}z', '[ab]{0,40}bb[ab]{20}y', 'zaby']
  const { isIn } = patternSetOf(patterns)
  const plain = patterns.map((pattern) => new RegExp(pattern, 'i'))
  for (let number = 0; number < 300; number++) {
    const text = `${textOf(number, 200)}${['z', 'Y', 'zab', '', 'ZABY'][number % 5]}${textOf(number + 7, 100)}`
    assert.equal(
      isIn(text),
      plain.some((each) => each.test(text)),
      text,
    )
  }
})
