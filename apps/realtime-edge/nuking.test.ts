import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Role } from '#libs/access/roles.ts'
import { gcraLimiter } from '#libs/http/rate-limit.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { ServerFrame } from '#libs/protocols/native/server-frames.ts'
import { ReadModelBehind } from '#libs/readmodel/errors.ts'
import { until } from '#libs/testing/until.ts'
import { ada, channel } from './edge.fixtures.ts'
import { createNuking } from './nuking.ts'
import type { Identity } from './recipient.ts'

/** A door for nukes whose read model is somewhere, and whose searches end when they are told to. */
const setUp = ({ role = 'moderator' as Role, reached = Promise.resolve() } = {}) => {
  const steps: string[] = []
  const ends: (() => void)[] = []
  const nuke = createNuking({
    gateway: { submit: async () => assert.fail('nothing is sent'), oldestPendingMs: () => 0 },
    limiter: gcraLimiter(),
    nukes: {
      reads: {
        recent: async () => {
          steps.push('searched')
          await new Promise<void>((resolve) => ends.push(resolve))
          return [{ messageId: uuidv7(), seq: 7, authorId: '9', text: 'free skins' }]
        },
      },
      once: async () => assert.fail('nothing is done'),
      waitForPosition: async (projection, position) => {
        steps.push(`${projection} ${position}`)
        await reached
      },
    },
    lookUps: undefined,
    roleOf: () => role,
    positionOf: () => 'channel.0.12',
    sightings: { keysOf: () => undefined },
    diskFull: () => false,
    onError: () => steps.push('failed'),
    now: () => 1_000_000,
  })
  const answers: ServerFrame[] = []
  const ask = (identity: Identity | undefined = ada) => {
    const asked = { text: 'free skins', match: 'text', withinMs: 60_000, block: true, dryRun: true } as const
    const nuker = { identity, address: '127.0.0.1', send: (frame: ServerFrame) => void answers.push(frame) }
    nuke(nuker, { type: 'nuke', id: uuidv7(), channel, nuke: asked })
  }
  /** What came last, as one word. */
  const answered = async (count = 1): Promise<string | undefined> => {
    await until(() => answers.length >= count)
    const last = answers.at(-1)
    return last && ('code' in last ? last.code : last.type)
  }
  return { ask, answered, steps, ends }
}

test('nothing is looked for before the read model has what this edge has shown', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { ask, answered, steps, ends } = setUp({ reached: promise })
  ask()
  await until(() => steps.length > 0)
  assert.deepEqual(steps, ['messages channel.0.12'])
  resolve()
  await until(() => ends.length === 1)
  ends[0]?.()
  assert.equal(await answered(), 'nuke-found')
})

test('where it does not get there in time, nothing is looked for, and who asked is told to come again', async () => {
  const { ask, answered, steps } = setUp({ reached: Promise.reject(new ReadModelBehind('too late')) })
  ask()
  assert.equal(await answered(), 'platform.unavailable')
  assert.deepEqual(steps, ['messages channel.0.12', 'failed'])
})

test('nothing is looked for on behalf of who may not nuke', async () => {
  for (const [role, code] of [
    ['vip', 'channel.forbidden'],
    ['none', 'channel.unknown'],
  ] as const) {
    const { ask, answered, steps } = setUp({ role })
    ask()
    assert.equal(await answered(), code)
    assert.deepEqual(steps, [])
  }
  const { ask, answered } = setUp()
  ask({ ...ada, scopes: ['chat:write'] })
  assert.equal(await answered(), 'live.insufficient_scope')
})

test('searches go one after another, and so many wait', async () => {
  const { ask, answered, steps, ends } = setUp()
  for (let asked = 0; asked < 10; asked++) ask({ ...ada, accountId: `${asked + 1}` })
  assert.equal(await answered(), 'platform.busy')
  const searches = () => steps.filter((step) => step === 'searched').length
  assert.equal(searches(), 1)
  for (let ended = 1; ended <= 9; ended++) {
    await until(() => ends.length === ended)
    assert.equal(searches(), ended)
    ends[ended - 1]?.()
  }
  assert.equal(await answered(10), 'nuke-found')
})
