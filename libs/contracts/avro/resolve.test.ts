import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import avsc from 'avsc'
import fc from 'fast-check'
import { type Case, cases } from './cases.fixtures.ts'
import { parseSchema } from './parse.ts'
import { incompatibilitiesOf } from './resolve.ts'

type Judged = Case & { readonly compatible: boolean; readonly types: readonly string[] }

const judged: readonly Judged[] = JSON.parse(
  readFileSync(new URL('fixtures/java-compatibility.json', import.meta.url), 'utf8'),
)

const found = (reader: unknown, writer: unknown) =>
  incompatibilitiesOf(parseSchema(JSON.stringify(reader)), parseSchema(JSON.stringify(writer)))

test('every case has been judged by Java, as it stands', () => {
  assert.ok(cases.length >= 150)
  assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length)
  assert.deepEqual(
    judged.map(({ name, reader, writer }) => ({ name, reader, writer })),
    cases,
    'judge them anew: infra/avro-compatibility/regenerate.ts',
  )
})

for (const { name, reader, writer, compatible } of judged)
  test(`as Java: ${name}: ${compatible ? 'read' : 'not read'}`, () => {
    const reasons = found(reader, writer)
    assert.equal(reasons.length === 0, compatible, JSON.stringify(reasons))
  })

/** Where another reason is given than Java's: it refuses to look, or compares an enum with the record that lacks it. */
const otherReasons: Readonly<Record<string, readonly string[]>> = {
  'field that is by name and alias two of the writer': ['NAME_MISMATCH'],
  'enum field that is new, with a default of the enum alone': ['READER_FIELD_MISSING_DEFAULT_VALUE'],
}

test('reasons are of the types that Java gives', () => {
  for (const { name, reader, writer, types } of judged) {
    const own = new Set(found(reader, writer).map(({ type }) => type))
    assert.deepEqual(own, new Set(otherReasons[name] ?? types), name)
  }
})

test('a reason tells in words where it lies and what it is about', () => {
  const post = (fields: readonly unknown[]) => ({ type: 'record', name: 'Post', fields })
  const author = { name: 'author', type: ['null', post([])] }
  const wider = { name: 'author', type: ['null', post([{ name: 'text', type: 'string' }])] }
  const of = (field: unknown) => ({ type: 'record', name: 'Line', fields: [{ name: 'seq', type: 'long' }, field] })
  assert.deepEqual(found(of(wider), of(author)), [
    {
      type: 'MISSING_UNION_BRANCH',
      path: '/fields/1/type',
      message: "no branch of the reader's union (null, record Post) reads record Post",
      subject: 'record Post',
    },
  ])
  assert.deepEqual(found(of({ name: 'text', type: 'string' }), of(author)), [
    {
      type: 'READER_FIELD_MISSING_DEFAULT_VALUE',
      path: '/fields/1',
      message: "the reader's field text has no default, and the writer's record Line has no such field",
      subject: 'text',
    },
  ])
})

test('what holds only within a branch that fails is not believed of the next branch', () => {
  // The first branch of `in` fails by `extra`. Within it, `B` read as `B` holds only if that branch does.
  const b = (fields: readonly unknown[]) => ({ type: 'record', name: 'B', fields })
  const a = (more: readonly unknown[]) => ({
    type: 'record',
    name: 'A',
    fields: [{ name: 'b', type: b([{ name: 'a', type: 'A' }]) }, ...more],
  })
  const reader = {
    type: 'record',
    name: 'Top',
    fields: [
      { name: 'in', type: ['null', a([{ name: 'extra', type: 'int' }])] },
      { name: 'b', type: ['null', 'B'] },
    ],
  }
  const writer = {
    type: 'record',
    name: 'Top',
    fields: [
      { name: 'in', type: ['null', a([])] },
      { name: 'b', type: ['null', 'B'] },
    ],
  }
  assert.deepEqual(
    found(reader, writer).map(({ path }) => path),
    ['/fields/0/type', '/fields/1/type'],
  )
})

/** One type of two schemas: what it is for the reader, and for the writer. */
type Pair =
  | { readonly kind: 'primitive'; readonly reader: string; readonly writer: string }
  | { readonly kind: 'array' | 'map'; readonly of: Pair }
  | {
      readonly kind: 'enum'
      readonly reader: readonly string[]
      readonly writer: readonly string[]
      readonly fallback: boolean
    }
  | { readonly kind: 'fixed'; readonly reader: number; readonly writer: number }
  | { readonly kind: 'optional'; readonly of: Pair; readonly sides: 'both' | 'reader' | 'writer' }
  | { readonly kind: 'record'; readonly fields: readonly FieldPair[] }

type FieldPair = { readonly type: Pair; readonly sides: 'both' | 'reader' | 'writer'; readonly fallback: boolean }

