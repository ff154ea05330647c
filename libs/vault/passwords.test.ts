import assert from 'node:assert/strict'
import { test } from 'node:test'
import argon2 from 'argon2'
import { hashSync } from 'bcryptjs'
import { AuthBusy, createPasswords } from './passwords.ts'

test('a password is known again by its hash, which says how it was made', async () => {
  const passwords = createPasswords()
  const hash = await passwords.hash('correct horse')
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,p=1,t=2\$/)
  assert.equal(await passwords.verify(hash, 'correct horse'), true)
  assert.equal(await passwords.verify(hash, 'correct horsf'), false)
  assert.notEqual(hash, await passwords.hash('correct horse'))
})

test('a hash costs what it is told to, and one that costs something else is outdated', async () => {
  const passwords = createPasswords({ cost: { memoryKib: 1_024, passes: 3, lanes: 2 } })
  const hash = await passwords.hash('correct horse')
  assert.match(hash, /^\$argon2id\$v=19\$m=1024,p=2,t=3\$/)
  assert.equal(await passwords.verify(hash, 'correct horse'), true)
  assert.equal(passwords.isOutdated(hash), false)
  for (const other of [{ memoryKib: 2_048 }, { passes: 2 }, { lanes: 1 }]) {
    const cost = { memoryKib: 1_024, passes: 3, lanes: 2, ...other }
    assert.equal(createPasswords({ cost }).isOutdated(hash), true, JSON.stringify(other))
  }
})

test('a password typed with combining marks is the same password', async () => {
  const passwords = createPasswords()
  assert.equal(await passwords.verify(await passwords.hash('caf\u00e9'), 'cafe\u0301'), true)
})

test('without an account the same work is done, and the answer is no', async () => {
  const passwords = createPasswords({ concurrency: 1, queue: 0 })
  const unknown = passwords.verify(undefined, 'anything')
  await assert.rejects(passwords.verify(undefined, 'anything'), AuthBusy)
  assert.equal(await unknown, false)
})

test('beyond the queue a caller is told that logins are busy, and those before it are served', async () => {
  const passwords = createPasswords({ concurrency: 1, queue: 2 })
  const served = ['a', 'b', 'c'].map((password) => passwords.hash(password))
  await assert.rejects(passwords.hash('d'), { code: 'auth.busy' })
  assert.equal(new Set(await Promise.all(served)).size, 3)
  assert.equal(await passwords.verify(await passwords.hash('e'), 'e'), true)
})

test('who is known is served before strangers, however many of them wait', async () => {
  const passwords = createPasswords({ concurrency: 1, queue: 3 })
  const hash = await passwords.hash('right')
  const served: string[] = []
  const stranger = (name: string) => passwords.verify(hash, 'wrong').then(() => served.push(name))
  const strangers = ['first', 'second', 'third', 'fourth'].map(stranger)
  await assert.rejects(passwords.verify(hash, 'wrong'), AuthBusy)
  const owner = passwords.verify(hash, 'right', 'known')
  assert.equal(passwords.waiting(), 4)
  assert.equal(await owner, true)
  assert.deepEqual(served, ['first'], 'who was being served when the owner came')
  await Promise.all(strangers)
  assert.deepEqual(served, ['first', 'second', 'third', 'fourth'])
})

test('a hash of bcrypt is verified, and one made in another way than today is outdated', async () => {
  const passwords = createPasswords()
  const imported = hashSync('correct horse', 4)
  assert.equal(await passwords.verify(imported, 'correct horse'), true)
  assert.equal(await passwords.verify(imported.replace('$2b$', '$2y$'), 'correct horse'), true)
  assert.equal(await passwords.verify(imported, 'correct horsf'), false)
  const cheap = await argon2.hash('correct horse', {
    type: argon2.argon2id,
    memoryCost: 8192,
    timeCost: 1,
    parallelism: 1,
  })
  const hashes = [imported, cheap, await passwords.hash('correct horse')]
  assert.deepEqual(hashes.map(passwords.isOutdated), [true, true, false])
})
