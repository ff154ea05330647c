import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AvroRecord, incompatibilities } from './compatibility.ts'
import { schemaVersions } from './versions.ts'

const record = (...fields: AvroRecord['fields']): AvroRecord =>
  ({ type: 'record', name: 'Posted', namespace: 'whiply.test', fields }) as AvroRecord

const seq = { name: 'seq', type: 'long' }
const author = { name: 'author', type: 'string' }
const topic = { name: 'topic', type: ['null', 'string'], default: null }
const sealed = (subject: string) => ({ type: 'bytes', logicalType: 'sealed', subject })
const role = (...symbols: string[]) => ({ name: 'role', type: { type: 'string', symbols } })

test('every version of every type reads what every other wrote', () => {
  for (const { name, schemas } of schemaVersions())
    for (const [index, older] of schemas.entries())
      for (const newer of schemas.slice(index + 1)) assert.deepEqual(incompatibilities(older, newer), [], name)
})

test('an optional field may come and go, and symbols may be added', () => {
  assert.deepEqual(incompatibilities(record(seq), record(seq, topic)), [])
  assert.deepEqual(incompatibilities(record(seq, topic), record(seq)), [])
  assert.deepEqual(incompatibilities(record(role('vip')), record(role('vip', 'bot'))), [])
})

const breaking: readonly (readonly [string, AvroRecord, AvroRecord, RegExp])[] = [
  ['a field is added without a default', record(seq), record(seq, author), /newer cannot read the older/],
  ['a field without a default is taken away', record(seq, author), record(seq), /older cannot read the newer/],
  ['a field is renamed', record(seq, author), record(seq, { ...author, name: 'writer' }), /cannot read/],
  [
    'a field is renamed by an alias',
    record(seq, topic),
    record(seq, { ...topic, name: 'title', aliases: ['topic'] }),
    /has aliases/,
  ],
  ['a number becomes wider', record({ ...seq, type: 'int' }), record(seq), /older cannot read the newer/],
  ['a text becomes bytes', record(author), record({ ...author, type: 'bytes' }), /type of author changes/],
  ['a field becomes optional', record(author), record({ ...author, type: ['null', 'string'], default: null }), /older/],
  [
    'a field is sealed',
    record({ name: 'text', type: 'bytes' }),
    record({ name: 'text', type: sealed('author') }),
    /type/,
  ],
  [
    'a field is sealed for another',
    record({ name: 'text', type: sealed('author') }),
    record({ name: 'text', type: sealed('actor') }),
    /type of text changes/,
  ],
  [
    'a duration becomes a time',
    record(seq),
    record({ ...seq, type: { type: 'long', logicalType: 'timestamp-millis' } }),
    /type of seq changes/,
  ],
  ['a symbol is taken away', record(role('vip', 'bot')), record(role('vip')), /type of role changes/],
  ['a default changes', record({ ...author, default: 'a' }), record({ ...author, default: 'b' }), /default of author/],
  ['the record is renamed', record(seq), { ...record(seq), name: 'Written' }, /name of the record/],
]

for (const [change, older, newer, found] of breaking)
  test(`it is found when ${change}`, () => {
    assert.match(incompatibilities(older, newer).join('\n'), found)
  })
