import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from './codecs.ts'
import { changedSince, fingerprintOf, fromJson, readKeptBytes, readLedger } from './released.ts'
import { readSchema } from './schema.ts'
import { schemaPaths, schemaVersions } from './versions.ts'

test('no released schema has changed or gone', () => {
  assert.deepEqual(changedSince(readLedger(), readSchema), [], 'make a new version beside it instead')
})

test('a changed schema and one that is gone are noticed; better words are not a change', () => {
  const schema = { type: 'record', name: 'A', doc: 'old', fields: [{ name: 'x', type: 'long', doc: 'old' }] }
  const ledger = { a: fingerprintOf(schema) }
  const reworded = { name: 'A', doc: 'new', type: 'record', fields: [{ doc: 'new', type: 'long', name: 'x' }] }
  const changed = { ...schema, fields: [{ name: 'x', type: 'int', doc: 'old' }] }
  assert.deepEqual(
    changedSince(ledger, () => reworded),
    [],
  )
  assert.deepEqual(
    changedSince(ledger, () => changed),
    ['a'],
  )
  assert.deepEqual(
    changedSince(ledger, () => {
      throw new Error('no such file')
    }),
    ['a'],
  )
})

test('bytes of every released version are kept', () => {
  const kept = new Set(readKeptBytes().map(({ schema }) => schema))
  const ledger = readLedger()
  for (const { paths } of schemaVersions()) for (const path of paths) assert.equal(kept.has(path), path in ledger, path)
})

test('every schema is entered with the change that brings it, since from then on it may be in journals', () => {
  const ledger = readLedger()
  for (const path of schemaPaths()) assert.ok(path in ledger, `${path}: npm run generate -- --release`)
})

const familyOf = {
  identity: codecs.account,
  channel: codecs.channel,
  broadcast: codecs.broadcast,
  conversation: codecs.conversation,
}

test('bytes that any release has written are read for ever, in the newest shape', () => {
  for (const { schema, written, bytes } of readKeptBytes()) {
    const [context, kind, file] = schema.split('/') as [keyof typeof familyOf, string, string]
    const [type = '', version] = file.split('.v')
    const encoded = { type, version: Number(version), bytes: Buffer.from(bytes, 'base64') }
    const family = familyOf[context]
    const read: Record<string, unknown> =
      kind === 'events' ? family.decodeEvent(encoded) : family.decodeCommand(encoded)
    assert.equal(read.type, type)
    for (const [name, value] of Object.entries(fromJson(written)))
      if (name in read) assert.deepEqual(read[name], value, `${schema} ${name}`)
  }
})
