import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { beforeFirst, type EnvelopeHead, holdsAt, judge, type ValidityState } from './validity.ts'

const claim: EnvelopeHead = { kind: 'claim' }
const outcome = (of: number, n: number): EnvelopeHead => ({ kind: 'outcome', claim: of, n })
const attempt = (of: number, n: number): EnvelopeHead => ({ kind: 'attempt', claim: of, n })

const verdicts = (heads: readonly EnvelopeHead[]): readonly string[] => {
  let state = beforeFirst
  return heads.map((head, offset) => {
    const judgement = judge(state, head, offset)
    state = judgement.state
    return judgement.verdict
  })
}

test('records of the latest claim, numbered without a gap, are valid', () => {
  assert.deepEqual(verdicts([claim, outcome(0, 1), attempt(0, 2), outcome(0, 3)]), ['claim', 'valid', 'valid', 'valid'])
})

test('what a superseded owner writes late is void', () => {
  assert.deepEqual(verdicts([claim, outcome(0, 1), claim, outcome(0, 2), outcome(2, 2)]).slice(2), [
    'claim',
    'void',
    'valid',
  ])
})

test('a doubled record, one behind a gap and one before any claim are void', () => {
  assert.deepEqual(verdicts([outcome(-1, 2), claim, outcome(1, 1), outcome(1, 1), outcome(1, 3), outcome(1, 2)]), [
    'void',
    'claim',
    'valid',
    'void',
    'void',
    'valid',
  ])
})

test('unreadable bytes are void and change nothing', () => {
  assert.deepEqual(verdicts([claim, { kind: 'unreadable' }, outcome(0, 1)]), ['claim', 'void', 'valid'])
})

test('a position holds at the record that it names, and at no other', () => {
  assert.equal(holdsAt({ offset: 4, claim: 4, n: 2 }, claim), true)
  assert.equal(holdsAt({ offset: 4, claim: 3, n: 2 }, claim), false)
  assert.equal(holdsAt({ offset: 4, claim: 3, n: 2 }, outcome(3, 2)), true)
  assert.equal(holdsAt({ offset: 4, claim: 3, n: 2 }, outcome(3, 1)), false)
  assert.equal(holdsAt({ offset: 4, claim: 3, n: 2 }, { kind: 'unreadable' }), false)
})

test('valid records are gap-free in any log', () => {
  const head = fc.oneof(
    fc.constant(claim),
    fc.record({ kind: fc.constant('outcome' as const), claim: fc.integer({ min: 0, max: 6 }), n: fc.nat(6) }),
  )
  fc.assert(
    fc.property(fc.array(head, { maxLength: 40 }), (heads) => {
      let state: ValidityState = beforeFirst
      for (const [offset, each] of heads.entries()) {
        const { verdict, state: next } = judge(state, each, offset)
        assert.equal(next.n, verdict === 'valid' ? state.n + 1 : state.n)
        assert.equal(next.claim, verdict === 'claim' ? offset : state.claim)
        state = next
      }
    }),
  )
})
