import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ObjectExists, type ObjectStore } from '../objects.ts'
import { InvalidObjectName, InvalidRange } from './name.ts'

/** What every object store keeps. `open` gives an empty one. */
export const objectStoreContract = (adapter: string, open: (t: TestContext) => Promise<ObjectStore>): void => {
  const contract = (promise: string, check: (store: ObjectStore) => Promise<void>): void => {
    test(`${adapter}: ${promise}`, async (t) => check(await open(t)))
  }

  contract('an object is read as it was put, byte by byte', async (store) => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256))
    await store.put('a/b=1/c_2.bin', bytes)
    await store.put('empty', Buffer.alloc(0))
    assert.deepEqual(await store.get('a/b=1/c_2.bin'), bytes)
    assert.deepEqual(await store.get('empty'), Buffer.alloc(0))
  })

  contract('of a range there is as much as the object has of it', async (store) => {
    const bytes = Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 256))
    await store.put('a/b', bytes)
    await store.put('empty', Buffer.alloc(0))
    assert.deepEqual(await store.get('a/b', { from: 0, to: 1 }), bytes.subarray(0, 1))
    assert.deepEqual(await store.get('a/b', { from: 300, to: 700 }), bytes.subarray(300, 700))
    assert.deepEqual(await store.get('a/b', { from: 990, to: 2_000_000_000 }), bytes.subarray(990))
    assert.deepEqual(await store.get('a/b', { from: 1_000, to: 1_001 }), Buffer.alloc(0))
    assert.deepEqual(await store.get('empty', { from: 0, to: 1 }), Buffer.alloc(0))
    assert.equal(await store.get('a/c', { from: 0, to: 1 }), undefined)
    for (const [from, to] of [
      [1, 1],
      [2, 1],
      [-1, 1],
      [0.5, 1],
      [0, Number.POSITIVE_INFINITY],
    ] as const)
      await assert.rejects(store.get('a/b', { from, to }), InvalidRange, `${from} to ${to}`)
  })

  contract('what is not there is undefined', async (store) => {
    await store.put('a/b', Buffer.from('x'))
    assert.equal(await store.get('a/c'), undefined)
    assert.equal(await store.get('a'), undefined)
    assert.equal(await store.get('a/b/c'), undefined)
  })

  contract('an object is never overwritten', async (store) => {
    await store.put('a', Buffer.from('first'))
    await assert.rejects(store.put('a', Buffer.from('second')), ObjectExists)
    assert.deepEqual(await store.get('a'), Buffer.from('first'))
  })

  contract('of many who put one name at once, one wins', async (store) => {
    const writers = Array.from({ length: 8 }, (_, index) => Buffer.alloc(100_000, index))
    const results = await Promise.allSettled(writers.map((bytes) => store.put('a/b', bytes)))
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    const winner = results.findIndex(({ status }) => status === 'fulfilled')
    assert.deepEqual(await store.get('a/b'), writers[winner])
  })

  contract('what the caller does to its buffer afterwards does not change the object', async (store) => {
    const bytes = Buffer.from('kept')
    await store.put('a', bytes)
    bytes.fill(0)
    assert.deepEqual(await store.get('a'), Buffer.from('kept'))
  })

  contract('names with a prefix are listed in the order of their code points', async (store) => {
    for (const name of ['a/b/2', 'a/b/10', 'a/B/1', 'a/bc', 'b/1', 'a0']) await store.put(name, Buffer.from(name))
    assert.deepEqual(await store.list(''), ['a/B/1', 'a/b/10', 'a/b/2', 'a/bc', 'a0', 'b/1'])
    assert.deepEqual(await store.list('a/'), ['a/B/1', 'a/b/10', 'a/b/2', 'a/bc'])
    assert.deepEqual(await store.list('a/b'), ['a/b/10', 'a/b/2', 'a/bc'])
    assert.deepEqual(await store.list('a/b/1'), ['a/b/10'])
    assert.deepEqual(await store.list('c/'), [])
  })

  contract('a removed object is gone, and its name is free', async (store) => {
    await store.put('a/b', Buffer.from('x'))
    await store.remove('a/b')
    await store.remove('a/b')
    assert.equal(await store.get('a/b'), undefined)
    assert.deepEqual(await store.list(''), [])
    await store.put('a/b', Buffer.from('y'))
    assert.deepEqual(await store.get('a/b'), Buffer.from('y'))
  })

  contract('a name that leads elsewhere is refused by every call', async (store) => {
    const names = [
      '',
      '/',
      '/etc/passwd',
      '..',
      '../a',
      'a/../../b',
      'a//b',
      'a/',
      '.a',
      'a/.b',
      'a\\b',
      'a\0',
      'ä',
      'a'.repeat(600),
    ]
    for (const name of names) {
      await assert.rejects(store.put(name, Buffer.from('x')), InvalidObjectName, name)
      await assert.rejects(store.get(name), InvalidObjectName, name)
      await assert.rejects(store.remove(name), InvalidObjectName, name)
    }
    for (const prefix of ['/', '..', '../', 'a/../', 'a//', '.incoming/'])
      await assert.rejects(store.list(prefix), InvalidObjectName, prefix)
  })
}
