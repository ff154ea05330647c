import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { endMark, type Marks, marksFrom, marksOver, noMarks, setMark } from './marks.ts'

const step = fc.record({
  member: fc.constantFrom('1', '2', '3'),
  until: fc.option(fc.integer({ min: 1, max: 20 })),
  ends: fc.boolean(),
})

test('the earliest end is known after any run of marks, and what is over is found', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 0, max: 21 }), (steps, at) => {
      const expected = new Map<string, number | null>()
      let marks: Marks = noMarks
      for (const { member, until, ends } of steps) {
        marks = ends
          ? endMark(marks, member, 'subscription')
          : setMark(marks, member, 'subscription', { until, value: 1 })
        if (ends) expected.delete(member)
        else expected.set(member, until)
      }
      const ends = [...expected.values()].filter((until) => until !== null)
      assert.equal(marks.earliest, ends.length === 0 ? undefined : Math.min(...ends))
      assert.deepEqual(
        marksOver(marks, at)
          .map(({ until }) => until)
          .sort(),
        ends.filter((until) => until <= at).sort(),
      )
      assert.equal(marksFrom(marks.byMember).earliest, marks.earliest)
    }),
  )
})
