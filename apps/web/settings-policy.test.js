import assert from 'node:assert/strict'
import { test } from 'node:test'
import { roles } from '#libs/access/roles.ts'
import { parsePolicy } from '#libs/policy/parse.ts'
import { Policy } from '#libs/policy/policy.ts'
import { verdicts } from '#libs/policy/verdict.ts'
import { kinds, newRule, starters } from './public/settings/policy/kinds.js'
import { roleWords, verdictWords } from './public/settings/policy/outcomes.js'

const known = Policy.shape.rules.unwrap().element.options.map((option) => option.shape.kind.value)

test('every kind of filter that a policy may have can be added, each as the channel takes it', () => {
  assert.deepEqual(Object.keys(kinds).sort(), [...known].sort())
  const taken = []
  const rules = [...known, 'links'].map((kind) => {
    const rule = newRule(kind, taken)
    taken.push(rule.id)
    return rule
  })
  const parsed = parsePolicy(JSON.stringify({ format: 1, rules }))
  assert.ok(parsed.ok, JSON.stringify(parsed))
  assert.deepEqual(parsed.policy.rules, rules, 'nothing is left for the channel to fill in')
  assert.equal(taken.at(-1), 'links-2')
})

test('what a filter is set to is said of every kind', () => {
  for (const kind of known) assert.match(kinds[kind].says(newRule(kind, [])), /\S/)
})

test('what is offered to begin with is a policy', () => {
  const rules = starters.map(([kind, given]) => newRule(kind, [], given))
  assert.ok(parsePolicy(JSON.stringify({ format: 1, rules })).ok)
})

test('verdicts and roles have words', () => {
  assert.deepEqual(Object.keys(verdictWords).sort(), [...verdicts].sort())
  assert.deepEqual(Object.keys(roleWords).sort(), roles.filter((role) => role !== 'none').sort())
})
