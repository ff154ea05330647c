import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { postedText, spokenText } from './action.ts'
import { formatMessage, IrcFormatError, type Outgoing } from './format.ts'
import { createLineReader, type Line } from './lines.ts'
import { clientLineLimits, type IrcMessage, maxParams, serverLineLimits } from './message.ts'
import { msgIdOf } from './msg-ids.ts'
import { numerics } from './numerics.ts'
import { parseMessage } from './parse.ts'
import { escapeTagValue, unescapeTagValue } from './tags.ts'

const wide = { tagsBytes: 1 << 20, bodyBytes: 1 << 20 }

const parsed = (line: string, limits = wide): IrcMessage => {
  const result = parseMessage(line, limits)
  assert.ok(result.ok, `${JSON.stringify(line)} was refused`)
  return result.message
}

const message = (expected: Partial<IrcMessage>): IrcMessage => ({
  tags: new Map(),
  source: undefined,
  command: '',
  params: [],
  ...expected,
})

test('lines as the specifications and the clients write them', () => {
  const cases: readonly (readonly [string, Partial<IrcMessage>])[] = [
    ['PING', { command: 'PING' }],
    ['ping  tolsun.oulu.fi ', { command: 'PING', params: ['tolsun.oulu.fi'] }],
    [
      ':Angel!wings@irc.org PRIVMSG Wiz :Are you receiving this message ?',
      {
        source: 'Angel!wings@irc.org',
        command: 'PRIVMSG',
        params: ['Wiz', 'Are you receiving this message ?'],
      },
    ],
    ['USER guest 0 * :', { command: 'USER', params: ['guest', '0', '*', ''] }],
    ['PRIVMSG #a ::)', { command: 'PRIVMSG', params: ['#a', ':)'] }],
    ['PRIVMSG #a a:b', { command: 'PRIVMSG', params: ['#a', 'a:b'] }],
    [
      '@id=123AB;+example.com/key=a\\sb;empty;none= :nick!ident@host PRIVMSG me :Hello',
      {
        tags: new Map([
          ['id', '123AB'],
          ['+example.com/key', 'a b'],
          ['empty', ''],
          ['none', ''],
        ]),
        source: 'nick!ident@host',
        command: 'PRIVMSG',
        params: ['me', 'Hello'],
      },
    ],
    ['@a=1;a=2 PING', { tags: new Map([['a', '2']]), command: 'PING' }],
    [
      'X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 the rest of it',
      {
        command: 'X',
        params: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14', 'the rest of it'],
      },
    ],
  ]
  for (const [line, expected] of cases) assert.deepEqual(parsed(line), message(expected), line)
})

test('what is no message is named by why', () => {
  const cases = { '': 'empty', '   ': 'empty', '@a=b': 'malformed', ':source': 'malformed', ': PING': 'malformed' }
  for (const [line, failure] of Object.entries(cases))
    assert.deepEqual(parseMessage(line, wide), { ok: false, failure })
  for (const line of ['PI4G', '12', '1234', 'PRIVMSG! a', 'PING\u0000', 'PING\rQUIT', 'PING\nQUIT', '@ PING;'])
    assert.deepEqual(parseMessage(line, wide), { ok: false, failure: 'malformed' }, line)
})

test('the bounds are those of the specifications, in bytes, tags and body apart', () => {
  const fits = (line: string, limits = serverLineLimits) => parseMessage(line, limits).ok
  assert.ok(fits(`PRIVMSG #a :${'x'.repeat(498)}`))
  assert.ok(!fits(`PRIVMSG #a :${'x'.repeat(499)}`))
  assert.ok(!fits(`PRIVMSG #a :${'é'.repeat(250)}`))
  assert.ok(fits(`@a=${'x'.repeat(8187)} PRIVMSG #a :${'x'.repeat(498)}`))
  assert.ok(!fits(`@a=${'x'.repeat(8188)} PING`))
  assert.ok(fits(`@a=${'x'.repeat(4092)} PING`, clientLineLimits))
  assert.deepEqual(parseMessage(`@a=${'x'.repeat(4093)} PING`, clientLineLimits), { ok: false, failure: 'too_long' })
})

test('values of tags are escaped as the specification has them', () => {
  assert.equal(escapeTagValue('a; b\\c\r\n\0d'), 'a\\:\\sb\\\\c\\r\\nd')
  assert.equal(unescapeTagValue('a\\:\\sb\\\\c\\r\\n\\d\\'), 'a; b\\c\r\nd')
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'; \\:snr\r\n\ud800aé🎉') }), (value) => {
      const escaped = escapeTagValue(value)
      assert.doesNotMatch(escaped, /[; \r\n]/)
      assert.equal(unescapeTagValue(escaped), value)
    }),
  )
})

const letters = [...'abcxyzABCXYZ']
const word = fc
  .string({ unit: fc.constantFrom(...letters, ...'09#!@*:é🎉'), minLength: 1 })
  .filter((text) => text[0] !== ':')
const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\0\r\n]/.test(text))
const key = fc.tuple(
  fc.constantFrom('', '+'),
  fc.constantFrom('', 'a.b/'),
  fc.string({ unit: fc.constantFrom(...letters, '-'), minLength: 1 }),
)
const outgoing: fc.Arbitrary<Outgoing> = fc.record(
  {
    tags: fc.dictionary(
      key.map((parts) => parts.join('')),
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
    ),
    source: word,
    command: fc.oneof(
      fc.constantFrom(...Object.values(numerics)),
      fc.string({ unit: fc.constantFrom(...'ABXYZ'), minLength: 1 }),
    ),
    params: fc.array(word, { maxLength: maxParams - 1 }),
    trailing: line,
  },
  { requiredKeys: ['command'] },
)

