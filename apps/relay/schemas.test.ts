import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testRegistry } from '#apps/schema-registry/registry.fixtures.ts'
import { openEncoder } from '#libs/integration/relay/registry.ts'

const subject = 'whiply.public.chat.v1.MessagePosted'
const versions = `/subjects/${subject}/versions`
const strange = { type: 'record', name: 'MessagePosted', namespace: 'whiply.public.chat.v1', fields: [] }

test('schemas are registered once, however often relays start, and nobody changes them', async (t) => {
  const { url, call } = await testRegistry(t)
  await openEncoder({ url })
  await openEncoder({ url })
  assert.deepEqual(await call('GET', versions), [200, [1]])
  assert.deepEqual(await call('GET', `/config/${subject}`), [200, { compatibilityLevel: 'FULL_TRANSITIVE' }])
})

test('a level that a stranger has set is a refusal, and no registry that is away; set back it is one no more', async (t) => {
  const { url, call } = await testRegistry(t)
  await openEncoder({ url })
  await call('PUT', `/config/${subject}`, { compatibility: 'NONE' })
  await assert.rejects(openEncoder({ url }), {
    code: 'relay.schemas_refused',
    message: new RegExp(`^${subject}: .*NONE`),
  })
  await call('PUT', `/config/${subject}`, { compatibility: 'FULL_TRANSITIVE' })
  await openEncoder({ url })
})

test('a schema that a stranger has registered under the name of one of ours is a refusal', async (t) => {
  const { url, call } = await testRegistry(t)
  await call('POST', versions, { schema: JSON.stringify(strange) })
  await assert.rejects(openEncoder({ url }), { code: 'relay.schemas_refused', message: new RegExp(`^${subject}: `) })
})

test('a subject that may not be written is a refusal', async (t) => {
  const { url, call } = await testRegistry(t)
  await call('PUT', `/mode/${subject}`, { mode: 'READONLY' })
  await assert.rejects(openEncoder({ url }), { code: 'relay.schemas_refused' })
})

test('a registry that is away is none', async () => {
  await assert.rejects(openEncoder({ url: 'http://127.0.0.1:1' }), { name: 'ResponseError' })
})
