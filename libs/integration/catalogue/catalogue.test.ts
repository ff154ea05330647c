import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import avsc from 'avsc'
import fc from 'fast-check'
import { parse } from 'yaml'
import { publicTypes, publicVersions } from '#libs/contracts/public.ts'
import { readLedger } from '#libs/contracts/released.ts'
import type { PublicRecord } from '../schemas.ts'
import { publicSchemas } from '../schemas.ts'
import { asyncApiYaml } from './asyncapi.ts'
import { byRelease, makeCatalogue, typeInWords } from './catalogue.ts'
import { cataloguePage, docHtml, escapeHtml } from './page.ts'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
const catalogue = makeCatalogue({ retentionDays: 7 })
const types = catalogue.topics.flatMap((topic) => topic.types)

test('the catalogue has every topic, type and field, and each says what it means', () => {
  assert.deepEqual(
    types.map(({ subject }) => subject).toSorted(),
    publicSchemas().map(({ subject }) => subject),
  )
  for (const { subject, doc, fields } of types)
    for (const told of [doc, ...fields.map((field) => field.doc)]) assert.match(told, /\S.*\.$/, subject)
})

test('the example of every type is an event: its schema writes it, and reads it back', () => {
  for (const { subject, example } of types) {
    const schema = publicSchemas()
      .find((one) => one.subject === subject)
      ?.versions.at(-1)
    const type = avsc.Type.forSchema(schema as unknown as avsc.Schema)
    assert.deepEqual({ ...type.fromBuffer(type.toBuffer(example)) }, example, subject)
  }
})

/** Places of a version that say they are new in it, as those that the version before does not have. */
const newIn = (record: PublicRecord, before: PublicRecord | undefined): readonly string[] => {
  const known = new Set(before?.fields.map(({ name }) => name))
  const fields = record.fields.filter(({ name }) => !known.has(name)).map(({ since }) => since)
  return before ? fields : [record.since, ...fields]
}

test('what is not released yet says that it comes with this release, and nothing says a later one', () => {
  const ledger = readLedger()
  for (const type of publicTypes())
    for (const [index, record] of (publicVersions(type) as readonly PublicRecord[]).entries()) {
      const path = type.paths[index] ?? ''
      const before = publicVersions(type)[index - 1] as PublicRecord | undefined
      for (const since of newIn(record, before))
        if (path in ledger) assert.ok(byRelease(since, version) <= 0, path)
        else assert.equal(since, version, path)
    }
})

test('releases are in the order of their numbers', () => {
  assert.deepEqual(['1.10.0', '1.9.1', '0.1.0', '1.9.0'].toSorted(byRelease), ['0.1.0', '1.9.0', '1.9.1', '1.10.0'])
  assert.equal(byRelease('1.2.3', '1.2.3'), 0)
})

test('types are told in words', () => {
  assert.equal(typeInWords(['null', 'string']), 'string or null')
  assert.equal(typeInWords({ type: 'long', logicalType: 'timestamp-millis' }), 'time, in milliseconds since 1970')
  assert.equal(typeInWords({ type: 'string', symbols: ['a', 'b'] }), 'string: a, b')
  assert.equal(typeInWords({ type: 'array', items: 'string' }), 'list of string')
})

test('whatever a doc says, it is text on the page', () => {
  assert.equal(escapeHtml(`<b a="1" c='2'>&`), '&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;')
  assert.equal(docHtml('Either `<a>` or b & c.'), 'Either <code>&lt;a&gt;</code> or b &amp; c.')
  fc.assert(
    fc.property(fc.string(), (text) => assert.doesNotMatch(docHtml(text).replaceAll(/<\/?code>/g, ''), /[<>"']/)),
  )
  const [topic] = catalogue.topics
  assert.ok(topic)
  const evil = '"><script>alert(1)</script>'
  const page = cataloguePage({ topics: [{ ...topic, name: evil, doc: evil, topic: evil, stream: evil }] })
  assert.doesNotMatch(page, /<script/)
})

test('the page has every field with its example, links that lead somewhere, and no script', () => {
  const page = cataloguePage(catalogue)
  for (const { fields } of types)
    for (const { name, example } of fields) {
      assert.ok(page.includes(`<code>${name}</code>`), name)
      assert.ok(page.includes(`<code>${escapeHtml(JSON.stringify(example))}</code>`), name)
    }
  for (const [, id = ''] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(page.includes(`id="${id}"`), id)
  assert.doesNotMatch(page, /<script| on\w+=/)
})

/** Where a reference within a document leads. */
const resolved = (document: unknown, reference: string): unknown =>
  reference
    .slice(2)
    .split('/')
    .reduce<unknown>((place, name) => (place as Record<string, unknown> | undefined)?.[name], document)

test('topics are channels of the AsyncAPI document with Kafka bindings, and every reference leads somewhere', () => {
  const document = parse(asyncApiYaml())
  const channel = document.channels['chat.v1']
  assert.equal(channel.address, 'whiply.public.chat.v1')
  assert.equal(channel.bindings.kafka.topicConfiguration['retention.ms'], 7 * 86_400_000)
  const message = resolved(document, channel.messages.MessagePosted.$ref) as {
    readonly bindings: { readonly kafka: { readonly schemaIdLocation: string } }
  }
  assert.equal(message.bindings.kafka.schemaIdLocation, 'payload')
  const own = document.channels['chat.v1.for']
  assert.deepEqual(
    [own.address, Object.keys(own.parameters), own.messages],
    ['whiply.public.chat.v1.for.{integrator}', ['integrator'], channel.messages],
  )
  assert.ok(document.channels.live)
  for (const [, reference = ''] of JSON.stringify(document).matchAll(/"\$ref":"(#[^"]+)"/g))
    assert.ok(resolved(document, reference), reference)
})
