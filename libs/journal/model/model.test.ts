import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownerRules } from '../owner/rules.ts'
import { explore, walk } from './explore.ts'
import { type Budget, modelOf, noFaults } from './world.ts'

const oneOfEach: Budget = { ...noFaults, crash: 1, timeout: 1, lost: 1, doubled: 1, late: 1, snapshot: 1, hole: 1 }

test('two owners, three commands, and any one mishap: every reachable world keeps the rules', (t) => {
  const budget = { ...oneOfEach, claims: 2, mishaps: 1 }
  const { states, counterexample } = explore(
    modelOf({ owners: 2, turns: [2], idleClaims: 99, commands: ['a', 'b', 'a'], budget }, ownerRules),
  )
  t.diagnostic(`${states} distinct states`)
  assert.equal(counterexample, undefined)
  assert.ok(states > 300_000, `${states} states`)
})

test('two owners, three commands, and one of each mishap together: the nearest 310,000 worlds keep the rules', (t) => {
  const budget = { ...oneOfEach, claims: 3, mishaps: 7 }
  const { states, counterexample } = explore(
    modelOf({ owners: 2, turns: [2], idleClaims: 99, commands: ['a', 'b', 'a'], budget }, ownerRules),
    310_000,
  )
  t.diagnostic(`${states} distinct states`)
  assert.equal(counterexample, undefined)
  assert.ok(states > 300_000, `${states} states`)
})

test('two owners, and a crash, a timeout and a snapshot together: every reachable world keeps the rules', (t) => {
  const budget = { ...noFaults, claims: 2, mishaps: 3, crash: 1, timeout: 1, snapshot: 1 }
  const { states, counterexample } = explore(
    modelOf({ owners: 2, turns: [3], idleClaims: 99, commands: ['a', 'b', 'a'], budget }, ownerRules),
  )
  t.diagnostic(`${states} distinct states`)
  assert.equal(counterexample, undefined)
})

test('three owners, one of each mishap in one life, 4,000 random walks: every world keeps the rules', (t) => {
  const model = modelOf(
    { owners: 3, turns: [1, 2], commands: ['a', 'b', 'a', 'c', 'b'], budget: { ...oneOfEach, claims: 6, mishaps: 7 } },
    ownerRules,
  )
  let steps = 0
  for (let seed = 1; seed <= 4_000; seed++) {
    const { states, counterexample } = walk(model, seed, 120)
    assert.equal(counterexample, undefined, `seed ${seed}`)
    steps += states
  }
  t.diagnostic(`${steps} steps`)
})

test('the walks find what is wrong as well: without the claim in the rule they run into a counterexample', () => {
  const model = modelOf(
    { owners: 3, turns: [1, 2], commands: ['a', 'b', 'a', 'c', 'b'], budget: { ...oneOfEach, claims: 6, mishaps: 7 } },
    { ...ownerRules, validity: { ...ownerRules.validity, ofLatestClaim: () => true } },
  )
  const found = Array.from({ length: 4_000 }, (_, seed) => walk(model, seed, 120)).some(
    ({ counterexample }) => counterexample,
  )
  assert.ok(found)
})
