import { primitives } from './schema.ts'

/** Pairs of schemas whose compatibility Java's Avro has judged: `fixtures/java-compatibility.json`. */
export type Case = { readonly name: string; readonly reader: unknown; readonly writer: unknown }

const pair = (name: string, reader: unknown, writer: unknown): Case => ({ name, reader, writer })

/** Both ways round. */
const bothWays = (name: string, one: unknown, other: unknown): readonly Case[] => [
  pair(name, one, other),
  pair(`${name}, the other way round`, other, one),
]

type Named = { readonly [attribute: string]: unknown }

const record = (fields: readonly unknown[], more: Named = {}) => ({ type: 'record', name: 'Post', fields, ...more })
const enumeration = (symbols: readonly string[], more: Named = {}) => ({ type: 'enum', name: 'Role', symbols, ...more })
const fixed = (size: number, more: Named = {}) => ({ type: 'fixed', name: 'Hash', size, ...more })
const array = (items: unknown) => ({ type: 'array', items })
const map = (values: unknown) => ({ type: 'map', values })
const field = (name: string, type: unknown, more: Named = {}) => ({ name, type, ...more })

const seq = field('seq', 'long')
const text = field('text', 'string')
const topic = field('topic', ['null', 'string'], { default: null })
const inner = (fields: readonly unknown[], more: Named = {}) => ({ type: 'record', name: 'Inner', fields, ...more })

const promotionsOfPrimitives = primitives.flatMap((reader) =>
  primitives.map((writer) => pair(`${writer} read as ${reader}`, reader, writer)),
)

const collections = [
  pair('array of the same', array('int'), array('int')),
  ...bothWays('array of int and of long', array('long'), array('int')),
  ...bothWays('array of string and of bytes', array('string'), array('bytes')),
  pair('array of string read as array of int', array('int'), array('string')),
  ...bothWays('map of int and of double', map('double'), map('int')),
  pair('map of string read as map of int', map('int'), map('string')),
  ...bothWays('array and map', array('int'), map('int')),
  ...bothWays('array and its item', array('int'), 'int'),
  ...bothWays('nested arrays', array(array('long')), array(array('int'))),
  ...bothWays('map of arrays', map(array('double')), map(array('float'))),
  ...bothWays('array of unions', array(['null', 'int']), array('int')),
]

const ofFixed = [
  pair('fixed of one size', fixed(16), fixed(16)),
  ...bothWays('fixed of two sizes', fixed(16), fixed(8)),
  ...bothWays('fixed of two names', fixed(16), fixed(16, { name: 'Digest' })),
  pair('fixed with an alias for the name', fixed(16, { name: 'Digest', aliases: ['Hash'] }), fixed(16)),
  pair('fixed of another size and name', fixed(8, { name: 'Digest' }), fixed(16)),
  ...bothWays('fixed and bytes', fixed(16), 'bytes'),
  ...bothWays('fixed and string', fixed(16), 'string'),
  ...bothWays('fixed in two namespaces', fixed(16, { namespace: 'a' }), fixed(16, { namespace: 'b' })),
  ...bothWays('fixed of no bytes', fixed(0), fixed(1)),
]

const ofEnums = [
  pair('enum of the same symbols', enumeration(['vip', 'bot']), enumeration(['vip', 'bot'])),
  pair('enum in another order', enumeration(['vip', 'bot']), enumeration(['bot', 'vip'])),
  ...bothWays('enum with a further symbol', enumeration(['vip', 'bot']), enumeration(['vip'])),
  ...bothWays(
    'enum with a further symbol and a default',
    enumeration(['vip', 'bot'], { default: 'vip' }),
    enumeration(['vip'], { default: 'vip' }),
  ),
  pair('enum whose reader has a default', enumeration(['vip'], { default: 'vip' }), enumeration(['bot', 'vip'])),
  pair('enum whose writer has a default', enumeration(['vip']), enumeration(['bot', 'vip'], { default: 'vip' })),
  pair('enum without a symbol in common', enumeration(['vip']), enumeration(['bot'])),
  pair('enum without one in common, and a default', enumeration(['vip'], { default: 'vip' }), enumeration(['bot'])),
  ...bothWays('enum of two names', enumeration(['vip']), enumeration(['vip'], { name: 'Rank' })),
  pair('enum with an alias', enumeration(['vip'], { name: 'Rank', aliases: ['Role'] }), enumeration(['vip'])),
  pair(
    'enum with a default and another name',
    enumeration(['vip'], { name: 'Rank', default: 'vip' }),
    enumeration(['bot']),
  ),
  ...bothWays('enum in two namespaces', enumeration(['vip'], { namespace: 'a' }), enumeration(['vip'])),
  ...bothWays('enum and string', enumeration(['vip']), 'string'),
  ...bothWays('enum and int', enumeration(['vip']), 'int'),
]

