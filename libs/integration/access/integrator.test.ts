import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { assertName, groupPrefix, topicsNamed } from './integrator.ts'

test('names that would pass for others are refused', () => {
  for (const name of ['acme', 'data-team-2', 'a'.repeat(40)]) assertName(name)
  for (const name of [
    '',
    'ab',
    'ANONYMOUS',
    'Acme',
    'whiply',
    'acme.eu',
    'acme-',
    '2fast',
    'a b',
    'acme\n',
    'a'.repeat(41),
    '*',
  ])
    assert.throws(() => assertName(name), { code: 'integrator.name_invalid' }, name)
})

test('no group of one integrator is one of another', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{1,5}[a-z0-9]$/).filter((each) => each !== 'whiply')
  fc.assert(
    fc.property(name, name, fc.string(), (one, other, rest) => {
      assertName(one)
      assertName(other)
      fc.pre(one !== other)
      assert.ok(!`${groupPrefix(one)}${rest}`.startsWith(groupPrefix(other)))
    }),
  )
})

test('topics go by their names, and what is no public topic is refused', () => {
  assert.deepEqual(topicsNamed(['chat']), ['whiply.public.chat.v1'])
  assert.deepEqual(topicsNamed(['channel', 'chat']), ['whiply.public.chat.v1', 'whiply.public.channel.v1'])
  for (const names of [[], ['chats'], ['chat', 'whiply.channel.journal']])
    assert.throws(() => topicsNamed(names), { code: 'integrator.topic_unknown' })
})
