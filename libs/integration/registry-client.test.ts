import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { registryClient } from './registry-client.ts'

test('a registry that takes connections and says nothing is given up on', { timeout: 10_000 }, async (t) => {
  const server = createServer((socket) => {
    t.after(() => socket.destroy())
  })
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await assert.rejects(registryClient(`http://127.0.0.1:${port}`, 'tests', 100).getSchema(1), { name: 'ResponseError' })
})
