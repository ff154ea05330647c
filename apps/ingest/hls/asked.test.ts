import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addresses, askedOf, directivesOf } from './asked.ts'

test('what a playlist names is what is asked for, in each rendition', () => {
  fc.assert(
    fc.property(fc.nat(999_999_999), fc.nat(99), fc.constantFrom(undefined, '720p'), (sequence, part, rendition) => {
      const under = rendition ? `${rendition}/` : ''
      assert.deepEqual(askedOf(under + addresses.part(sequence, part)), { kind: 'part', sequence, part, rendition })
      assert.deepEqual(askedOf(under + addresses.segment(sequence)), { kind: 'segment', sequence, rendition })
      assert.deepEqual(askedOf(under + addresses.keyframe(sequence)), { kind: 'keyframe', sequence, rendition })
      assert.deepEqual(askedOf(under + addresses.init(part)), { kind: 'init', init: part, rendition })
    }),
  )
})

test('a number has one spelling, so that nobody waits for the same at many addresses', () => {
  for (const file of ['07.m4s', '7.00.m4s', 'key-07.mp4', 'init-00.mp4', '1e3.m4s', '+7.m4s', '7.0.0.m4s'])
    assert.equal(askedOf(file), undefined, file)
  const directives = (query: string) => directivesOf(new URLSearchParams(query))
  assert.deepEqual(directives('_HLS_msn=10&_HLS_part=0'), { sequence: 10, part: 0, skips: false })
  for (const query of ['_HLS_msn=010', '_HLS_msn=10&_HLS_part=00', '_HLS_part=1', '_HLS_msn=-1', '_HLS_msn='])
    assert.equal(directives(query), undefined, query)
})
