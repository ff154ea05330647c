import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { newTokenText } from '#libs/vault/token-text.ts'
import { loginKeyIn } from './login-key.ts'

test('a login key is taken from its cookie, and nothing else is', () => {
  const key = newTokenText('login_key')
  assert.match(key, /^[A-Za-z0-9]{10,64}$/, 'clients of those communities take no other')
  assert.equal(loginKeyIn(`sid=1; authtoken=${key}; theme=dark`), key)
  for (const cookies of [
    undefined,
    '',
    key,
    `token=${key}`,
    `authtoken=${newTokenText('personal')}`,
    'authtoken=abcdefghij',
  ])
    assert.equal(loginKeyIn(cookies), undefined)
})

test('whatever a header of cookies holds, it is read without a fault', () => {
  const cookies = fc.oneof(
    fc.string(),
    fc
      .array(fc.tuple(fc.constantFrom('authtoken', 'sid', ''), fc.string()))
      .map((pairs) => pairs.map((pair) => pair.join('=')).join('; ')),
  )
  fc.assert(fc.property(cookies, (text) => loginKeyIn(text) === undefined))
})
