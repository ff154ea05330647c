import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSchema } from './avro/parse.ts'
import { publicBreaches, publicTypes, publicVersions } from './public.ts'

test('every version of every public type is FULL_TRANSITIVE', () => {
  const types = publicTypes()
  assert.ok(types.length > 0)
  for (const type of types) assert.deepEqual(publicBreaches(publicVersions(type)), [], `${type.topic} ${type.name}`)
})

test('a public type is a record named as its file, in the namespace of its topic, with a doc for every field', () => {
  for (const type of publicTypes())
    for (const json of publicVersions(type)) {
      const schema = parseSchema(JSON.stringify(json))
      assert.ok(schema.type === 'record' && schema.doc, type.name)
      assert.equal(schema.name, `whiply.public.${type.topic}.${type.name}`)
      for (const field of schema.fields) assert.ok(field.doc, `${type.name}.${field.name}`)
    }
})

const record = (...fields: readonly object[]) => ({
  type: 'record',
  name: 'Posted',
  namespace: 'whiply.public.x.v1',
  fields,
})
const seq = { name: 'seq', type: 'long' }
const text = { name: 'text', type: 'string' }
const topic = { name: 'topic', type: ['null', 'string'], default: null }

test('what breaks an earlier version is found, the last but one too', () => {
  assert.deepEqual(publicBreaches([record(seq), record(seq, topic)]), [])
  assert.match(publicBreaches([record(seq), record(seq, text)]).join('\n'), /version 2 against 1, BACKWARD: .*text/)
  assert.match(publicBreaches([record(seq, text), record(seq)]).join('\n'), /version 2 against 1, FORWARD: .*text/)
  // The third follows the second both ways, but not the first.
  const versions = [record(text), record({ ...text, default: '' }), record()]
  assert.match(publicBreaches(versions).join('\n'), /version 3 against 1, FORWARD: .*text/)
  assert.match(publicBreaches([record(seq), record({ ...seq, type: 'double' })]).join('\n'), /FORWARD/)
  const time = { ...seq, type: { type: 'long', logicalType: 'timestamp-millis' } }
  assert.match(publicBreaches([record(seq), record(time)]).join('\n'), /the type of seq changes/)
})

test('versions are counted from 1 without a hole, and files are where they belong', () => {
  assert.deepEqual(publicTypes(['chat.v1/Posted.v2.avsc', 'chat.v1/Posted.v1.avsc']), [
    { topic: 'chat.v1', name: 'Posted', paths: ['public/chat.v1/Posted.v1', 'public/chat.v1/Posted.v2'] },
  ])
  assert.throws(() => publicTypes(['chat.v1/Posted.v2.avsc']), {
    code: 'contract.schema',
    message: /version 1 is missing/,
  })
  assert.throws(() => publicTypes(['chat/Posted.v1.avsc']), {
    code: 'contract.schema',
    message: /public\/chat\/Posted/,
  })
})
