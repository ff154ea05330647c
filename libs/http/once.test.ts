import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuidv7 } from '#libs/journal/ids.ts'
import { noteFate } from './fate.ts'
import { createOnce, type RequestStore } from './once.ts'
import { HttpProblem } from './problem.ts'

const inMemory = (): RequestStore => {
  const rows = new Map<string, Awaited<ReturnType<RequestStore['keep']>>>()
  return {
    find: async (id) => rows.get(id),
    keep: async (id, request) => {
      if (!rows.has(id)) rows.set(id, request)
      return rows.get(id) ?? request
    },
    forget: async (id) => void rows.delete(id),
  }
}

/** Requests that find a number, another each time, and are told it. */
const setUp = () => {
  const once = createOnce(inMemory(), (text) => `keyed ${text}`)
  let found = 0
  const find = async () => ({ number: ++found })
  const ask = (commandId: string, asked: readonly unknown[], each = async (number: number) => number) =>
    once({ commandId, caller: { accountId: '7' } }, asked, find, ({ number }) => each(number))
  return { once, find, ask }
}

test('a request that comes again goes on with what it found the first time', async () => {
  const { ask } = setUp()
  const id = uuidv7()
  assert.deepEqual([await ask(id, ['x']), await ask(id, ['x']), await ask(uuidv7(), ['x'])], [1, 1, 2])
})

test('something else by the same id is refused, and so is the same of another account', async () => {
  const { once, find, ask } = setUp()
  const id = uuidv7()
  await ask(id, ['x'])
  await assert.rejects(ask(id, ['y']), { code: 'command.id_reused' })
  const other = { commandId: id, caller: { accountId: '8' } }
  await assert.rejects(
    once(other, ['x'], find, async () => {}),
    { code: 'command.id_reused' },
  )
})

test('what the journal has rejected it rejects again; what was not sent is begun anew', async () => {
  const { ask } = setUp()
  const failing = (error: HttpProblem) => async () => {
    throw error
  }
  const [rejected, unsent] = [uuidv7(), uuidv7()]
  const reject = async () => {
    noteFate(rejected, 'rejected')
    throw new HttpProblem('identity.forbidden')
  }
  await assert.rejects(ask(rejected, [], reject))
  await assert.rejects(ask(unsent, [], failing(new HttpProblem('platform.busy'))))
  assert.deepEqual([await ask(rejected, []), await ask(unsent, [])], [1, 3])
})

test('what fails behind the journal’s word goes on with what was found the first time', async () => {
  const { ask } = setUp()
  const id = uuidv7()
  const sentAndLost = async () => {
    noteFate(uuidv7(), 'rejected')
    noteFate(id, 'taken')
    throw new HttpProblem('platform.unavailable')
  }
  await assert.rejects(ask(id, [], sentAndLost))
  assert.equal(await ask(id, []), 1)
})

test('what was used up is given back where nothing was sent or all was rejected, once, and never behind a command', async () => {
  const { once, find } = setUp()
  const undone: unknown[] = []
  const ask = (commandId: string, fate: 'rejected' | 'taken' | undefined) =>
    once(
      { commandId },
      [],
      find,
      async () => {
        if (fate) noteFate(commandId, fate)
        throw new HttpProblem('platform.unavailable')
      },
      async (kept) => void undone.push(kept.number),
    )
  const [unsent, rejected, taken] = [uuidv7(), uuidv7(), uuidv7()]
  await assert.rejects(ask(unsent, undefined))
  await assert.rejects(ask(rejected, 'rejected'))
  await assert.rejects(ask(rejected, 'rejected'))
  await assert.rejects(ask(taken, 'taken'))
  assert.deepEqual(undone, [1, 2])
})

test('what cannot be kept is given back', async () => {
  const store: RequestStore = { ...inMemory(), keep: () => Promise.reject(new HttpProblem('platform.unavailable')) }
  const once = createOnce(store, (text) => text)
  const undone: unknown[] = []
  const asked = once(
    { commandId: uuidv7() },
    [],
    async () => ({ link: 'x' }),
    async () => assert.fail('nothing is sent'),
    async ({ link }) => void undone.push(link),
  )
  await assert.rejects(asked, { code: 'platform.unavailable' })
  assert.deepEqual(undone, ['x'])
})

test('one that fails where the first was decided takes nothing from it', async () => {
  const { ask } = setUp()
  const id = uuidv7()
  await ask(id, [])
  await assert.rejects(
    ask(id, [], async () => {
      throw new HttpProblem('platform.busy')
    }),
  )
  assert.equal(await ask(id, []), 1)
})

test('of two at once one is the first, and what fails of the other takes nothing from it', async () => {
  const { once, find } = setUp()
  const request = { commandId: uuidv7(), caller: { accountId: '7' } }
  const first = Promise.withResolvers<void>()
  const told = await Promise.allSettled(
    [0, 1].map(() =>
      once(request, [], find, async ({ number }, isAgain) => {
        if (!isAgain) return first.promise.then(() => number)
        first.resolve()
        throw new HttpProblem('platform.busy')
      }),
    ),
  )
  assert.deepEqual(
    told.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  )
  assert.equal(await once(request, [], find, async ({ number }) => number), 1)
})

test('an id that was refused for its time is begun anew when it comes again', async () => {
  const { ask } = setUp()
  const id = uuidv7()
  const tooNew = async () => {
    throw new HttpProblem('command.too_new')
  }
  await assert.rejects(ask(id, [], tooNew), { code: 'command.too_new' })
  assert.equal(await ask(id, []), 2)
})

test('of two at once the one that finds everything used up goes on with what the other found', async () => {
  const { once } = setUp()
  const id = uuidv7()
  let isThere = true
  const meanwhile = Promise.withResolvers<void>()
  const take = async () => {
    if (!isThere) {
      await meanwhile.promise
      throw new HttpProblem('identity.link_invalid')
    }
    isThere = false
    return { accountId: '9' }
  }
  const each = async ({ accountId }: { readonly accountId: string }) => accountId
  const first = once({ commandId: id }, [], take, each).finally(meanwhile.resolve)
  assert.deepEqual(await Promise.all([first, once({ commandId: id }, [], take, each)]), ['9', '9'])
})
