import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import avsc from 'avsc'
import { schemaPaths } from '../versions.ts'
import { canonicalText } from './canonical.ts'
import { AvroSchemaError } from './errors.ts'
import { parseSchema } from './parse.ts'
import type { NamedSchema } from './schema.ts'

const canonical = (text: string): string => canonicalText(parseSchema(text))

test('texts that say the same have one canonical text', () => {
  const texts = [
    '{"type":"record","name":"Post","namespace":"whiply","fields":[{"name":"text","type":"string","doc":"What was written."}]}',
    '{ "fields": [ {"doc": "What was written.", "type": {"type": "string"}, "name": "text"} ], "name": "whiply.Post", "type": "record" }',
    '{"type":"record","name":"Post","namespace":"whiply","aliases":[],"fields":[{"name":"text","type":"string","order":"ascending","doc":"What was written."}]}',
  ]
  assert.deepEqual(new Set(texts.map(canonical)), new Set([texts[0]]))
})

test('documentation, defaults, aliases, orders, logical types and attributes of one’s own are kept', () => {
  const text =
    '{"type":"record","name":"Post","namespace":"a","doc":"d","fields":[' +
    '{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"},"default":0,"order":"ignore"},' +
    '{"name":"hash","type":{"type":"fixed","name":"Hash","namespace":"b","size":16},"aliases":["sum"]},' +
    '{"name":"again","type":"b.Hash"},' +
    '{"name":"role","type":{"type":"enum","name":"Role","symbols":["x","y"],"default":"x"},"example":"y"},' +
    '{"name":"more","type":["null",{"type":"map","values":"Role"},{"type":"array","items":"Post"}],"default":null}' +
    '],"aliases":["a.Note"],"since":"0.1.0"}'
  assert.equal(canonical(text), text)
})

test('a long beyond 2^53 keeps every digit', () => {
  const text = '{"type":"record","name":"A","fields":[{"name":"n","type":"long","default":9223372036854775807}]}'
  assert.equal(canonical(text), text)
  assert.throws(() => canonical(text.replace('807', '808')), /default of n in A is no value of its type, long/)
})

test('types of references are known by their full names, and are not part of the text', () => {
  const role = parseSchema('{"type":"enum","name":"Role","namespace":"a","symbols":["vip"]}') as NamedSchema
  const known = new Map([[role.name, role]])
  const text = '{"type":"record","name":"Post","namespace":"b","fields":[{"name":"role","type":"a.Role"}]}'
  assert.equal(canonicalText(parseSchema(text, known), new Set(known.keys())), text)
  assert.throws(() => parseSchema(text), /the type "a.Role" is not known/)
})

test('every schema of the repository, and its canonical text, is the same to avsc', () => {
  for (const path of schemaPaths()) {
    const text = readFileSync(new URL(`../../../schemas/${path}.avsc`, import.meta.url), 'utf8')
    const [own, given] = [canonical(text), text].map((one) => avsc.Type.forSchema(JSON.parse(one)))
    assert.equal(
      own?.schema({ exportAttrs: true }) && own.fingerprint().equals(given?.fingerprint() ?? Buffer.of()),
      true,
    )
    assert.equal(canonical(canonical(text)), canonical(text))
  }
})

const record = (fields: string): string => `{"type":"record","name":"A","fields":${fields}}`
const nested = (depth: number): string => (depth === 0 ? '"int"' : `{"type":"array","items":${nested(depth - 1)}}`)

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['text that is no JSON', '{', /not valid JSON/],
  ['a number as type', '7', /a type is a string/],
  ['a type that nobody knows', '"strnig"', /"strnig" is not known/],
  ['a type without type', '{"name":"A"}', /no `type`/],
  ['a record without a name', '{"type":"record","fields":[]}', /record has no name/],
  ['a record without fields', '{"type":"record","name":"A"}', /no `fields`/],
  ['fields that are no list', record('{}'), /no list/],
  ['a field without a name', record('[{"type":"int"}]'), /a field of A has no name/],
  ['a field without a type', record('[{"name":"x"}]'), /the field x of A has no type/],
  ['a field twice', record('[{"name":"x","type":"int"},{"name":"x","type":"int"}]'), /two of the field of A "x"/],
  ['a name with a dash', record('[{"name":"x-y","type":"int"}]'), /letters, digits and _/],
  ['a type with the name of a primitive', '{"type":"fixed","name":"int","size":1}', /cannot be named int/],
  ['an empty part of a name', '{"type":"fixed","name":"a..b","size":1}', /letters, digits and _/],
  ['an unknown order', record('[{"name":"x","type":"int","order":"up"}]'), /order of x/],
  ['a default of another type', record('[{"name":"x","type":"int","default":"1"}]'), /default of x in A/],
  ['an int beyond 32 bits', record('[{"name":"x","type":"int","default":2147483648}]'), /default of x in A/],
  ['a number beyond a double', record('[{"name":"x","type":"double","default":1e999}]'), /beyond what a double holds/],
  ['a default that no branch has', record('[{"name":"x","type":["null","int"],"default":"a"}]'), /union of null, int/],
  ['an enum without symbols', '{"type":"enum","name":"E"}', /no `symbols`/],
  ['a symbol twice', '{"type":"enum","name":"E","symbols":["a","a"]}', /two of the symbol of E "a"/],
  ['a default that is no symbol', '{"type":"enum","name":"E","symbols":["a"],"default":"b"}', /none of its symbols/],
  ['a size below 0', '{"type":"fixed","name":"F","size":-1}', /no number of bytes/],
  ['an array without items', '{"type":"array"}', /no `items`/],
  ['a union within a union', '["null",["int"]]', /directly within a union/],
  ['a branch twice', '["int","int"]', /holds int twice/],
  [
    'a type declared twice',
    '[{"type":"fixed","name":"F","size":1},{"type":"array","items":{"type":"fixed","name":"F","size":2}}]',
    /declared twice/,
  ],
  ['aliases that are no list', '{"type":"fixed","name":"F","size":1,"aliases":"G"}', /no list of strings/],
  ['nesting without end', nested(70), /deeper than 64/],
]

for (const [what, text, message] of refused)
  test(`refused: ${what}`, () => {
    assert.throws(
      () => parseSchema(text),
      (error) => error instanceof AvroSchemaError && message.test(error.message),
    )
  })

test('defaults of every type are taken', () => {
  const fields = [
    ['null', 'null'],
    ['"boolean"', 'true'],
    ['"float"', '1'],
    ['"bytes"', '"\\u00ff"'],
    ['{"type":"fixed","name":"F","size":2}', '"ab"'],
    ['{"type":"enum","name":"E","symbols":["a"]}', '"a"'],
    ['{"type":"array","items":"int"}', '[1]'],
    ['{"type":"map","values":"int"}', '{"a":1}'],
    ['["null","int"]', '1'],
    [
      '{"type":"record","name":"B","fields":[{"name":"x","type":"int"},{"name":"y","type":"int","default":1}]}',
      '{"x":1}',
    ],
  ].map(([type, json], index) => `{"name":"f${index}","type":${type === 'null' ? '"null"' : type},"default":${json}}`)
  assert.equal(parseSchema(record(`[${fields}]`)).type, 'record')
})
