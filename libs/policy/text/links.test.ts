import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { domainsOf, linksOf } from './links.ts'

const hosts = (text: string): readonly string[] => linksOf(text).links.map(({ host }) => host)
const hidden = (text: string): readonly string[] =>
  linksOf(text).links.flatMap(({ host, obfuscated }) => (obfuscated ? [host] : []))

test('links are found with a scheme and without', () => {
  assert.deepEqual(hosts('see https://Example.ORG/a.b?c=d.com and www.example.co.uk, or 192.0.2.7:80'), [
    'example.org',
    'www.example.co.uk',
    '192.0.2.7',
  ])
})

test('the host of a link is the one that is visited, not the one that it shows off', () => {
  assert.deepEqual(hosts('https://good.com@evil.com/good.org'), ['evil.com'])
})

test('what only looks like a link is none', () => {
  for (const text of [
    'v1.2.3',
    'wait...what',
    'a. b. c.',
    '3.14 is pi',
    'readme.madeup',
    'https://',
    'co.uk',
    '.com',
    'no link',
  ])
    assert.deepEqual(hosts(text), [], text)
})

test('hidden links are found, and told from open ones', () => {
  for (const text of [
    ...['evil[.]com', 'evil(dot)com', 'evil dot com', 'evil . com', 'evil [dot] com', 'evil。com', 'ｅｖｉｌ．ｃｏｍ'],
    ...['ev\u200bil.com', 'hxxps://evil.com/x', 'evil (.) com', 'evil. com'],
  ])
    assert.deepEqual(hosts(text), ['evil.com'], text)
  assert.deepEqual(hidden('evil[.]com, good.com and bad dot com'), ['evil.com', 'bad.com'])
})

test('a domain comes with those above it, up to where lists can name it', () => {
  assert.deepEqual(domainsOf('a.b.example.org'), ['a.b.example.org', 'b.example.org', 'example.org'])
})

test('any text is taken apart in steps that its length bounds', () => {
  const unit = fc.constantFrom('.', ' ', 'a', 'com', 'dot', '[', ']', '(', '/', ':', '@', '。', '日', '\u200b', 'http')
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 400 }), (text) => {
      const { links, steps } = linksOf(text)
      assert.ok(links.length <= 32)
      assert.ok(steps <= 8 * text.length + 8)
    }),
  )
})
