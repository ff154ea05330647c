import type { TestContext } from 'node:test'
import { readConfig, withSettings } from '#libs/config/config.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { startSchemaRegistry } from './app.ts'

export type TestRegistry = {
  readonly url: string
  readonly databaseUrl: string
  readonly ready: () => boolean
  /** @returns the status, and the JSON of the answer */
  readonly call: (method: string, path: string, body?: unknown) => Promise<readonly [number, unknown]>
}

/** A registry on a database of its own, or on the one given. */
export const testRegistry = async (t: Pick<TestContext, 'after'>, given?: string): Promise<TestRegistry> => {
  const databaseUrl = given ?? (await testDatabase(t))
  const config = withSettings(readConfig({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent' }), { schemaRegistryPort: 0 })
  const { port, ready, close } = await startSchemaRegistry(config, new AbortController().signal)
  t.after(close)
  const url = `http://127.0.0.1:${port}`
  const call: TestRegistry['call'] = async (method, path, body) => {
    const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
    const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) }
    const response = await fetch(`${url}${path}`, { method, ...sent })
    return [response.status, await response.json()]
  }
  return { url, databaseUrl, ready, call }
}

type Field = { readonly name: string; readonly type: unknown; readonly default?: unknown }

export const seq: Field = { name: 'seq', type: 'long' }
export const text: Field = { name: 'text', type: 'string' }
export const topic: Field = { name: 'topic', type: ['null', 'string'], default: null }

/** The body that sends a record of these fields. */
export const posted = (...fields: readonly Field[]) => ({
  schema: JSON.stringify({ type: 'record', name: 'Post', namespace: 'whiply.test', fields }),
})
