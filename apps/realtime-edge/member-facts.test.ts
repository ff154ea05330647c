import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MemberFacts } from '#libs/channel/edge.ts'
import type { Modes } from '#libs/channel/state/modes.ts'
import { createMemberFacts } from './member-facts.ts'
import type { Room } from './room.ts'

const followersOnly: Modes = { followers_only: { value: 0, actor: '1', since: 0 } }

const setUp = (modes: Modes, answers: readonly (MemberFacts | Error)[]) => {
  let at = 0
  let asked = 0
  const view = { modes } as NonNullable<Room['view']>
  const facts = createMemberFacts({
    rooms: { get: () => ({ view }) },
    load: async () => {
      const answer = answers[asked++] ?? {}
      if (answer instanceof Error) throw answer
      return answer
    },
    onError: () => {},
    now: () => at,
  })
  return { facts, asked: () => asked, pass: (ms: number) => (at += ms) }
}

test('where no mode asks for it nothing is looked up, and nobody waits', () => {
  const { facts, asked } = setUp({}, [])
  assert.deepEqual(facts.of('1', '42'), {})
  assert.equal(asked(), 0)
})

test('what is known is asked once in a while, by all who wait for it together', async () => {
  const { facts, asked, pass } = setUp(followersOnly, [{ followedAt: '5' }, { followedAt: '6' }])
  const [one, other] = await Promise.all([facts.of('1', '42'), facts.of('1', '42')])
  assert.deepEqual(
    [one, other, facts.of('1', '42'), asked()],
    [{ followedAt: '5' }, { followedAt: '5' }, { followedAt: '5' }, 1],
  )
  pass(15_000)
  assert.deepEqual(await facts.of('1', '42'), { followedAt: '6' })
})

test('who has just followed, or ceased to, is known before the read model has it', async () => {
  const { facts, pass } = setUp(followersOnly, [{ accountCreatedAt: '1' }, { followedAt: '9' }])
  assert.deepEqual(await facts.of('1', '42'), { accountCreatedAt: '1' })
  facts.learn('1', '42', { followedAt: '9' })
  assert.deepEqual(facts.of('1', '42'), { accountCreatedAt: '1', followedAt: '9' })
  facts.learn('1', '42', { followedAt: undefined })
  assert.deepEqual(facts.of('1', '42'), { accountCreatedAt: '1' })
  pass(15_000)
  assert.deepEqual(await facts.of('1', '42'), { followedAt: '9' })
})

test('while the read models are away nothing is known, and the next post asks again', async () => {
  const { facts, asked } = setUp(followersOnly, [new Error('away'), { followedAt: '5' }])
  assert.deepEqual(await facts.of('1', '42'), {})
  assert.deepEqual(await facts.of('1', '42'), { followedAt: '5' })
  assert.equal(asked(), 2)
})

test('how old accounts are is looked up where a rule of the policy asks for it', async () => {
  const asked: string[] = []
  const view = { modes: {} } as NonNullable<Room['view']>
  const known = new Map([['2', Promise.resolve({ classifier: false, accounts: true })]])
  const facts = createMemberFacts({
    rooms: { get: () => ({ view }) },
    load: async (channel) => {
      asked.push(channel)
      return { accountCreatedAt: '7' }
    },
    asks: { of: (channel) => known.get(channel) ?? { classifier: true, accounts: channel === '3' } },
    onError: () => {},
    now: () => 0,
  })
  assert.deepEqual(facts.of('1', '42'), {})
  assert.deepEqual(await facts.of('2', '42'), { accountCreatedAt: '7' })
  assert.deepEqual(await facts.of('3', '42'), { accountCreatedAt: '7' })
  assert.deepEqual(asked, ['2', '3'])
})

test('a confirmed address counts in every channel at once, before the read model says so', async () => {
  const { facts } = setUp(followersOnly, [{ followedAt: '5' }, {}])
  assert.deepEqual(await facts.of('1', '42'), { followedAt: '5' })
  facts.confirmed('42')
  assert.deepEqual(await facts.of('1', '42'), { followedAt: '5', verified: 'true' })
  assert.deepEqual(await facts.of('2', '42'), { verified: 'true' })
  assert.deepEqual(await facts.of('2', '43'), {})
})
