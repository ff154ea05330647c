import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countedMs, createFailedAttempts, PAUSE_MS } from './failed-attempts.ts'

/** Told by hand, at a time of the test's own. */
const setUp = () => {
  let at = 0
  let away = false
  const told: string[] = []
  const attempts = createFailedAttempts<string | undefined>({
    record: async (accountId, count, last) => {
      if (away) throw new Error('the journal is away')
      told.push(`${accountId}: ${count}${last === undefined ? '' : ` ${last}`}`)
    },
    onError: () => {},
    now: () => at,
    stepMs: 1_000_000,
  })
  const guess = (accountId: string, times = 1, what?: string) => {
    for (let turn = 0; turn < times; turn++) attempts.note(accountId, what)
  }
  return {
    ...attempts,
    guess,
    told,
    pass: (ms: number) => {
      at += ms
    },
    setAway: (is: boolean) => {
      away = is
    },
  }
}

test('the first attempt is told, then ten times as many each time, and the rest when an hour is over', async () => {
  const { guess, tell, told, pass, close } = setUp()
  for (let turn = 0; turn < 1_500; turn++) {
    guess('7')
    await tell()
  }
  assert.deepEqual(told, ['7: 1', '7: 9', '7: 90', '7: 900'])
  pass(countedMs)
  await tell()
  assert.equal(told.at(-1), '7: 500')
  guess('7')
  await tell()
  assert.equal(told.at(-1), '7: 1', 'a new hour begins with the next')
  await close()
})

test('guesses at many accounts are told a few at a time', async () => {
  const { guess, tell, told, close } = setUp()
  for (let account = 0; account < 12; account++) guess(String(account))
  const counts: number[] = []
  for (let step = 0; step < 4; step++) {
    await tell()
    counts.push(told.length)
  }
  assert.deepEqual(counts, [5, 10, 12, 12])
  await close()
})

test('what could not be told is told later, and what is left at the end', async () => {
  const { guess, tell, told, pass, setAway, close } = setUp()
  setAway(true)
  guess('7', 3)
  await tell()
  setAway(false)
  guess('7')
  await tell()
  assert.deepEqual(told, [], 'it is not tried again at once')
  pass(PAUSE_MS)
  await tell()
  assert.deepEqual(told, ['7: 4'])
  guess('7', 2)
  await tell()
  assert.equal(told.length, 1)
  await close()
  assert.deepEqual(told, ['7: 4', '7: 2'])
})

test('of what was tried the last is told', async () => {
  const { guess, tell, told } = setUp()
  guess('1', 1, 'this')
  guess('1', 3, 'that')
  await tell()
  assert.deepEqual(told, ['1: 4 that'])
})
