import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import { confluentForNode, confluentForPython, runConfluentPython } from './clients.fixtures.ts'
import { posted, seq, testRegistry, text, topic } from './registry.fixtures.ts'

/** What is published for users of Confluent's registry works with this one, unchanged. */

const { schema } = posted(seq, topic)
const broken = posted(seq, topic, text).schema
const record = { seq: 7, topic: 'chess' }
const subject = 'posts-value'

test('@kafkajs/confluent-schema-registry registers, reads back, is refused what breaks, writes and reads', async (t) => {
  const { url } = await testRegistry(t)
  const client = new SchemaRegistry({ host: url })
  const options = { subject, compatibility: COMPATIBILITY.FULL_TRANSITIVE }
  const { id } = await client.register({ type: SchemaType.AVRO, schema }, options)
  assert.equal((await client.register({ type: SchemaType.AVRO, schema }, options)).id, id)
  assert.equal(await client.getLatestSchemaId(subject), id)
  assert.equal(await client.getRegistryId(subject, 1), id)
  assert.equal(await client.getRegistryIdBySchema(subject, { type: SchemaType.AVRO, schema }), id)
  await assert.rejects(client.register({ type: SchemaType.AVRO, schema: broken }, options), {
    status: 409,
    message: /READER_FIELD_MISSING_DEFAULT_VALUE/,
  })
  const other = { ...options, compatibility: COMPATIBILITY.BACKWARD }
  await assert.rejects(client.register({ type: SchemaType.AVRO, schema }, other), /BACKWARD != FULL_TRANSITIVE/)
  const written = await client.encode(id, record)
  assert.deepEqual({ ...(await new SchemaRegistry({ host: url }).decode(written)) }, record)
})

test('@kafkajs/confluent-schema-registry writes and reads with references', async (t) => {
  const { url } = await testRegistry(t)
  const client = new SchemaRegistry({ host: url })
  const role = '{"type":"enum","name":"Role","namespace":"whiply.test","symbols":["vip"]}'
  const member = '{"type":"record","name":"Member","namespace":"whiply.test","fields":[{"name":"role","type":"Role"}]}'
  await client.register({ type: SchemaType.AVRO, schema: role }, { subject: 'role' })
  const references = [{ name: 'whiply.test.Role', subject: 'role', version: 1 }]
  const { id } = await client.register({ type: SchemaType.AVRO, schema: member, references }, { subject: 'member' })
  const written = await client.encode(id, { role: 'vip' })
  assert.deepEqual({ ...(await new SchemaRegistry({ host: url }).decode(written)) }, { role: 'vip' })
})

type Info = { readonly schemaType: 'AVRO'; readonly schema: string }

/** As much of the package as is used here; it is no dependency of whiply, so there are no types of it. */
type Confluent = {
  readonly SchemaRegistryClient: new (config: { readonly baseURLs: readonly string[] }) => ConfluentClient
  readonly AvroSerializer: new (client: ConfluentClient, serde: number, config: object) => Serializer
  readonly AvroDeserializer: new (client: ConfluentClient, serde: number, config: object) => Deserializer
  readonly SerdeType: { readonly VALUE: number }
}

type ConfluentClient = {
  readonly register: (subject: string, info: Info) => Promise<number>
  readonly getBySubjectAndId: (subject: string, id: number) => Promise<{ readonly schema: string }>
  readonly getLatestSchemaMetadata: (subject: string) => Promise<{ readonly id: number; readonly version: number }>
  readonly getAllSubjects: () => Promise<readonly string[]>
  readonly testSubjectCompatibility: (subject: string, info: Info) => Promise<boolean>
  readonly updateCompatibility: (subject: string, level: string) => Promise<string>
}

type Serializer = { readonly serialize: (topic: string, record: unknown) => Promise<Buffer> }
type Deserializer = { readonly deserialize: (topic: string, bytes: Buffer) => Promise<object> }

test('@confluentinc/schemaregistry registers, reads back, checks compatibility, writes and reads', async (t) => {
  const load = createRequire(join(await confluentForNode(), 'package.json'))
  const { SchemaRegistryClient, AvroSerializer, AvroDeserializer, SerdeType }: Confluent =
    load('@confluentinc/schemaregistry')
  const { url } = await testRegistry(t)
  const client = new SchemaRegistryClient({ baseURLs: [url] })
  const info: Info = { schemaType: 'AVRO', schema }
  const id = await client.register(subject, info)
  assert.deepEqual(JSON.parse((await client.getBySubjectAndId(subject, id)).schema), JSON.parse(schema))
  const latest = await client.getLatestSchemaMetadata(subject)
  assert.deepEqual([latest.id, latest.version], [id, 1])
  assert.deepEqual(await client.getAllSubjects(), [subject])
  assert.equal(await client.updateCompatibility(subject, 'FULL_TRANSITIVE'), 'FULL_TRANSITIVE')
  assert.equal(await client.testSubjectCompatibility(subject, info), true)
  assert.equal(await client.testSubjectCompatibility(subject, { ...info, schema: broken }), false)
  await assert.rejects(client.register(subject, { ...info, schema: broken }), /READER_FIELD_MISSING_DEFAULT_VALUE/)
  const serializer = new AvroSerializer(client, SerdeType.VALUE, { useLatestVersion: true })
  const written = await serializer.serialize('posts', record)
  const reader = new SchemaRegistryClient({ baseURLs: [url] })
  const read = await new AvroDeserializer(reader, SerdeType.VALUE, {}).deserialize('posts', written)
  assert.deepEqual({ ...read }, record)
  assert.deepEqual({ ...(await new SchemaRegistry({ host: url }).decode(written)) }, record)
})

test('confluent-kafka for Python registers, reads back, checks compatibility, writes and reads', async (t) => {
  const python = await confluentForPython()
  if (python === undefined) return t.skip('there is no Python 3 with venv: apt-get install python3-venv')
  const { url } = await testRegistry(t)
  const said = await runConfluentPython(python, [url, 'posts', schema, broken, JSON.stringify(record)])
  const { id, text: kept, written, ...rest } = said as Record<'id' | 'text' | 'written', unknown>
  assert.deepEqual(rest, {
    version: 1,
    found: id,
    level: 'FULL_TRANSITIVE',
    subjects: [subject],
    compatible: true,
    broken: false,
    refusal: 409,
    read: record,
  })
  assert.deepEqual(JSON.parse(String(kept)), JSON.parse(schema))
  const bytes = Buffer.from(String(written), 'hex')
  assert.deepEqual({ ...(await new SchemaRegistry({ host: url }).decode(bytes)) }, record)
})
