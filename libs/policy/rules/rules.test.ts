import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePolicy } from '../compile.ts'
import { after, compiled, judged, policyOf, saysOf, t0 } from '../policy.fixtures.ts'

test('a blocked term is found as a word, and within words where it is to be', () => {
  const asWord = saysOf({ kind: 'terms', terms: ['Spoiler', 'two words', 'ｗide'] })
  assert.equal(asWord('a SPOILER!'), 'reject')
  assert.equal(asWord('so, two words.'), 'reject')
  assert.equal(asWord('far and wide'), 'reject')
  assert.equal(asWord('no spoilers here'), undefined)
  assert.equal(asWord('spoiler\u0301'), undefined)
  assert.equal(saysOf({ kind: 'terms', terms: ['spoil'], match: 'anywhere' })('no spoilers here'), 'reject')
})

test('a blocked term is found in disguise where the rule asks for it', () => {
  const disguised = ['sp0iler', 'ЅРОΙLЕR', 's p o i l e r', 'sp.oiler', 'ꓢPꓳILER', 'spоіler!', 'ＳＰ0１ＬＥＲ']
  const rule = { kind: 'terms', terms: ['spoiler', '<3'] }
  for (const text of disguised) {
    assert.equal(saysOf({ ...rule, lookalikes: true })(text), 'reject', text)
    assert.equal(saysOf(rule)(text), undefined, text)
  }
  // Signs alone are found as they are, and what only begins alike is none.
  for (const [text, verdict] of [
    ['i <3 you', 'reject'],
    ['spoil her', undefined],
    ['sp0ilers', undefined],
  ] as const)
    assert.equal(saysOf({ ...rule, lookalikes: true })(text), verdict, text)
  assert.equal(saysOf({ ...rule, lookalikes: true, match: 'anywhere' })('sp0ilers'), 'reject')
})

test('terms come from lists too', () => {
  const policy = { format: 1, lists: { 'slurs.en': [] as string[], names: ['voldemort'] } }
  assert.equal(judged(compiledWith(policy), 'Voldemort').enforced?.verdict, 'reject')
})

const compiledWith = ({ lists }: { lists: Readonly<Record<string, readonly string[]>> }) => {
  const result = compilePolicy(policyOf([{ kind: 'terms', lists: Object.keys(lists) }], { lists }), 1)
  assert.ok(result.ok)
  return result
}

test('phrases are found in disguise, with the verdict of their severity', () => {
  const says = saysOf({
    kind: 'phrases',
    phrases: [
      { text: 'ass', severity: 1 },
      { text: 'kill yourself', severity: 3 },
    ],
    verdicts: { 1: 'hold', 3: 'time_out' },
  })
  for (const mild of ['ass', 'a$$', 'a s s', 'aaasss', 'you (ass)!']) assert.equal(says(mild), 'hold', mild)
  for (const harsh of ['K1LL yourself', 'kill    y0urself', 'kіll yоurself, ass', 'k.i.l.l yourself'])
    assert.equal(says(harsh), 'time_out', harsh)
  for (const fine of ['as', 'as a matter of fact', 'class', 'pass it', 'kill your self', 'a s'])
    assert.equal(says(fine), undefined, fine)
})

test('patterns match without regard to case, unless they are told to', () => {
  const says = saysOf({ kind: 'patterns', patterns: ['free\\s+v-?bucks', '\\bbuy .{0,10}followers\\b'] })
  assert.equal(says('get FREE  VBUCKS now'), 'reject')
  assert.equal(says('buy my followers'), 'reject')
  assert.equal(says('free as in freedom'), undefined)
  assert.equal(saysOf({ kind: 'patterns', patterns: ['ABC'], caseSensitive: true })('abc'), undefined)
})

test('links are judged by a list of the forbidden, or of the permitted', () => {
  const forbids = saysOf({ kind: 'links', domains: ['evil.com'] })
  assert.equal(forbids('https://sub.evil.com/x'), 'reject')
  assert.equal(forbids('evil dot com'), 'reject')
  assert.equal(forbids('https://notevil.com'), undefined)
  const hosts = ['Bücher.de', 'xn--fsq.com', '2001:db8:0::1', '0xc0.0.2.7']
  for (const text of ['http://xn--bcher-kva.de', 'a.例.com', 'http://[2001:db8::1]/', 'http://3221225991'])
    assert.equal(saysOf({ kind: 'links', domains: hosts })(text), 'reject', text)
  assert.equal(saysOf({ kind: 'links', domains: hosts, listed: 'permitted' })('http://[2001:db8::2]/'), 'reject')
  const permits = saysOf({ kind: 'links', domains: ['good.com'], listed: 'permitted', obfuscated: false })
  assert.equal(permits('https://good.com and m.good.com'), undefined)
  assert.equal(permits('https://good.com and other.com'), 'reject')
  assert.equal(permits('other dot com'), undefined)
})

