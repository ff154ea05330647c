import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import { contextModel } from '#libs/contracts/model.ts'
import { samplesOf } from '#libs/contracts/samples.ts'
import type { Family } from '#libs/journal/families.ts'
import type { EncodedEvent, OutcomeRecord } from '#libs/journal/outcome.ts'
import type { ReaderKeys } from '#libs/readmodel/erased.ts'
import { projectionsOf } from './projections.ts'

const contextOf: Readonly<Record<Family, string>> = {
  account: 'identity',
  channel: 'channel',
  broadcast: 'broadcast',
  conversation: 'conversation',
}

const schemas = new URL('../../schemas/', import.meta.url)

const eventsOf = (family: Family): readonly EncodedEvent[] =>
  contextModel(schemas, contextOf[family]).events.map(({ name, fields }) =>
    encoderOf(family)({ type: name, ...samplesOf({ fields })[0] } as never),
  )

/** Of whichever family: what is encoded is made of the schemas, so that its type says nothing. */
const encoderOf = (family: Family): ((event: never) => EncodedEvent) => codecs[family].encodeEvent

const recordOf = (family: Family, event: EncodedEvent): OutcomeRecord => ({
  family,
  partition: 0,
  offset: 1,
  claim: 0,
  n: 1,
  key: '17',
  at: 1_700_000_000_000,
  commandOffset: 1,
  commandId: 'command',
  commandType: 'Test',
  principal: '3',
  origin: 'http',
  stateVersion: 1,
  fingerprint: '',
  outcome: { kind: 'accepted', events: [event], summary: {} },
})

const unused = () => assert.fail('nothing is to be read or written')

const nobodysKeys: ReaderKeys = {
  prefetch: async (subjects) => assert.deepEqual([...subjects], []),
  open: unused,
  forget: unused,
}

test('what concerns no read model changes none: with such an event alone nothing is asked of Postgres or the vault', async () => {
  const projections = projectionsOf(nobodysKeys)
  let skipped = 0
  for (const { families, concerns, apply } of projections)
    for (const family of families)
      for (const event of eventsOf(family)) {
        const record = recordOf(family, event)
        if (concerns?.(record) ?? true) continue
        await apply(unused as unknown as TransactionSql, family, [record])
        skipped++
      }
  assert.ok(skipped > 200, `${skipped} were of no concern`)
})
