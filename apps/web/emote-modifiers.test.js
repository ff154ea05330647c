import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { areModifiers, mostModifiers } from '#libs/channel/emotes/modifiers.ts'

globalThis.document ??= {}
const { drawnModifiers, MOST } = await import('./public/composer/emote-modifiers.js')

test('every look that is offered for emotes is known to the channel, and drawn', () => {
  const style = readFileSync(new URL('public/style.css', import.meta.url), 'utf8')
  for (const modifier of drawnModifiers) {
    assert.ok(areModifiers([modifier]), modifier)
    assert.match(style, new RegExp(`\\.emote-${modifier} \\{`))
  }
  assert.equal(MOST, mostModifiers)
})
