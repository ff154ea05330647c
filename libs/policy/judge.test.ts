import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compilePolicy } from './compile.ts'
import { parsePolicy } from './parse.ts'
import { compiled, judged, message } from './policy.fixtures.ts'
import { policyLimits } from './policy.ts'
import { lettersOf } from './text/letters.ts'

test('the first rule that speaks decides, by its verdict', () => {
  const policy = compiled(
    { id: 'fans', kind: 'terms', terms: ['fan'], verdict: 'allow' },
    { id: 'bad', kind: 'terms', terms: ['bad'], verdict: 'hold' },
    { id: 'worse', kind: 'terms', terms: ['bad', 'worse'], verdict: 'time_out', timeoutMs: 5_000 },
  )
  const { enforced } = judged(policy, 'bad and worse')
  assert.deepEqual(enforced, { rule: 'bad', kind: 'terms', policyVersion: 1, verdict: 'hold', timeoutMs: 600_000 })
  assert.equal(judged(policy, 'worse').enforced?.timeoutMs, 5_000)
  assert.equal(judged(policy, 'a bad fan').enforced?.verdict, 'allow')
  assert.equal(judged(policy, 'fine').enforced, undefined)
})

test('a rule in shadow is asked and told of, and changes nothing', () => {
  const trial = { id: 'trial', kind: 'caps', mode: 'shadow', minLetters: 3 }
  const policy = compiled({ id: 'bad', kind: 'terms', terms: ['bad'] }, trial)
  const both = judged(policy, 'SO BAD')
  assert.equal(both.enforced?.rule, 'bad')
  assert.deepEqual(
    both.shadow.map(({ rule }) => rule),
    ['trial'],
  )
  assert.equal(judged(policy, 'SO GOOD').enforced, undefined)
})

test('roles that are exempt are not asked, and a rule may name its own', () => {
  const policy = compiled({ kind: 'terms', terms: ['bad'] }, { id: 'all', kind: 'terms', terms: ['worst'], exempt: [] })
  assert.equal(judged(policy, 'bad', { role: 'moderator' }).enforced, undefined)
  assert.equal(judged(policy, 'bad', { role: 'vip' }).enforced?.rule, 'r0')
  assert.equal(judged(policy, 'worst', { role: 'moderator' }).enforced?.rule, 'all')
})

const everything = compiled(
  { kind: 'terms', terms: ['aaaa', 'aaab', 'baaa', 'ab'.repeat(20), 'a'.repeat(60)], match: 'anywhere' },
  {
    kind: 'phrases',
    phrases: ['ab', 'abab', 'ababab', 'abababab'].map((text) => ({ text })),
    match: 'anywhere',
    mode: 'shadow',
  },
  { kind: 'phrases', phrases: [{ text: 'aabb' }, { text: 'kill yourself' }] },
  {
    kind: 'terms',
    terms: ['aaaa', 'abab', 'il'.repeat(20), 'a'.repeat(60)],
    match: 'anywhere',
    lookalikes: true,
    mode: 'shadow',
  },
  { kind: 'patterns', patterns: ['(a+)+$', '(a|aa)+b', '(.*)*x', '([a-z]+){1,20}!', '(x+x+)+y'] },
  { kind: 'links', domains: ['evil.com'] },
  { kind: 'caps' },
  { kind: 'repeats', character: 500, word: 500 },
  { kind: 'similarity' },
  { kind: 'flood' },
  { kind: 'mentions', most: 100 },
  { kind: 'ascii_art' },
  { kind: 'zalgo', marks: 32 },
  { kind: 'new_account', youngerThanMs: 1_000, only: 'links' },
  { kind: 'classifier' },
)

/** Of what the rules of `everything` do with one code unit, patterns aside: passes, edges, places where terms end. */
const stepsOfEach = 60
const programs = 1_000

test('no text of 4 KiB costs more than so many steps for each of its characters', () => {
  const long = 4_096
  const attacks = [
    ...[
      'a',
      'ab',
      'a.',
      ' .',
      '. com ',
      'dot ',
      ' a',
      '@a ',
      'x',
      '[.]',
      'a[dot]',
      'http://',
      '://@',
      '\u0301',
      '😀',
      'ﷺ',
      'ß',
    ],
    ...['http://a@', 'http://[', '[::', ' [::1', 'http://%61', 'xn--', 'http:\\', '0x1.', ' ·com', 'а', 'ꓢ', 'і1l!|'],
    ...['!', '! ', 'a!', '(dot', 'a dot com ', '.com', 'a.com/', 'aabb ', 'Ａ', '\u200b', '日', 'I', '1l!|', '$'],
  ].map((piece) => piece.repeat(Math.ceil(long / piece.length)).slice(0, long))
  for (const text of [...attacks, ...attacks.map((attack) => `${attack.slice(0, -1)}!`)]) {
    const { steps } = judged(everything, text)
    assert.ok(steps <= long * (stepsOfEach + programs), `${text.slice(0, 8)}: ${steps}`)
    const withoutPatterns = {
      ...everything,
      rules: everything.rules.filter(({ finding }) => finding.kind !== 'patterns'),
    }
    const rest = judged(withoutPatterns, text).steps
    assert.ok(rest <= long * stepsOfEach, `${text.slice(0, 8)}: ${rest}`)
  }
})

