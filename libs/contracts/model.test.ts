import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contexts } from './contexts.ts'
import { generateContracts } from './generate.ts'
import { messageOf, SchemaError } from './model.ts'
import { render } from './render.ts'

const record = (...fields: unknown[]) => ({
  type: 'record',
  name: 'Noted',
  namespace: 'whiply.test',
  doc: 'D.',
  fields,
})
const field = (name: string, type: unknown, more: object = {}) => ({ name, type, doc: 'D.', ...more })
const sealed = (subject: string) => ({ type: 'bytes', logicalType: 'sealed', subject })

test('the generated files are what the schemas make', () => {
  assert.deepEqual(generateContracts(true), [])
  assert.ok(contexts.length > 0)
})

test('a field with its own type, its absence and its seal is generated', () => {
  const model = messageOf(
    record(
      field('author', 'string'),
      field('text', sealed('author')),
      field('quote', ['null', sealed('by')], { default: null }),
      field('by', 'string'),
      field('kinds', { type: 'array', items: { type: 'string', symbols: ['a', 'b'] } }),
    ),
    'test',
    'Noted',
  )
  const text = render({ context: 'test', events: [{ ...model, schemas: ['test/events/Noted.v1'] }], commands: [] })
  for (const line of [
    "readonly kinds: readonly ('a' | 'b')[]",
    'readonly quote: Sealed | null',
    "text: seal(event.author, id, 'text', event.text)",
    "quote: event.quote === null ? null : open(event.by, id, 'quote', event.quote)",
    'subjects: (event) => [event.author, ...(event.quote === null ? none : [event.by])]',
  ])
    assert.ok(text.includes(line), `${line}\n${text}`)
})

const departures: readonly (readonly [string, unknown])[] = [
  ['another name than its file', { ...record(), name: 'Other' }],
  ['another namespace', { ...record(), namespace: 'whiply.other' }],
  ['a record without words', { ...record(), doc: undefined }],
  ['a field without words', record({ name: 'a', type: 'string' })],
  ['a field named type', record(field('type', 'string'))],
  ['a union of three', record(field('a', ['null', 'string', 'long'], { default: null }))],
  ['an optional field without a default', record(field('a', ['null', 'string']))],
  ["Avro's own enum", record(field('a', { type: 'enum', name: 'E', symbols: ['x'] }))],
  ['a seal on text', record(field('s', 'string'), field('a', { type: 'string', logicalType: 'sealed', subject: 's' }))],
  ['a subject that is not there', record(field('a', sealed('s')))],
  ['a subject that may be absent', record(field('s', ['null', 'string'], { default: null }), field('a', sealed('s')))],
  ['sealed items', record(field('s', 'string'), field('a', { type: 'array', items: sealed('s') }))],
]

for (const [departure, schema] of departures)
  test(`refused: ${departure}`, () => {
    assert.throws(() => messageOf(schema, 'test', 'Noted'), SchemaError)
  })
