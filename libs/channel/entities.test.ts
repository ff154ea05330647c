import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeEntities, type Entity, encodeEntities, entitiesIn } from './entities.ts'

const kinds = (text: string) => entitiesIn(text).map(({ kind, from, to }) => [kind, text.slice(from, to)])

test('mentions, addresses, code, spoilers and greentext are found where they stand', () => {
  assert.deepEqual(kinds('hi @Ada_L, see https://example.org/a?b=1.'), [
    ['mention', '@Ada_L'],
    ['link', 'https://example.org/a?b=1'],
  ])
  assert.deepEqual(kinds('`x @ada` ||he dies @bob||'), [
    ['code', '`x @ada`'],
    ['spoiler', '||he dies @bob||'],
    ['mention', '@bob'],
  ])
  assert.deepEqual(kinds('>implying'), [['greentext', '>implying']])
})

test('a mention is a handle that stands alone, in lower case', () => {
  assert.deepEqual(entitiesIn('@Ada')[0]?.name, 'ada')
  for (const text of ['a@ada', '@@ada', '@ad', `@${'a'.repeat(26)}`, 'https://example.org/@ada'])
    assert.deepEqual(
      entitiesIn(text).filter(({ kind }) => kind === 'mention'),
      [],
      text,
    )
})

test('an emote is a whole word, with its modifiers, and not within code', () => {
  const find = (name: string) => (name === 'Kappa' ? { id: 'e1' } : undefined)
  assert.deepEqual(entitiesIn('Kappa Kappas `Kappa` Kappa:wide:spin', find), [
    { kind: 'emote', from: 0, to: 5, name: 'Kappa', id: 'e1' },
    { kind: 'code', from: 13, to: 20 },
    { kind: 'emote', from: 21, to: 36, name: 'Kappa', id: 'e1', modifiers: ['wide', 'spin'] },
  ])
})

test('whatever the text, what is found lies within it, in order, and reads back as it was', () => {
  const text = fc.array(fc.constantFrom('@ada', '`', '||', ' ', 'https://a.b', '>', 'é', '👩‍🚀', 'x'), {
    maxLength: 40,
  })
  fc.assert(
    fc.property(text, (parts) => {
      const whole = parts.join('')
      const found = entitiesIn(whole)
      for (const [index, { from, to }] of found.entries()) {
        assert.ok(from >= 0 && from < to && to <= whole.length)
        assert.ok(index === 0 || (found[index - 1] as Entity).from <= from)
      }
      assert.deepEqual(decodeEntities(encodeEntities(found)), found)
    }),
  )
  assert.equal(encodeEntities([]), null)
})