test('shouting is told by its share of capitals', () => {
  const says = saysOf({ kind: 'caps', minLetters: 8, share: 0.75 })
  assert.equal(says('STOP SHOUTING'), 'reject')
  assert.equal(says('LOL'), undefined)
  assert.equal(says('Not All Of This Is Loud'), undefined)
  assert.equal(says('日本語日本語日本語'), undefined)
})

test('repeats of a character or of a word', () => {
  const says = saysOf({ kind: 'repeats', character: 6, word: 3 })
  assert.equal(says('noooooo'), 'reject')
  assert.equal(says('nooOOOo'), 'reject')
  assert.equal(says('spam Spam spam'), 'reject')
  assert.equal(says('spam and spam and spam'), undefined)
  assert.equal(says('nooo      way'), undefined)
})

test('pictures made of characters', () => {
  const says = saysOf({ kind: 'ascii_art', minLength: 20, share: 0.5 })
  assert.equal(says('░░░▒▒▒▓▓▓███ ░░░▒▒▒▓▓▓███'), 'reject')
  assert.equal(says('⣿⣿⣿⠟⠛⠛⠻⣿⣿⣿⣿⣿⡟⢋⣩⣉⢻⣿⣿⣿'), 'reject')
  assert.equal(says('🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉'), undefined)
  assert.equal(says('an ordinary sentence, with signs: (some) of them!'), undefined)
})

test('letters buried under marks', () => {
  const says = saysOf({ kind: 'zalgo', marks: 3 })
  assert.equal(says('z\u0300\u0301\u0302algo'), 'reject')
  assert.equal(says('Việt Nam, naïve, ปู่ย่า'.normalize('NFD')), undefined)
})

test('many people called at once', () => {
  const says = saysOf({ kind: 'mentions', most: 2 })
  assert.equal(says('@a @b @c'), 'reject')
  assert.equal(says('@a @b c@d.example'), undefined)
})

test('a young account may be kept from links alone', () => {
  const says = saysOf({ kind: 'new_account', youngerThanMs: 86_400_000, only: 'links', verdict: 'hold' })
  const young = { accountCreatedAt: t0 - 1_000 }
  assert.equal(says('see example.org', young), 'hold')
  assert.equal(says('hello', young), undefined)
  assert.equal(says('see example.org', { accountCreatedAt: t0 - 86_400_000 }), undefined)
  assert.equal(says('see example.org'), undefined)
  const strict = saysOf({ kind: 'new_account', youngerThanMs: 86_400_000, unknownAge: 'new' })
  assert.equal(strict('hello'), 'reject')
})

test('a wave of the same text is seen, by many authors or by one', () => {
  const rule = { kind: 'similarity', messages: 3, resemblance: 0.7 }
  const policy = compiled(rule)
  const wave = 'visit my channel for free followers and a chance to win big prizes'
  const before = ['1', '2', '3'].map((author) => [author, `${wave} ${author}`] as const)
  const history = after(policy, before)
  assert.equal(judged(policy, `${wave} now`, { history }).enforced?.kind, 'similarity')
  assert.equal(judged(policy, 'has anybody seen the second key of the tower', { history }).enforced, undefined)
  assert.equal(judged(policy, wave, { history: after(policy, before.slice(1)) }).enforced, undefined)
  assert.equal(judged(policy, wave, { history, at: t0 + 60_000 }).enforced, undefined)
  const ofOne = compiled({ ...rule, scope: 'author' })
  assert.equal(judged(ofOne, wave, { history }).enforced, undefined)
  const own = after(
    ofOne,
    before.map(([, text]) => ['7', text] as const),
  )
  assert.equal(judged(ofOne, wave, { history: own }).enforced?.kind, 'similarity')
})

test('a flood of one author is stopped, and is over with its time', () => {
  const policy = compiled({ kind: 'flood', messages: 5, withinMs: 10_000 })
  const history = after(
    policy,
    Array.from({ length: 5 }, (_, index) => ['7', `message ${index}`] as const),
  )
  assert.equal(judged(policy, 'one more', { history }).enforced?.kind, 'flood')
  assert.equal(judged(policy, 'one more', { history, author: '8' }).enforced, undefined)
  assert.equal(judged(policy, 'one more', { history, at: t0 + 20_000 }).enforced, undefined)
})

test('an outside model’s word counts from a score on; where it is silent the rule decides', () => {
  const rule = { kind: 'classifier', score: 0.8, label: 'toxic', verdict: 'hold' }
  const says = saysOf(rule)
  const said = (label: string, score: number) => ({
    classification: { kind: 'classified', label, score, version: 'm1' } as const,
  })
  assert.equal(says('x', said('toxic', 0.8)), 'hold')
  assert.equal(says('x', said('toxic', 0.79)), undefined)
  assert.equal(says('x', said('spam', 1)), undefined)
  assert.equal(says('x', { classification: { kind: 'unavailable' } }), undefined)
  assert.equal(says('x'), undefined)
  assert.equal(saysOf({ ...rule, unavailable: 'hold' })('x', { classification: { kind: 'unavailable' } }), 'hold')
})
