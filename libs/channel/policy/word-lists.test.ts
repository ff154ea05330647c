import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parsePolicy } from '#libs/policy/parse.ts'
import { type Policy, policyLimits } from '#libs/policy/policy.ts'
import { importWords, readWordList, type WordImport } from './word-lists.ts'

test('a word or phrase a line, each once; what is none is told by its line', () => {
  const long = 'x'.repeat(policyLimits.termLength + 1)
  assert.deepEqual(
    readWordList('lines', `\ufefffoo\r\n\n# English\nbar  baz\nFOO\n${long}\n!?\nti\u0007ck\nбаз\n\ud800a`),
    {
      words: ['foo', 'bar  baz', 'баз'],
      malformed: [
        { line: 6, problem: 'too_long' },
        { line: 7, problem: 'no_letters' },
        { line: 8, problem: 'invalid' },
        { line: 10, problem: 'invalid' },
      ],
    },
  )
})

test('a table has its words in the column that says so, or in the first', () => {
  const words = ['foo', 'bar, baz']
  assert.deepEqual(readWordList('csv', 'foo,1\n"bar, baz",2\n'), { words, malformed: [] })
  assert.deepEqual(readWordList('csv', 'Language,Term\r\nen,foo\r\nen,"bar, baz"\r\nen,\r\nen\r\n'), {
    words,
    malformed: [
      { line: 4, problem: 'no_letters' },
      { line: 5, problem: 'no_letters' },
    ],
  })
})

const policyOf = (document: object): Policy => {
  const parsed = parsePolicy(JSON.stringify(document))
  if (!parsed.ok) assert.fail(JSON.stringify(parsed.violations))
  return parsed.policy
}
const asked: WordImport = { list: 'en', words: ['foo', 'bar'], severity: undefined, how: 'merge', shadow: false }
const imported = (policy: Policy | undefined, more: Partial<WordImport> = {}) => {
  const { document, ...counts } = importWords(policy, { ...asked, ...more })
  return { policy: policyOf(document), ...counts }
}
const listsOf = ({ rules }: Policy, id: string) => {
  const rule = rules.find((each) => each.id === id)
  return rule?.kind === 'phrases' ? [rule.mode, ...rule.lists.map(({ list, severity }) => [list, severity])] : undefined
}

test('a list that nobody had asked for gets a rule, which other lists come to', () => {
  const first = imported(undefined)
  assert.deepEqual([first.added, first.removed, first.words], [2, 0, 2])
  assert.deepEqual(first.policy.lists, { en: ['foo', 'bar'] })
  const second = imported(first.policy, { list: 'de', severity: 3 })
  const third = imported(second.policy, { list: 'fr', shadow: true })
  assert.deepEqual(listsOf(third.policy, 'word-lists'), ['enforced', ['en', 2], ['de', 3]])
  assert.deepEqual(listsOf(third.policy, 'word-lists.trial'), ['shadow', ['fr', 2]])
})

test('words are merged with those that are there, or take their place, and the rest of the policy stays', () => {
  const rules = [
    { id: 'mine', kind: 'phrases', lists: [{ list: 'en', severity: 1 }] },
    { id: 'plain', kind: 'terms', lists: ['plain'] },
  ]
  const before = policyOf({ format: 1, lists: { en: ['Foo', 'old'], plain: ['x'] }, rules })
  const merged = imported(before)
  assert.deepEqual([merged.added, merged.removed, merged.words], [1, 0, 3])
  assert.deepEqual(merged.policy.lists, { en: ['Foo', 'old', 'bar'], plain: ['x'] })
  assert.deepEqual(merged.policy.rules, before.rules, 'a rule asks for it already, as it did')
  const replaced = imported(before, { how: 'replace', severity: 3 })
  assert.deepEqual([replaced.added, replaced.removed, replaced.words], [1, 1, 2])
  assert.deepEqual(replaced.policy.lists.en, ['Foo', 'bar'])
  assert.deepEqual(listsOf(replaced.policy, 'mine'), ['enforced', ['en', 3]])
  assert.deepEqual(imported(before, { list: 'plain' }).policy.rules, before.rules)
})

test('the same words sent again change nothing, however they are taken in', () => {
  const word = fc.stringMatching(/^[A-Za-zäé0-9]{1,8}$/)
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1 }),
      fc.array(word),
      fc.boolean(),
      fc.boolean(),
      (some, had, merge, shadow) => {
        const how = merge ? 'merge' : 'replace'
        const more = { words: readWordList('lines', some.join('\n')).words, how, shadow } as const
        const before = policyOf({ format: 1, lists: { en: readWordList('lines', had.join('\n')).words } })
        const once = imported(before, more)
        const again = imported(once.policy, more)
        assert.deepEqual([again.policy, again.added, again.removed], [once.policy, 0, 0])
        assert.equal(once.words, once.policy.lists.en?.length)
      },
    ),
  )
})

test('of more lines than words of a policy nothing is read, and a list may have any name', () => {
  assert.deepEqual(readWordList('lines', 'a\n'.repeat(10_001)), { words: [], malformed: [] })
  const { document } = importWords(undefined, { ...asked, list: 'constructor', words: ['foo'] })
  assert.deepEqual(document.lists, { constructor: ['foo'] })
})
