import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chatScopes, describeScopes, grantableScopes, isGrantable, isScope, permits, scopes } from './scopes.ts'

test('the token of a login may be used for all, another one for what it was given', () => {
  for (const scope of scopes) {
    assert.ok(permits(scopes, [scope]))
    assert.equal(permits(chatScopes, [scope]), scope === 'chat:read' || scope === 'chat:write', scope)
    assert.ok(!permits([], [scope]))
  }
  assert.ok(permits(['chat:write'], ['channel:moderate', 'chat:write']), 'one of those wanted is enough')
})

test('what names no scope is for the owner in person, and no program is given that', () => {
  assert.ok(permits(scopes))
  assert.ok(!permits(grantableScopes))
  assert.ok(!isGrantable('session'))
  assert.deepEqual(scopes.filter(isGrantable), [...grantableScopes])
})

test('what is no scope may nothing, and each is told in words', () => {
  for (const text of ['', 'chat', 'CHAT:READ', '__proto__', 'toString']) assert.ok(!isScope(text) && !isGrantable(text))
  for (const scope of grantableScopes) assert.match(describeScopes(), new RegExp(`\`${scope}\`: [A-Z]`))
})
