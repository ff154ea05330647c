import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuidv7 } from '#libs/journal/ids.ts'
import { commandOutcome, outcomesProjection } from './outcomes.ts'
import { readModelFixture } from './readmodel.fixtures.ts'

test('who could not wait for their command learns its outcome by its id, and nobody else does', async (t) => {
  const { journal, sql, run } = await readModelFixture(t)
  const id = uuidv7()
  const refused = uuidv7()
  await journal.write('channel', 1, [
    { key: '1', commandId: id, principal: '7', outcome: { kind: 'accepted', events: [], summary: { seq: 3 } } },
    { key: '1', commandId: refused, outcome: { kind: 'rejected', code: 'chat.timed_out', detail: { remainingMs: 5 } } },
  ])
  await (await run(outcomesProjection)).caughtUp()
  assert.deepEqual(await commandOutcome(sql, '7', id), {
    commandId: id,
    commandType: 'Test',
    key: '1',
    at: 1_780_000_000_001,
    status: 'accepted',
    code: null,
    detail: { seq: 3 },
    position: 'channel.1.1',
  })
  assert.equal(await commandOutcome(sql, '8', id), undefined)
  const outcome = await commandOutcome(sql, '1', refused)
  assert.deepEqual(
    [outcome?.status, outcome?.code, outcome?.detail],
    ['rejected', 'chat.timed_out', { remainingMs: 5 }],
  )
})

test('a command sent again keeps its first outcome; where only the repetition is left, it says the same', async (t) => {
  const { journal, sql, run } = await readModelFixture(t)
  const [id, late] = [uuidv7(), uuidv7()]
  const repeated = { kind: 'repeated', firstN: 1, summary: { kind: 'rejected', code: 'chat.no', detail: {} } } as const
  await journal.write('channel', 0, [
    { key: '1', commandId: id, outcome: { kind: 'rejected', code: 'chat.no', detail: {} } },
    { key: '1', commandId: id, outcome: repeated },
    { key: '1', commandId: late, outcome: repeated },
  ])
  await (await run(outcomesProjection)).caughtUp()
  assert.equal((await commandOutcome(sql, '1', id))?.position, 'channel.0.1')
  const outcome = await commandOutcome(sql, '1', late)
  assert.deepEqual([outcome?.status, outcome?.code, outcome?.position], ['rejected', 'chat.no', 'channel.0.3'])
})

test('a command that was refused for its id, and decided when it came again, is told of by its decision', async (t) => {
  for (const batchSize of [1, 100]) {
    const { journal, sql, run } = await readModelFixture(t)
    const [id, other] = [uuidv7(), uuidv7()]
    const tooNew = { kind: 'rejected', code: 'command.too_new', detail: {} } as const
    const reused = { kind: 'rejected', code: 'command.id_reused', detail: {} } as const
    await journal.write('channel', 0, [
      { key: '1', commandId: id, outcome: tooNew },
      { key: '1', commandId: other, outcome: tooNew },
      { key: '1', commandId: id, outcome: { kind: 'accepted', events: [], summary: { seq: 9 } } },
      { key: '1', commandId: id, outcome: reused },
      { key: '1', commandId: other, outcome: tooNew },
    ])
    await (await run(outcomesProjection, { batchSize })).caughtUp()
    const decided = await commandOutcome(sql, '1', id)
    assert.deepEqual([decided?.status, decided?.detail, decided?.position], ['accepted', { seq: 9 }, 'channel.0.3'])
    const refused = await commandOutcome(sql, '1', other)
    assert.deepEqual([refused?.code, refused?.position], ['command.too_new', 'channel.0.2'])
  }
})

test('outcomes are kept for a day of their partition, whatever the batches', async (t) => {
  const day = 24 * 60 * 60 * 1000
  for (const batchSize of [1, 100]) {
    const { journal, sql, run } = await readModelFixture(t)
    const at = (time: number) => ({ key: '1', at: time })
    await journal.write('channel', 0, [at(0), at(5), at(day), at(day + 5)])
    await journal.write('channel', 1, [at(0)])
    await (await run(outcomesProjection, { batchSize })).caughtUp()
    const rows = await sql`select partition, at from readmodel.outcomes order by partition, at`
    assert.deepEqual(
      rows.map((row) => [row.partition, Number(row.at)]),
      [
        [0, 5],
        [0, day],
        [0, day + 5],
        [1, 0],
      ],
    )
  }
})
