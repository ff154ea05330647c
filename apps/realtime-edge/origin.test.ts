import assert from 'node:assert/strict'
import { test } from 'node:test'
import { originAllowed } from './origin.ts'

test('who may open a socket by the origin of the page', () => {
  const allowed = new Set(['https://app.example.org'])
  const may = (origin: string | undefined, host: string | undefined) => originAllowed(origin, host, allowed)
  assert.ok(may(undefined, 'live.example.org'), 'no browser')
  assert.ok(may('https://app.example.org', 'live.example.org'))
  assert.ok(may('http://chat.local:8080', 'chat.local:8081'), 'the port is not the page’s')
  assert.ok(may('http://[::1]:8080', '[::1]:8081'))
  assert.ok(!may('https://evil.example', 'live.example.org'))
  assert.ok(!may('https://app.example.org.evil.example', 'app.example.org'))
  assert.ok(!may('null', 'live.example.org'))
  assert.ok(!may('http://chat.local', undefined))
  assert.ok(!may('http://chat.local', 'a b'))
})
