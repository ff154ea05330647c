import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { preferredType } from './accept.ts'

const offered = ['text/html', 'application/json'] as const
const preferred = (accept: string | undefined) => preferredType(accept, offered)

test('who does not say gets what is offered first', () => {
  for (const accept of [undefined, '', '*/*', 'application/*, text/*']) assert.equal(preferred(accept), 'text/html')
})

test('what is wanted most is taken, and the most specific range says how much', () => {
  assert.equal(preferred('application/json'), 'application/json')
  assert.equal(preferred('text/html;q=0.5, application/json;q=0.6'), 'application/json')
  assert.equal(preferred('text/html;q=0, */*'), 'application/json')
  assert.equal(preferred('TEXT/HTML; charset=utf-8'), 'text/html')
  assert.equal(preferred('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'), 'text/html')
})

test('who takes none of them is told so, and nonsense is no error', () => {
  assert.equal(preferred('image/png'), undefined)
  assert.equal(preferred('text/html;q=0, application/json;q=nonsense'), undefined)
  fc.assert(fc.property(fc.string(), (accept) => void preferred(accept)))
})
