import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isInClear, sessionCookieName } from './session-cookie.ts'

test('over TLS the name binds the cookie to this host', () => {
  assert.deepEqual([sessionCookieName(true), sessionCookieName(false)], ['__Host-whiply_session', 'whiply_session'])
})

test('bare http is warned of, but on the machine itself', () => {
  for (const url of ['http://whiply.example', 'http://192.168.1.7:8080', 'http://localhost.example'])
    assert.ok(isInClear(url), url)
  for (const url of ['https://whiply.example', 'http://localhost:8080', 'http://127.0.0.1:8080', 'http://[::1]:8080'])
    assert.ok(!isInClear(url), url)
})
