import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '#libs/testing/engines.ts'
import { postgresProxy } from '#libs/testing/postgres-proxy.ts'
import { until } from '#libs/testing/until.ts'
import { posted, seq, testRegistry, text, topic } from './registry.fixtures.ts'

test('two-registries-race: one schema is one version with one id, and every version is taken once', async (t) => {
  const databaseUrl = await testDatabase(t)
  const registries = await Promise.all([testRegistry(t, databaseUrl), testRegistry(t, databaseUrl)])
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      registries[index % 2]?.call('POST', '/subjects/race/versions', posted(seq)),
    ),
  )
  assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1, JSON.stringify(answers))
  const [one] = registries
  await one?.call('PUT', '/config/race', { compatibility: 'NONE' })
  const fields = Array.from({ length: 20 }, (_, index) => ({ name: `f${index}`, type: 'int' }))
  const others = await Promise.all(
    fields.map((field, index) => registries[index % 2]?.call('POST', '/subjects/race/versions', posted(field))),
  )
  const versions = others.map((answer) => (answer?.[1] as { readonly version: number } | undefined)?.version ?? 0)
  assert.deepEqual(
    versions.toSorted((a, b) => a - b),
    fields.map((_, index) => index + 2),
  )
})

test('two-registries-race: of two schemas that break each other one is taken', async (t) => {
  const databaseUrl = await testDatabase(t)
  const registries = await Promise.all([testRegistry(t, databaseUrl), testRegistry(t, databaseUrl)])
  const schemas = [posted(seq), posted(text)]
  const answers = await Promise.all(
    registries.map((one, index) => one.call('POST', '/subjects/s/versions', schemas[index])),
  )
  assert.deepEqual(answers.map(([status]) => status).toSorted(), [200, 409])
})

test('postgres-away: requests fail at once with the store’s code, and go on when it is back', async (t) => {
  const proxy = await postgresProxy(await testDatabase(t))
  t.after(proxy.close)
  const registry = await testRegistry(t, proxy.databaseUrl)
  await registry.call('POST', '/subjects/away/versions', posted(seq, topic))
  proxy.cut()
  await until(async () => {
    const [status, json] = await registry.call('GET', '/subjects')
    assert.deepEqual([status, (json as { readonly error_code: number }).error_code], [500, 50001])
    return !registry.ready()
  })
  proxy.restore()
  await until(async () => (await registry.call('GET', '/subjects'))[0] === 200)
  assert.deepEqual(await registry.call('GET', '/subjects'), [200, ['away']])
  assert.equal(registry.ready(), true)
})