const ofUnions = [
  pair('union of the same', ['null', 'string'], ['null', 'string']),
  pair('union in another order', ['string', 'null'], ['null', 'string']),
  ...bothWays('union with a further branch', ['null', 'string', 'int'], ['null', 'string']),
  ...bothWays('union and one of its branches', ['null', 'string'], 'string'),
  ...bothWays('union and null', ['null', 'string'], 'null'),
  ...bothWays('union and a type of none of its branches', ['null', 'string'], 'int'),
  pair('int read by a union with long', ['null', 'long'], 'int'),
  pair('int read by a union with float', ['null', 'float'], 'int'),
  pair('long read by a union with int', ['null', 'int'], 'long'),
  pair('bytes read by a union with string', ['null', 'string'], 'bytes'),
  ...bothWays('union of int and union of long', ['null', 'long'], ['null', 'int']),
  pair('union of numbers read as double', 'double', ['int', 'long', 'float']),
  pair('union of numbers read as float', 'float', ['int', 'long', 'double']),
  pair('union of int and string read as long', 'long', ['int', 'string']),
  pair('union of one branch read as it', 'int', ['int']),
  pair('read by a union of one branch', ['int'], 'int'),
  ...bothWays('empty union and null', [], 'null'),
  pair('empty union read by another', ['null'], []),
  ...bothWays('union with an enum', ['null', enumeration(['vip', 'bot'])], ['null', enumeration(['vip'])]),
  ...bothWays('union with an array', ['null', array('long')], ['null', array('int')]),
  ...bothWays('union of records', [record([seq]), inner([seq])], [record([seq])]),
  pair('record read by the other branch of a union', [inner([seq]), 'null'], record([seq])),
  pair('record read by a branch that lacks a default', ['null', record([seq, text])], record([seq])),
  pair('record read by the second of two branches', [inner([seq, text]), record([seq])], record([seq])),
  ...bothWays('union with a fixed', ['null', fixed(16)], ['null', fixed(8)]),
  ...bothWays('union within an array within a union', ['null', array(['null', 'long'])], ['null', array('int')]),
]

