import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import { httpErrors } from '#libs/http/errors.ts'
import { identityHttpErrors } from '#libs/identity/http/errors.ts'
import { createOpenings } from '#libs/identity/openings.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { shortMemory } from '#libs/readmodel/short-memory.ts'
import { generateDocuments } from '#libs/testing/documents.ts'
import { realtimeAddress } from './realtime-address.ts'

const record = (part: Partial<OutcomeRecord>): OutcomeRecord => ({
  family: 'account',
  partition: 0,
  offset: 0,
  claim: 0,
  n: 7,
  key: '1',
  at: 0,
  commandOffset: 0,
  commandId: '',
  commandType: '',
  principal: '',
  origin: '',
  fingerprint: '',
  stateVersion: 1,
  outcome: { kind: 'accepted', events: [], summary: {} },
  ...part,
})

test('schemas/openapi.yaml is as the routes have it', () => {
  assert.ok(!generateDocuments(true).includes('schemas/openapi.yaml'), 'run: npm run generate')
})

test('every code that the door answers with stands in a test', () => {
  const folders = [
    '../../libs/http/',
    '../../libs/identity/',
    '../../libs/channel/http/',
    '../../libs/integration/',
    './',
  ]
  const texts = folders.flatMap((folder) => {
    const cwd = new URL(folder, import.meta.url)
    return globSync('**/*.{test,fixtures}.ts', { cwd }).map((file) => readFileSync(new URL(file, cwd), 'utf8'))
  })
  const codes = [...Object.keys(httpErrors), ...Object.keys(identityHttpErrors)]
  // Of a pattern the dot is escaped.
  const stands = (code: string) => texts.some((text) => text.replaceAll('\\.', '.').includes(code))
  const missing = codes.filter((code) => !stands(code))
  assert.deepEqual(missing, [])
})

test('an opening is told to all who wait for it, and to who asks late', async () => {
  const openings = createOpenings(1)
  const { signal } = new AbortController()
  const both = Promise.all([openings.wait('1', signal), openings.wait('1', signal)])
  openings.observe([
    record({ commandType: 'OpenAccount', outcome: { kind: 'rejected', code: 'x.y', detail: {} } }),
    record({ commandType: 'RevokeSessions' }),
    record({ commandType: 'OpenAccount' }),
  ])
  const opened = { kind: 'opened', position: 'account.0.7' }
  assert.deepEqual(await both, [opened, opened])
  assert.deepEqual(await openings.wait('1', signal), opened)
  assert.equal(openings.waiting(), 0)
})

test('a released handle is told to who waits for its holder, and who gives up is forgotten', async () => {
  const openings = createOpenings()
  const given = new AbortController()
  const released = openings.wait('9', given.signal)
  const bytes = codecs.account.encodeEvent({ type: 'HandleReleased', holderId: '9', ownerId: null, nameKey: null })
  openings.observe([
    record({ commandType: 'ReleaseHandle', key: 'hash', outcome: { kind: 'accepted', events: [bytes], summary: {} } }),
  ])
  assert.deepEqual(await released, { kind: 'released', position: 'account.0.7' })
  const never = openings.wait('10', given.signal)
  given.abort()
  assert.equal(await never, undefined)
  assert.equal(await openings.wait('11', given.signal), undefined)
  assert.equal(openings.waiting(), 0)
})

test('what is remembered for a moment is asked for once, and a failure by the next again', async () => {
  let now = 0
  let asked = 0
  const memory = shortMemory(
    async (key) => {
      asked++
      if (key === 'bad') throw new Error('away')
      return key.length
    },
    { keptMs: 10, capacity: 1, now: () => now },
  )
  assert.deepEqual(await Promise.all([memory.get('abc'), memory.get('abc')]), [3, 3])
  assert.equal(asked, 1)
  now = 10
  await memory.get('abc')
  assert.equal(asked, 2)
  await assert.rejects(memory.get('bad'))
  await assert.rejects(memory.get('bad'))
  assert.equal(asked, 4)
})

test('the live socket is told by the host that the client came by, if it is this machine that is meant', () => {
  const local = 'ws://localhost:8081'
  assert.equal(realtimeAddress(local, '192.168.1.5:8080'), 'ws://192.168.1.5:8081')
  assert.equal(realtimeAddress(local, '[::1]:8080'), 'ws://[::1]:8081')
  assert.equal(realtimeAddress(local, undefined), local)
  for (const wrong of ["x'; script-src *", 'a b', 'evil.example/path', '-x', 'a:b'])
    assert.equal(realtimeAddress(local, wrong), local, wrong)
  assert.equal(realtimeAddress('wss://live.example.org', 'evil.example'), 'wss://live.example.org')
})