test('a message is read back as it was written', () => {
  fc.assert(
    fc.property(outgoing, ({ tags, source, command, params = [], trailing, ...rest }) => {
      const written = formatMessage({
        tags,
        command,
        params,
        ...rest,
        ...(source !== undefined && { source }),
        ...(trailing !== undefined && { trailing }),
      })
      assert.deepEqual(parsed(written), {
        tags: new Map(Object.entries(tags ?? {})),
        source,
        command,
        params: trailing === undefined ? params : [...params, trailing],
      })
    }),
  )
})

test('whatever is written is one line, or is refused as unformattable', () => {
  const nasty = fc.string({ unit: fc.constantFrom('\r', '\n', '\0', ' ', ':', ';', '@', '=', 'a', '\\', '\ud800') })
  const anything = fc.record(
    {
      tags: fc.dictionary(nasty, nasty),
      source: nasty,
      command: fc.oneof(nasty, fc.constant('PRIVMSG')),
      params: fc.array(nasty),
      trailing: nasty,
    },
    { requiredKeys: ['command'] },
  )
  const hard = fc.record({
    tags: fc.dictionary(fc.constantFrom('a', 'b'), nasty),
    command: fc.constant('PRIVMSG'),
    params: fc.constant(['#a']),
    trailing: nasty,
  })
  fc.assert(
    fc.property(fc.oneof(anything, hard), (given) => {
      try {
        const written = formatMessage(given)
        assert.doesNotMatch(written, /[\r\n\0]/)
        assert.equal(
          parsed(written).params.length,
          (given.params?.length ?? 0) + (given.trailing === undefined ? 0 : 1),
        )
      } catch (error) {
        assert.ok(error instanceof IrcFormatError && error.code === 'irc.unformattable', String(error))
      }
    }),
    { numRuns: 1000 },
  )
  assert.equal(formatMessage({ command: 'PRIVMSG', params: ['#a'], trailing: 'x\r\nQUIT\0' }), 'PRIVMSG #a :x  QUIT ')
  for (const param of ['', ':a', 'a b', 'a\nb'])
    assert.throws(() => formatMessage({ command: 'PART', params: [param] }), { code: 'irc.unformattable' })
  assert.throws(() => formatMessage({ command: 'X', params: Array(maxParams).fill('a'), trailing: '' }), IrcFormatError)
})

test('whatever comes in is read or refused, never thrown at', () => {
  const failures = ['empty', 'malformed', 'too_long']
  const unit = fc.constantFrom('@', ':', ' ', ';', '=', '\\', 'a', '1', '\r', '\n', '\0', '\ud800', 'é')
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit, maxLength: 40 })), (text) => {
      const result = parseMessage(text, clientLineLimits)
      if (!result.ok) return assert.ok(failures.includes(result.failure))
      assert.ok(result.message.params.length <= maxParams)
      assert.match(result.message.command, /^([A-Z]+|\d{3})$/)
    }),
    { numRuns: 2000 },
  )
})

const texts = (lines: readonly Line[]) => lines.map((one) => (one.kind === 'line' ? one.text : one.kind))

test('bytes become the same lines however the network cuts them', () => {
  const content = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => !/[\r\n]/.test(text) && text.isWellFormed())
  const end = fc.constantFrom('\r\n', '\n', '\r', '\r\n\r\n')
  fc.assert(
    fc.property(
      fc.array(fc.tuple(content, end)),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (written, cuts) => {
        const bytes = Buffer.from(written.flat().join(''))
        const reader = createLineReader(100)
        const lines: Line[] = []
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = cuts[turn % cuts.length] ?? 1
          lines.push(...reader.feed(bytes.subarray(at, at + size)))
          at += size
        }
        assert.deepEqual(
          texts(lines),
          written.map(([text]) => text),
        )
      },
    ),
  )
})

test('a line beyond the bound, or not of UTF-8, is named and the next one is read', () => {
  const reader = createLineReader(10)
  assert.deepEqual(texts(reader.feed(Buffer.from('0123456789\r\n01234567890\r\nPI'))), ['0123456789', 'too-long'])
  assert.deepEqual(texts(reader.feed(Buffer.from('NG\n'))), ['PING'])
  assert.deepEqual(texts(reader.feed(Buffer.alloc(1000, 'x'))), ['too-long'], 'at once, before it ends')
  for (let times = 0; times < 1000; times++) assert.deepEqual(reader.feed(Buffer.alloc(1000, 'x')), [])
  assert.deepEqual(texts(reader.feed(Buffer.from('\nPING\n'))), ['PING'])
  assert.deepEqual(texts(reader.feed(Buffer.from([0xff, 0x0a, 0xc3, 0xa9, 0x0a]))), ['not-utf8', 'é'])
})

test('what is done rather than said is carried both ways', () => {
  const waves = { text: 'waves', isAction: true }
  for (const said of ['\u0001ACTION waves\u0001', '\u0001ACTION waves', '/me waves'])
    assert.deepEqual(postedText(said), waves)
  assert.equal(postedText('\u0001VERSION\u0001'), undefined)
  assert.deepEqual(postedText('plain'), { text: 'plain', isAction: false })
  assert.equal(spokenText(waves), '\u0001ACTION waves\u0001')
  fc.assert(
    fc.property(line, (text) =>
      assert.deepEqual(postedText(spokenText({ text, isAction: true })), { text, isAction: true }),
    ),
  )
})

test('a code that other servers name differently has their name, every other one its own', () => {
  assert.equal(msgIdOf('channel.timed_out'), 'msg_timedout')
  assert.equal(msgIdOf('channel.text_blank'), 'channel_text_blank')
})