const ofRecords = [
  pair('record of the same fields', record([seq, text]), record([seq, text])),
  pair('record in another order', record([text, seq]), record([seq, text])),
  pair('record without fields', record([]), record([])),
  ...bothWays('record with a further field', record([seq, text]), record([seq])),
  ...bothWays('record with a further field that has a default', record([seq, topic]), record([seq])),
  ...bothWays('record with an empty string as default', record([field('a', 'string', { default: '' })]), record([])),
  ...bothWays('record with 0 as default', record([field('a', 'int', { default: 0 })]), record([])),
  ...bothWays('record with an empty array as default', record([field('a', array('int'), { default: [] })]), record([])),
  ...bothWays('record with an empty map as default', record([field('a', map('int'), { default: {} })]), record([])),
  ...bothWays('record with a field made wider', record([field('seq', 'long')]), record([field('seq', 'int')])),
  ...bothWays('record with a field made optional', record([field('a', ['null', 'int'])]), record([field('a', 'int')])),
  ...bothWays('record with a field of another type', record([field('a', 'int')]), record([field('a', 'boolean')])),
  pair(
    'default does not help a field of another type',
    record([field('a', 'int', { default: 1 })]),
    record([text, field('a', 'string')]),
  ),
  ...bothWays('record of two names', record([seq]), record([seq], { name: 'Message' })),
  pair('record with an alias', record([seq], { name: 'Message', aliases: ['Post'] }), record([seq])),
  pair('record with an alias for another', record([seq], { name: 'Message', aliases: ['Note'] }), record([seq])),
  ...bothWays('record in two namespaces', record([seq], { namespace: 'a' }), record([seq], { namespace: 'b' })),
  ...bothWays('record in a namespace and in none', record([seq], { namespace: 'a' }), record([seq])),
  pair(
    'record with an alias in the namespace of the reader',
    record([seq], { name: 'Message', namespace: 'a', aliases: ['Post'] }),
    record([seq], { namespace: 'a' }),
  ),
  pair(
    'record with an alias in another namespace',
    record([seq], { name: 'Message', namespace: 'a', aliases: ['b.Post'] }),
    record([seq], { namespace: 'b' }),
  ),
  pair(
    'record with an alias that lacks the namespace',
    record([seq], { name: 'Message', namespace: 'a', aliases: ['Post'] }),
    record([seq], { namespace: 'b' }),
  ),
  pair('record whose writer has the alias', record([seq]), record([seq], { name: 'Message', aliases: ['Post'] })),
  ...bothWays('field with an alias', record([field('body', 'string', { aliases: ['text'] })]), record([text])),
  pair('field with two aliases', record([field('body', 'string', { aliases: ['line', 'text'] })]), record([text])),
  pair('field with an alias of another type', record([field('body', 'int', { aliases: ['text'] })]), record([text])),
  pair(
    'field with an alias that is made wider',
    record([field('n', 'double', { aliases: ['seq'] })]),
    record([field('seq', 'long')]),
  ),
  pair(
    'field that is by name and alias two of the writer',
    record([field('body', 'string', { aliases: ['text'] })]),
    record([text, field('body', 'string')]),
  ),
  pair('two fields at fault', record([field('a', 'int'), field('b', 'int')]), record([field('a', 'string')])),
  ...bothWays('record and map', record([seq]), map('long')),
  ...bothWays('record and string', record([text]), 'string'),
  ...bothWays(
    'record within a record',
    record([field('in', inner([seq, topic]))]),
    record([field('in', inner([seq]))]),
  ),
  ...bothWays(
    'record within, with a field made wider',
    record([field('in', inner([field('a', 'double')]))]),
    record([field('in', inner([field('a', 'int')]))]),
  ),
  ...bothWays(
    'record within, of another name',
    record([field('in', inner([seq]))]),
    record([field('in', inner([seq], { name: 'Other' }))]),
  ),
  pair(
    'record within, lacking a default',
    record([field('in', inner([seq, text]))]),
    record([field('in', inner([seq]))]),
  ),
  pair(
    'record within a union, lacking a default',
    record([field('in', ['null', inner([seq, text])])]),
    record([field('in', ['null', inner([seq])])]),
  ),
  ...bothWays(
    'enum in a field',
    record([field('r', enumeration(['vip', 'bot']))]),
    record([field('r', enumeration(['vip']))]),
  ),
  pair(
    'enum field that is new, with a default of the enum alone',
    record([seq, field('r', enumeration(['vip'], { default: 'vip' }))]),
    record([seq]),
  ),
  pair(
    'enum field that is new, with a default of its own',
    record([seq, field('r', enumeration(['vip']), { default: 'vip' })]),
    record([seq]),
  ),
  ...bothWays(
    'logical type on one side',
    record([field('at', { type: 'long', logicalType: 'timestamp-millis' })]),
    record([field('at', 'long')]),
  ),
  ...bothWays(
    'decimals of two scales',
    { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 },
    { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 1 },
  ),
  pair(
    'a type used twice, changed once for both',
    record([field('a', inner([seq, topic])), field('b', 'Inner')]),
    record([field('a', inner([seq])), field('b', 'Inner')]),
  ),
  pair(
    'a type used twice, broken for both',
    record([field('a', inner([seq, text])), field('b', 'Inner')]),
    record([field('a', inner([seq])), field('b', 'Inner')]),
  ),
  ...bothWays(
    'documentation and order',
    record([field('seq', 'long', { doc: 'a', order: 'descending' })]),
    record([seq]),
  ),
]

const list = (fields: readonly unknown[], more: Named = {}) =>
  record([...fields, field('next', ['null', 'Post'], { default: null })], more)

const tree = (fields: readonly unknown[]) => record([...fields, field('children', array('Post'))])

const recursion = [
  pair('list', list([seq]), list([seq])),
  ...bothWays('list with a value made wider', list([field('seq', 'double')]), list([field('seq', 'int')])),
  ...bothWays('list with a further field', list([seq, text]), list([seq])),
  ...bothWays('list with a further field that has a default', list([seq, topic]), list([seq])),
  pair('list of another name', list([seq], { aliases: ['Note'] }), {
    ...list([seq]),
    name: 'Note',
    fields: [seq, field('next', ['null', 'Note'], { default: null })],
  }),
  pair('tree', tree([seq]), tree([seq])),
  pair('tree with a value of another type', tree([field('seq', 'string')]), tree([seq])),
  pair('list read as tree', tree([seq]), list([seq])),
  pair('a list that has an end, read by one that has none', record([field('next', 'Post')]), list([])),
  pair(
    'records of each other',
    record([field('in', inner([field('back', ['null', 'Post'])]))]),
    record([field('in', inner([field('back', ['null', 'Post'])]))]),
  ),
  pair(
    'records of each other, one broken',
    record([field('in', inner([field('back', ['null', 'Post']), text]))]),
    record([field('in', inner([field('back', ['null', 'Post'])]))]),
  ),
  pair('map of itself', record([field('m', map('Post'))]), record([field('m', map('Post'))])),
]

export const cases: readonly Case[] = [
  ...promotionsOfPrimitives,
  ...collections,
  ...ofFixed,
  ...ofEnums,
  ...ofUnions,
  ...ofRecords,
  ...recursion,
]
