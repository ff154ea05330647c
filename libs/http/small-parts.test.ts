import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entityTag, isFresh, parseIfMatch } from './conditional.ts'
import { readCookie, writeCookie } from './cookie.ts'
import { originCheck } from './origin.ts'
import { safeError } from './safe-error.ts'

test('If-Match is one strong tag, or anything', () => {
  assert.equal(parseIfMatch(entityTag(42)), 42)
  assert.equal(parseIfMatch('*'), undefined)
  assert.equal(parseIfMatch(undefined), undefined)
  for (const wrong of ['W/"42"', '42', '"a"', '"1", "2"', ''])
    assert.throws(() => parseIfMatch(wrong), { code: 'http.invalid_request' })
})

test('If-None-Match compares weakly and takes a list', () => {
  assert.ok(isFresh('W/"42", "7"', '"7"'))
  assert.ok(isFresh('W/"42"', '"42"'))
  assert.ok(isFresh('*', '"42"'))
  assert.ok(!isFresh('"4"', '"42"'))
  assert.ok(!isFresh(undefined, '"42"'))
})

test('a cookie is found by its whole name', () => {
  assert.equal(readCookie('a=1; session=x=y; b', 'session'), 'x=y')
  assert.equal(readCookie('my_session=1', 'session'), undefined)
  assert.equal(readCookie(undefined, 'session'), undefined)
  const cookie = writeCookie('session', 'x', { maxAgeSeconds: 60, secure: true, path: '/v1', sameSite: 'Strict' })
  assert.equal(cookie, 'session=x; Path=/v1; Max-Age=60; HttpOnly; SameSite=Strict; Secure')
})

test('an origin is own, allowed or foreign, and never by a part of its name', () => {
  const check = originCheck(['https://app.example.org'])
  assert.equal(check(undefined, 'whiply.example'), 'none')
  assert.equal(check('https://whiply.example', 'whiply.example'), 'own')
  assert.equal(check('https://app.example.org', 'whiply.example'), 'allowed')
  for (const foreign of ['https://app.example.org.evil.example', 'http://app.example.org', 'null', 'whiply.example'])
    assert.equal(check(foreign, 'whiply.example'), 'foreign', foreign)
})

test('of an error its words are not logged', () => {
  const error = Object.assign(new TypeError('insert into x values (secret)'), { code: '23505' })
  const logged = safeError(error)
  assert.equal(logged.code, '23505')
  assert.match(logged.at, /small-parts/)
  assert.ok(!JSON.stringify(logged).includes('secret'))
  assert.equal(safeError('secret').name, 'string')
})
