import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import type { Open } from '#libs/contracts/sealed.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { eventId } from '#libs/journal/outcome.ts'
import { stubSeal } from '#libs/testing/specification.ts'
import { keyUses } from '../audited.ts'
import type { Asked, AuditRow } from '../queries.ts'
import { auditRoutes } from './audit.ts'
import type { AuditEdge } from './edge.ts'

const owner = '1001'

/** A use of a stream key from there. */
const usedFrom = (n: number, addressHash: string, networkHash: string): AuditRow => {
  const commandId = uuidv7()
  const used = {
    type: 'EncoderAdmitted',
    keyId: 'k1',
    sessionId: `s${n}`,
    ownerId: owner,
    addressHash,
    networkHash,
  } as const
  const sealed = codecs.broadcast.sealEvent(used, eventId(commandId, 0), stubSeal)
  const { type, version, bytes } = codecs.broadcast.encodeEvent(sealed)
  return {
    ...{ at: n, family: 'broadcast', partition: 0, n, index: 0, kind: keyUses, actor: 'system', impersonator: null },
    ...{ target: null, channel: '500', commandId, commandType: 'AdmitEncoder', code: null },
    ...{ eventType: type, eventVersion: version, event: bytes },
  }
}

const opened: Open = (_subject, _event, _field, sealed) => JSON.parse(String(sealed))[3]

test('of an address the audit has what accounts seen there did, and the uses of stream keys from there alone', async () => {
  const asked: Partial<Asked>[] = []
  const edge: AuditEdge = {
    rows: async (of) => {
      asked.push(of)
      return of.before
        ? []
        : [usedFrom(3, 'here', 'net'), usedFrom(2, 'there', 'net'), usedFrom(1, 'elsewhere', 'here')]
    },
    keys: { prefetch: async () => {}, open: opened },
    namesOf: async () => new Map(),
    noteRead: async () => {},
    sightings: { keysOf: () => ({ address: 'here', network: 'net' }), accountsAt: async () => [owner] },
  }
  const [search] = auditRoutes
  const entriesFor = async (body: object) => {
    assert.ok(search)
    const request = { body: search.body?.parse(body), caller: { accountId: '1' }, traceparent: undefined }
    const reply = await search.handler(request as never, edge)
    assert.ok('body' in reply)
    return (reply.body as { entries: readonly { details: Record<string, unknown> }[] }).entries
  }
  const found = await entriesFor({ address: '192.0.2.7' })
  assert.deepEqual(
    found.map(({ details }) => [details.sessionId, details.addressHash]),
    [
      ['s3', 'here'],
      ['s1', 'elsewhere'],
    ],
  )
  assert.deepEqual(asked[0]?.accounts, [owner])
  assert.equal((await entriesFor({})).length, 3)
  assert.equal(asked.at(-1)?.accounts, undefined)
})
