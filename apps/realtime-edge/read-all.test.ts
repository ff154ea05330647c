import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as settled } from 'node:timers/promises'
import { NotThereYet, readAllWithin, shareNext } from './read-all.ts'

test('whoever comes while it is asked is answered by an asking that began after them, one for all', async () => {
  const asked: PromiseWithResolvers<void>[] = []
  const readAll = shareNext(() => {
    const asking = Promise.withResolvers<void>()
    asked.push(asking)
    return asking.promise
  })
  const answered: string[] = []
  const ask = (name: string) => readAll().then(() => answered.push(name))
  const all = [ask('first'), ask('second'), ask('third')]
  asked[0]?.resolve()
  await settled()
  assert.deepEqual([answered, asked.length], [['first'], 2])
  const failing = [assert.rejects(ask('fourth'), /away/)]
  asked[1]?.resolve()
  await Promise.all(all)
  await settled()
  asked[2]?.reject(new Error('away'))
  await Promise.all(failing)
  const after = ask('fifth')
  asked[3]?.resolve()
  await after
  assert.deepEqual([answered, asked.length], [['first', 'second', 'third', 'fifth'], 4])
})

test('nobody waits longer than they said', async () => {
  await assert.rejects(
    readAllWithin(() => new Promise(() => {}), 1),
    NotThereYet,
  )
})