test('any text at all is judged, the same way each time', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 512 }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.string({
      unit: fc.constantFrom('a', 'b', '.', ' ', '@', 'com', 'dot', '\ud800', '\u0301', 'ﬁ'),
      maxLength: 200,
    }),
  )
  fc.assert(
    fc.property(text, (written) => {
      assert.deepEqual(judged(everything, written), judged(everything, written))
    }),
  )
})

test('a phrase is found wherever it is put into a text, in whatever disguise, and a term where its rule asks for it', () => {
  const asPhrase = compiled({ kind: 'phrases', phrases: [{ text: 'badword' }] })
  const asTerm = compiled({ kind: 'terms', terms: ['badword'], lookalikes: true })
  const alike: Readonly<Record<string, readonly string[]>> = {
    a: ['a', 'A', '4', '@', 'ä', 'а', 'ａ', '𝐚'],
    o: ['o', 'O', '0', 'ö', 'о', 'ο', 'oo'],
    d: ['d', 'D', 'ԁ', 'd\u200b', 'd\u0335'],
    b: ['b', 'B', '8', 'ʙ'],
    w: ['w', 'W', 'ԝ'],
    r: ['r', 'ʀ', 'R'],
  }
  const dressed = fc.tuple(...[...'badword'].map((letter) => fc.constantFrom(...(alike[letter] ?? [letter]))))
  const separator = fc.constantFrom('', '.', '-', '*')
  const around = fc.constantFrom('hello', 'a', 'what is this', '')
  fc.assert(
    fc.property(around, dressed, separator, around, (before, letters, between, behind) => {
      const text = `${before} ${letters.join(between)} ${behind}`
      for (const policy of [asPhrase, asTerm]) assert.equal(judged(policy, text).enforced?.verdict, 'reject', text)
    }),
  )
})

const violations = (policy: unknown) => {
  const parsed = parsePolicy(typeof policy === 'string' ? policy : JSON.stringify(policy))
  return parsed.ok ? [] : parsed.violations
}

test('a policy that cannot run is refused, with what is wrong and where', () => {
  const rule = (fields: object) => ({ format: 1, rules: [{ id: 'r', ...fields }] })
  assert.equal(violations('{').at(0)?.message, 'is not JSON')
  assert.match(violations(rule({ kind: 'magic' })).at(0)?.at ?? '', /^rules\.0/)
  assert.equal(
    violations(rule({ kind: 'patterns', patterns: ['ok', '(?=lookahead)'] })).at(0)?.at,
    'rules.0.patterns.1',
  )
  assert.equal(violations(rule({ kind: 'patterns', patterns: ['(a{1,100}){1,100}'] })).length, 1)
  const heavy = (id: string) => ({ id, kind: 'patterns', patterns: [`${id}[ab]{240}`, `${id}[cd]{240}`] })
  assert.deepEqual(violations({ format: 1, rules: [heavy('x'), heavy('y')] }), [])
  assert.deepEqual(violations({ format: 1, rules: [heavy('x'), heavy('y'), heavy('z')] }), [
    { at: 'rules.2.patterns', message: 'all patterns of the policy are over 1000 steps long' },
  ])
  assert.equal(violations(rule({ kind: 'terms', lists: ['missing'] })).at(0)?.at, 'rules.0.lists')
  assert.match(
    violations({
      format: 1,
      rules: [
        { id: 'r', kind: 'caps' },
        { id: 'r', kind: 'zalgo' },
      ],
    })[0]?.message ?? '',
    /same id/,
  )
  assert.match(
    violations({
      format: 1,
      rules: [
        { id: 'a', kind: 'flood' },
        { id: 'b', kind: 'flood' },
      ],
    })[0]?.message ?? '',
    /flood/,
  )
  assert.equal(violations({ format: 1, rules: [], x: 1 }).length, 1)
  assert.equal(violations('x'.repeat(policyLimits.bytes + 1)).length, 1)
  const terms = Array.from({ length: policyLimits.terms + 1 }, (_, index) => index.toString(36))
  assert.match(violations(rule({ kind: 'terms', terms })).at(0)?.message ?? '', /terms/)
  const long = Array.from({ length: 300 }, (_, index) => `${index}${'ﷺ'.repeat(16)}`)
  assert.match(violations(rule({ kind: 'terms', terms: long })).at(0)?.message ?? '', /code units/)
  assert.deepEqual(violations({ format: 1, rules: [] }), [])
})

test('what a policy’s rules ask to be remembered is told, and no more', () => {
  assert.deepEqual(compiled({ kind: 'caps' }).needs, { sketches: 0, floodWindowMs: 0 })
  assert.deepEqual(everything.needs, { sketches: 64, floodWindowMs: 10_000 })
})

test('a policy in its canonical form is itself', () => {
  const parsed = parsePolicy(JSON.stringify({ format: 1, rules: [{ id: 'r', kind: 'caps' }] }))
  assert.ok(parsed.ok)
  const again = parsePolicy(parsed.text)
  assert.ok(again.ok && compilePolicy(again.policy, 1).ok)
  assert.equal(again.text, parsed.text)
})

test('the rules of a message are asked of its own text alone', () => {
  assert.equal(lettersOf(message('').text, 'words').length, 0)
  assert.equal(judged(everything, '').enforced, undefined)
})
