import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { domainsOf, hostOf } from './hosts.ts'
import { linksOf } from './links.ts'

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
    ...['a[::1]', '[::1]', '12:30:45', 'http://[::1', 'http://a@', '3221225991', '1.2.3.400', '1.2.3.4.5', 'col·legi'],
    ...['http://[fe80::1%25eth0]/', 'http://localhost'],
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

test('however a host is written, it is the one that a browser asks for', () => {
  const written: Readonly<Record<string, readonly string[]>> = {
    '192.0.2.7': [
      ...['http://192.0.2.7/', 'http://3221225991', 'http://0xC0000207/x', 'http://0300.0.02.07', 'http://192.0.519'],
      ...['http://0xc0.0.2.7:8080', '0xc0.0x0.0x2.0x7', 'http://[::ffff:192.0.2.7]/', 'http://[::FFFF:c000:207]'],
    ],
    '2001:db8::1': [
      ...[
        'http://[2001:db8::1]',
        'see https://[2001:DB8:0:0:0:0:0:1]:8443/x.',
        'hxxp://[2001:db8::1]',
        '[2001:db8::1]/x',
      ],
      ...['at [2001:0db8::0001]:80', 'https://a:b@[2001:db8::1]/'],
    ],
    'xn--bcher-kva.de': [
      'bücher.de',
      'BÜCHER。de',
      'https://xn--bcher-kva.de/',
      'bu\u0308cher.de',
      'http://b%C3%BCcher.de',
    ],
    'evil.com': [
      ...['https://good.com@evil.com', 'https://good.com:443@evil.com/', 'http://a@b@evil.com', 'https:\\\\evil.com'],
      ...[
        'http://ev%69l.com',
        'http:/\\evil.com',
        'e\u0336v\u0336i\u0336l.com',
        'ev\u00adil\u2060.c\ufe0fom',
        'evil•com',
      ],
      ...['http://evil.com.', 'http://good.com%40evil.com@evil.com', 'http://good[.]com@evil[.]com'],
    ],
    'intranet.local': ['http://intranet.local/'],
  }
  for (const [host, texts] of Object.entries(written))
    for (const text of texts) assert.deepEqual(hosts(text), [host], text)
})

test('what stands in the path or behind a hash is not visited', () => {
  for (const text of ['https://good.com\\@evil.com', 'https://good.com#@evil.com', 'https://good.com/[::1]:80'])
    assert.deepEqual(hosts(text), ['good.com'], text)
})

test('any name of the DNS is taken for itself, in every case, with octets hidden or not', () => {
  const name = fc.stringMatching(/^[a-z]([a-z0-9]{0,10}[a-z])?\.(com|net|org|io)$/)
  const dressed = name.chain((host) =>
    fc.tuple(
      fc.constant(host),
      fc.tuple(
        ...[...host].map((char) =>
          fc.constantFrom(char, char.toUpperCase(), `%${char.charCodeAt(0).toString(16)}`, `${char}\u200b`),
        ),
      ),
      fc.constantFrom('', 'user@', 'good.org:1@', 'a%2Fb@'),
      fc.constantFrom('', '/', ':80/x', '?a@b', '#c.net', '.'),
    ),
  )
  fc.assert(
    fc.property(dressed, ([host, chars, user, behind]) => {
      assert.deepEqual(hosts(`see http://${user}${chars.join('')}${behind} now`), [host])
    }),
  )
})

test('any address is one host in all of its spellings', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV6(), (four, six) => {
      const parts = four.split('.').map(Number)
      const number = parts.reduce((value, part) => value * 256 + part, 0)
      const octal = parts.map((part) => `0${part.toString(8)}`).join('.')
      assert.deepEqual(
        hosts(`http://${number}/ http://${octal} http://0x${number.toString(16)}/ ${four}`),
        Array(4).fill(four),
      )
      assert.deepEqual(hosts(`https://[${six}]/`), [hostOf(six)])
      assert.equal(hostOf(hostOf(six) ?? ''), hostOf(six))
    }),
  )
})

test('a domain comes with those above it, up to where lists can name it', () => {
  assert.deepEqual(domainsOf('a.b.example.org'), ['a.b.example.org', 'b.example.org', 'example.org'])
  assert.deepEqual([domainsOf('192.0.2.7'), domainsOf('2001:db8::1')], [['192.0.2.7'], ['2001:db8::1']])
})

test('any text is taken apart in steps that its length bounds', () => {
  const unit = fc.constantFrom(
    ...['.', ' ', 'a', 'com', 'dot', '[', ']', '(', '/', ':', '@', '。', '日', '\u200b', 'http', 'http://', '\\', '·'],
    ...['xn--', '0x', '[::', '%', '1', '2001:db8::'],
  )
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 400 }), (text) => {
      const { links, steps } = linksOf(text)
      assert.ok(links.length <= 32)
      assert.ok(steps <= 8 * text.length + 8)
    }),
  )
})
