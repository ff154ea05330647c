import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalText } from './canonical.ts'
import { cases } from './cases.fixtures.ts'
import { changesBetween } from './diff.ts'
import { parseSchema } from './parse.ts'

type Fields = readonly unknown[]

const schemaOf = (json: unknown) => parseSchema(JSON.stringify(json))
const post = (fields: Fields, more: object = {}) => ({ type: 'record', name: 'Post', namespace: 'a', fields, ...more })
const between = (older: unknown, newer: unknown) => changesBetween(schemaOf(older), schemaOf(newer))
const ofField = (older: object, newer: object) =>
  between(post([{ name: 'x', ...older }]), post([{ name: 'x', ...newer }]))

const seq = { name: 'seq', type: 'long' }
const text = { name: 'text', type: 'string' }
const enumOf = (...symbols: string[]) => ({ type: 'enum', name: 'Role', symbols })

test('fields that come, go, move and get another name', () => {
  const topic = { name: 'topic', type: ['null', 'string'], default: null }
  assert.deepEqual(between(post([seq]), post([seq, topic, text])), [
    'Post.topic: added, union of null, string with the default null',
    'Post.text: added, string without a default',
  ])
  assert.deepEqual(between(post([seq, text]), post([seq])), ['Post.text: taken away; it was string without a default'])
  assert.deepEqual(between(post([seq, text]), post([text, seq])), ['Post: its fields are in another order'])
  assert.deepEqual(between(post([text]), post([{ name: 'body', type: 'string', aliases: ['text'] }])), [
    'Post.body: was called text, which is an alias now',
  ])
})

test('types, defaults, symbols, sizes and branches', () => {
  assert.deepEqual(ofField({ type: 'int' }, { type: 'long' }), ['Post.x: was int, and is long'])
  assert.deepEqual(ofField({ type: 'int' }, { type: 'int', default: 1 }), ['Post.x: has the default 1 now'])
  assert.deepEqual(ofField({ type: 'int', default: 1 }, { type: 'int' }), [
    'Post.x: has no default any more (it was 1)',
  ])
  assert.deepEqual(ofField({ type: 'int', default: 1 }, { type: 'int', default: 2 }), [
    'Post.x: the default was 1, and is 2',
  ])
  assert.deepEqual(ofField({ type: enumOf('a', 'b') }, { type: enumOf('b', 'c') }), [
    'Post.x: has the symbol c now',
    'Post.x: has the symbol a no more',
  ])
  assert.deepEqual(between({ type: 'fixed', name: 'H', size: 1 }, { type: 'fixed', name: 'H', size: 2 }), [
    'H: had 1 bytes, and has 2',
  ])
  assert.deepEqual(ofField({ type: ['null', 'int'] }, { type: ['null', 'string'] }), [
    'Post.x: may be string now',
    'Post.x: may be int no more',
  ])
  assert.deepEqual(ofField({ type: { type: 'array', items: 'int' } }, { type: { type: 'array', items: 'long' } }), [
    'Post.x[]: was int, and is long',
  ])
  assert.deepEqual(ofField({ type: { type: 'map', values: 'int' } }, { type: { type: 'map', values: 'long' } }), [
    'Post.x{}: was int, and is long',
  ])
})

test('orders', () => {
  assert.deepEqual(ofField({ type: enumOf('a', 'b') }, { type: enumOf('b', 'a') }), [
    'Post.x: its symbols are in another order',
  ])
  assert.deepEqual(ofField({ type: ['null', 'int'] }, { type: ['int', 'null'] }), [
    'Post.x: its branches are in another order',
  ])
  assert.deepEqual(ofField({ type: 'int' }, { type: 'int', order: 'ignore' }), [
    'Post.x: sorts ignore, and sorted ascending',
  ])
})

test('names, words and attributes', () => {
  assert.deepEqual(between(post([seq]), { ...post([seq]), namespace: 'b' }), [
    'Post: the type was called a.Post, and is called b.Post',
  ])
  assert.deepEqual(between(post([seq]), post([seq], { doc: 'd', aliases: ['Note'], since: '0.2.0' })), [
    'Post: has the alias a.Note now',
    'Post: is documented in other words',
    'Post: has the attribute since now, "0.2.0"',
  ])
  const time = { type: 'long', logicalType: 'timestamp-millis' }
  assert.deepEqual(ofField({ type: 'long' }, { type: time }), [
    'Post.x: has the attribute logicalType now, "timestamp-millis"',
  ])
  assert.deepEqual(ofField({ type: 'int', unit: 's' }, { type: 'int', unit: 'ms' }), [
    'Post.x: the attribute unit was "s", and is "ms"',
  ])
  assert.deepEqual(ofField({ type: 'int', unit: 's' }, { type: 'int' }), ['Post.x: has the attribute unit no more'])
})

test('a recursive type is told of once', () => {
  const list = (type: string) =>
    post([
      { name: 'seq', type },
      { name: 'next', type: ['null', 'a.Post'], default: null },
    ])
  assert.deepEqual(between(list('int'), list('long')), ['Post.seq: was int, and is long'])
})

test('two schemas that say the same have no differences, and others have', () => {
  for (const { name, reader, writer } of cases) {
    assert.deepEqual(between(reader, reader), [], name)
    const isSame = canonicalText(schemaOf(reader)) === canonicalText(schemaOf(writer))
    assert.equal(between(writer, reader).length === 0, isSame, name)
  }
})
