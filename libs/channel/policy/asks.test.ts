import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classifyWhereAsked, createPolicyAsks } from './asks.ts'

const policyWith = (...rules: object[]): string =>
  JSON.stringify({ format: 1, rules: rules.map((rule, index) => ({ id: `rule-${index}`, ...rule })) })

const model = { kind: 'classifier', score: 0.8, label: 'toxic', verdict: 'hold' }
const young = { kind: 'new_account', youngerThanMs: 60_000, verdict: 'hold' }

test('a model is asked where a rule asks for it, and how old accounts are where another one does', async () => {
  const policies = new Map<string, string | null>([
    ['1', policyWith(model)],
    ['2', policyWith(young)],
    ['3', null],
    ['4', '{"format":1,"rules":"none"}'],
  ])
  const asks = createPolicyAsks({ policy: async (channel) => policies.get(channel) ?? null })
  const of = async (channel: string) => asks.of(channel)
  assert.deepEqual(await of('1'), { classifier: true, accounts: false })
  assert.deepEqual(await of('2'), { classifier: false, accounts: true })
  for (const channel of ['3', '4']) assert.deepEqual(await of(channel), { classifier: false, accounts: false })
  const asked: string[] = []
  const classify = classifyWhereAsked(async ({ channel }) => {
    asked.push(channel)
    return { kind: 'unavailable' }
  }, asks)
  assert.equal(await classify({ channel: '2', text: 'hi' }), undefined)
  assert.deepEqual(await classify({ channel: '1', text: 'hi' }), { kind: 'unavailable' })
  assert.deepEqual(asked, ['1'])
})

test('it is believed for a while, and what the journal says counts before the read model', async () => {
  let at = 0
  let reads = 0
  const pending = Promise.withResolvers<string | null>()
  const asks = createPolicyAsks({
    policy: async () => {
      reads++
      return reads === 1 ? pending.promise : null
    },
    now: () => at,
  })
  const first = asks.of('1')
  assert.ok(first instanceof Promise)
  assert.equal(asks.of('1'), first)
  asks.learn('1', policyWith(model))
  pending.resolve(null)
  await first
  assert.deepEqual(asks.of('1'), { classifier: true, accounts: false })
  at = 5_000
  assert.deepEqual(await asks.of('1'), { classifier: false, accounts: false })
  assert.equal(reads, 2)
})

test('while the read model is away, everything is asked for', async () => {
  const asks = createPolicyAsks({ policy: () => Promise.reject(new Error('away')) })
  assert.deepEqual(await asks.of('1'), { classifier: true, accounts: true })
})
