import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownerRules } from '../owner/rules.ts'
import { explore } from './explore.ts'
import { type Budget, modelOf, noFaults, type Scope } from './world.ts'

/** The smallest scope in which each rule is seen to be needed: whole with the rule, broken without it. */
const scope: Scope = { owners: 2, turns: [2], idleClaims: 99, commands: ['a', 'b', 'a'], budget: noFaults }
const mishaps = (budget: Partial<Budget>): Budget => ({ ...noFaults, mishaps: 9, ...budget })
const { validity } = ownerRules

const bites = [
  {
    rule: 'validity by claim',
    scope: { ...scope, turns: [1, 2], commands: ['a', 'b', 'c'] },
    without: { ...ownerRules, validity: { ...validity, ofLatestClaim: () => true } },
  },
  {
    rule: 'validity by n',
    scope: { ...scope, owners: 1, budget: mishaps({ claims: 1, doubled: 1 }) },
    without: { ...ownerRules, validity: { ...validity, nextInOrder: () => true } },
  },
  { rule: 'stop on a younger claim', scope, without: { ...ownerRules, superseded: () => false } },
  {
    rule: 'a new claim after a failure',
    scope: { ...scope, owners: 1, budget: mishaps({ claims: 1, late: 1 }) },
    without: { ...ownerRules, failureEndsClaim: () => false },
  },
  { rule: 'read up to the claim', scope, without: { ...ownerRules, readUpTo: () => true } },
  {
    rule: 'contiguous offsets',
    scope: { ...scope, owners: 1, budget: mishaps({ claims: 1, hole: 1 }) },
    without: { ...ownerRules, contiguous: () => true },
  },
  {
    rule: 'the check of a stored position',
    scope: { ...scope, owners: 1, budget: mishaps({ claims: 3, crash: 1, snapshot: 1, truncate: 1 }) },
    without: { ...ownerRules, positionHolds: () => true },
  },
  {
    rule: 'no snapshot above the claim',
    scope: { ...scope, commands: ['a'], budget: mishaps({ claims: 2, snapshot: 1 }) },
    without: { ...ownerRules, snapshotBelow: () => true },
  },
] as const

for (const { rule, scope, without } of bites) {
  test(`${rule}: nothing goes wrong with it, and something does without it`, (t) => {
    assert.equal(explore(modelOf(scope, ownerRules)).counterexample, undefined)
    const { counterexample } = explore(modelOf(scope, without))
    assert.ok(counterexample)
    t.diagnostic(
      `${counterexample.steps.length} steps: ${counterexample.steps.join(', ')}: ${counterexample.violation}`,
    )
  })
}

test('dedupe: nothing goes wrong with it, and a command is accepted twice without it', () => {
  const alone = { ...scope, owners: 1 }
  assert.equal(explore(modelOf(alone, ownerRules)).counterexample, undefined)
  const { counterexample } = explore(modelOf(alone, ownerRules, { dedupe: false }))
  assert.equal(counterexample?.violation, 'a is accepted twice')
})