type Side = 'reader' | 'writer'

/** The schema of one side. Types are numbered as they come, those that only the other side has too, so names agree. */
const schemaOf = (pair: Pair, side: Side, next: { n: number }): unknown => {
  switch (pair.kind) {
    case 'primitive':
      return pair[side]
    case 'array':
      return { type: 'array', items: schemaOf(pair.of, side, next) }
    case 'map':
      return { type: 'map', values: schemaOf(pair.of, side, next) }
    case 'enum': {
      const symbols = pair[side]
      return { type: 'enum', name: `E${next.n++}`, symbols, ...(pair.fallback && { default: symbols[0] }) }
    }
    case 'fixed':
      return { type: 'fixed', name: `F${next.n++}`, size: pair[side] }
    case 'optional': {
      const inner = schemaOf(pair.of, side, next)
      return (pair.sides === 'both' || pair.sides === side) && !Array.isArray(inner) && inner !== 'null'
        ? ['null', inner]
        : inner
    }
    case 'record': {
      const name = `R${next.n++}`
      const fields = pair.fields.map(({ type, sides, fallback }, index) => ({
        there: sides === 'both' || sides === side,
        field: fieldOf(`f${index}`, schemaOf(type, side, next), fallback),
      }))
      return { type: 'record', name, fields: fields.flatMap(({ there, field }) => (there ? [field] : [])) }
    }
  }
}

const fallbacks: Readonly<Record<string, unknown>> = { null: null, boolean: true, string: 'a', bytes: 'a' }

const fieldOf = (name: string, type: unknown, fallback: boolean) => {
  if (!fallback) return { name, type }
  if (Array.isArray(type)) return { name, type, default: null }
  return typeof type === 'string' ? { name, type, default: type in fallbacks ? fallbacks[type] : 1 } : { name, type }
}

const sides = fc.constantFrom('both', 'both', 'both', 'reader', 'writer')
const primitive = fc.constantFrom('null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string')
const symbols = fc.subarray(['a', 'b', 'c'], { minLength: 1 })

const { pair } = fc.letrec<{ pair: Pair }>((tie) => ({
  pair: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.oneof(
      { weight: 5, arbitrary: primitive.map((type): Pair => ({ kind: 'primitive', reader: type, writer: type })) },
      fc.record({ kind: fc.constant('primitive' as const), reader: primitive, writer: primitive }),
    ),
    fc.record({ kind: fc.constantFrom('array' as const, 'map' as const), of: tie('pair') }),
    fc.record({ kind: fc.constant('enum' as const), reader: symbols, writer: symbols, fallback: fc.constant(false) }),
    fc.record({ kind: fc.constant('fixed' as const), reader: fc.constantFrom(1, 2), writer: fc.constantFrom(1, 1, 2) }),
    fc.record({ kind: fc.constant('optional' as const), of: tie('pair'), sides }),
    fc.record({
      kind: fc.constant('record' as const),
      fields: fc.array(fc.record({ type: tie('pair'), sides, fallback: fc.boolean() }), { maxLength: 4 }),
    }),
  ),
}))

const avscReads = (reader: unknown, writer: unknown): boolean => {
  try {
    avsc.Type.forSchema(reader as never).createResolver(avsc.Type.forSchema(writer as never))
    return true
  } catch {
    return false
  }
}

test('avsc makes a resolver for exactly what is found readable', () => {
  const seen = { read: 0, refused: 0 }
  fc.assert(
    fc.property(pair, (types) => {
      const [reader, writer] = [schemaOf(types, 'reader', { n: 0 }), schemaOf(types, 'writer', { n: 0 })]
      const reasons = found(reader, writer)
      seen[reasons.length === 0 ? 'read' : 'refused'] += 1
      assert.equal(reasons.length === 0, avscReads(reader, writer), JSON.stringify({ reader, writer, reasons }))
    }),
    { numRuns: 600 },
  )
  assert.ok(seen.read > 50 && seen.refused > 50, JSON.stringify(seen))
})

test('schemas as large as they may be are compared, or refused, without end of time or of words', () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `n${index}`)
  const enumOf = (symbols: readonly string[]) => ({ type: 'enum', name: 'Role', symbols })
  const [missing] = found(enumOf(['a']), enumOf(names))
  assert.match(missing?.message ?? '', /n11 and 19988 more/)
  const record = (type: string) => ({ type: 'record', name: 'Post', fields: names.map((name) => ({ name, type })) })
  assert.equal(found(record('long'), record('int')).length, 0)
  const union = (size: number) => names.slice(0, 2_000).map((name) => ({ type: 'fixed', name, size }))
  assert.throws(() => found(union(1), union(2)), { code: 'avro.too_complex' })
})
