import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedBy, exposedBy, missingFrom } from './promql.ts'

const page = `# HELP whiply_outcomes_total Outcomes
# TYPE whiply_outcomes_total counter
whiply_outcomes_total{family="channel",code="a\\"b"} 3
whiply_seconds_bucket{stage="edge",le="+Inf"} 1
whiply_queued 0
`

test('a query is read for its metrics, matchers and groups', () => {
  const query =
    'sum by (stage, le) (rate(whiply_seconds_bucket{stage=~"$stage"}[$__rate_interval])) > 0.1 or on (job) up'
  const { selectors, grouping } = askedBy(query)
  assert.deepEqual(
    selectors.map(({ metric, labels }) => [metric, ...labels]),
    [['whiply_seconds_bucket', ['stage', 'variable']], ['up']],
  )
  assert.deepEqual(grouping, ['stage', 'le', 'job'])
})

test('what is no query, or selects by no name, is an error', () => {
  for (const query of ['sum(', 'rate(whiply_queued)) / 2', '{stage="edge"}', 'a b'])
    assert.throws(() => askedBy(query), SyntaxError, query)
})

test('a page of metrics is read with its labels', () => {
  const exposed = exposedBy(page)
  assert.deepEqual([...exposed.keys()], ['whiply_outcomes_total', 'whiply_seconds_bucket', 'whiply_queued'])
  assert.deepEqual(
    [...(exposed.get('whiply_outcomes_total') ?? [])],
    [
      ['family', new Set(['channel'])],
      ['code', new Set(['a\\"b'])],
    ],
  )
})

test('metrics and labels that are not there are told', () => {
  const missing = (query: string) => missingFrom(exposedBy(page), query).map((text) => text.split(':')[0])
  assert.deepEqual(missing('sum by (family) (rate(whiply_outcomes_total{instance="a"}[5m])) + whiply_queued'), [
    'not all have the label family',
  ])
  assert.deepEqual(missing('up{job="whiply"} or whiply_queued{process="a"}'), [])
  assert.deepEqual(missing('whiply_outcome_total'), ['there is no whiply_outcome_total'])
  assert.deepEqual(missing('whiply_queued{family="channel"}'), ['whiply_queued has no label family'])
})
