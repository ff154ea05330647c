import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cloudEventHeaders } from './cloud-event.ts'

const event = {
  id: '0197d2c5-7a40-7c3e-9d7b-3f0a5c1e8b21/0',
  logId: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  type: 'whiply.public.chat.v1.MessagePosted',
  at: 1_767_225_600_000,
  subject: '1000',
}

const required = {
  ce_specversion: '1.0',
  ce_id: '0197d2c5-7a40-7c3e-9d7b-3f0a5c1e8b21/0',
  ce_source: 'urn:uuid:6f9619ff-8b86-4011-b42d-00c04fc964ff',
  ce_type: 'whiply.public.chat.v1.MessagePosted',
  ce_time: '2026-01-01T00:00:00.000Z',
  ce_subject: '1000',
  'content-type': 'application/avro',
}

test('attributes are headers of the binary mode', () => {
  assert.deepEqual(cloudEventHeaders(event), required)
})

test('where the schema is and the trace stand there only where they are known', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const dataSchema = 'https://schemas.example.org/schemas/ids/7'
  assert.deepEqual(cloudEventHeaders({ ...event, dataSchema, traceparent }), {
    ...required,
    ce_dataschema: dataSchema,
    ce_traceparent: traceparent,
  })
})
