import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKnownGlobals, type GlobalEmotes, globalsFact, globalsIn, nameTakenFact } from './globals.ts'

const known: GlobalEmotes = new Map([
  ['Kappa', 'k'],
  ['LUL', 'l'],
])

test('a command tells of the emotes in its text, each once, and nothing else', () => {
  assert.equal(globalsFact('Kappa Kappa:slow kappa LULW', known), 'Kappa=k')
  assert.equal(globalsFact('nothing here', known), undefined)
  assert.deepEqual(
    globalsIn(globalsFact('LUL Kappa', known)),
    new Map([
      ['LUL', 'l'],
      ['Kappa', 'k'],
    ]),
  )
  assert.equal(globalsIn(undefined).size, 0)
  assert.equal(globalsIn('=x y= z').size, 0)
  const many = new Map(Array.from({ length: 80 }, (_, index) => [`e${index}`, `${index}`]))
  assert.equal(globalsIn(globalsFact([...many.keys()].join(' '), many)).size, 50)
})

test('a name is taken in whatever case', () => {
  assert.equal(nameTakenFact('KAPPA', known), 'Kappa=k')
  assert.equal(nameTakenFact('Kappa2', known), undefined)
})

test('what an edge knows is asked for only where it has changed, and stays while nobody answers', async () => {
  let there = 1
  let asked = 0
  let away = false
  const globals = createKnownGlobals({
    version: async () => {
      if (away) throw new Error('away')
      return there
    },
    load: async () => {
      asked += 1
      return known
    },
  })
  assert.equal(globals.current().size, 0)
  await Promise.all([globals.refresh(), globals.refresh()])
  await globals.refresh()
  assert.deepEqual([globals.current().size, asked], [2, 1])
  there = 2
  away = true
  await globals.refresh()
  assert.deepEqual([globals.current().size, asked], [2, 1])
  away = false
  await globals.refresh()
  assert.equal(asked, 2)
})
