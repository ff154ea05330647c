import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { RunningApp } from '#libs/config/app.ts'
import { readConfig, withSettings } from '#libs/config/config.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { derivedId } from '#libs/journal/command.ts'
import { decodeEntry, encodeCommandRecord, type OutcomeEntry } from '#libs/journal/envelope.ts'
import { commandTopic, type Family, journalTopic } from '#libs/journal/families.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { readAll } from '#libs/journal/read-all.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { lentKafka } from '#libs/testing/lent-kafka.ts'
import { until } from '#libs/testing/until.ts'
import { openVault } from '#libs/vault/open.ts'
import { start } from './app.ts'

const partitions = 2
/** An account, and its own channel. */
const person = '1001'

const platform = async (outer: TestContext) => {
  const t = inReverse(outer)
  const kafka = await lentKafka(t)
  const data = await mkdtemp(join(tmpdir(), 'whiply-decider-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  const settings = { CHANNEL_PARTITIONS: `${partitions}`, FAMILY_PARTITIONS: `${partitions}`, LOG_LEVEL: 'silent' }
  const config = withSettings(readConfig(settings), {
    data,
    objectStore: join(data, 'objects'),
    databaseUrl: await testDatabase(t),
    kafkaBrokers: [...kafka.brokers],
    masterKey: randomBytes(32).toString('base64'),
  })
  const vault = await openVault(config)
  t.after(vault.close)
  await vault.keys.create(person)
  const log = kafkaLog({ brokers: kafka.brokers })
  t.after(log.close)
  const partition = partitionOf(person, partitions)
  let sent = 0

  return {
    startDecider: async (): Promise<RunningApp> => {
      const app = await start(config, new AbortController().signal)
      t.after(app.close)
      return app
    },
    send: async (
      family: Family,
      encoded: { readonly type: string; readonly version: number; readonly bytes: Buffer },
      { id = uuidv7(), manager }: { readonly id?: string; readonly manager?: string } = {},
    ): Promise<string> => {
      const { type, version, bytes } = encoded
      const source = manager && { manager: { name: manager, partition: 0, n: ++sent } }
      const record = encodeCommandRecord({
        key: person,
        id: manager ? derivedId(manager, 0, sent) : id,
        principal: manager ? `manager/${manager}` : person,
        type,
        version,
        payload: bytes,
        facts: { displayName: 'Ada' },
        origin: 'test',
        ...source,
      })
      const appender = await log.appender()
      try {
        await appender.append(commandTopic(family), partition, [record])
      } finally {
        await appender.close()
      }
      return id
    },
    outcomes: async (family: Family): Promise<readonly OutcomeEntry[]> => {
      const entries = (await readAll(log, journalTopic(family), partition)).map(decodeEntry)
      return entries.flatMap((entry) => (entry.kind === 'outcome' ? [entry] : []))
    },
  }
}

const { account, channel } = codecs
const post = channel.encodeCommand({ type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hello' })

test('one decider takes over from another, and nothing is sealed for who is erased', async (t) => {
  const { startDecider, send, outcomes } = await platform(t)
  const first = await startDecider()
  await until(() => first.ready())
  await send('channel', channel.encodeCommand({ type: 'CreateChannel', ownerId: person, slug: null }))
  const id = await send('channel', post)
  await until(async () => (await outcomes('channel')).length === 2)
  assert.deepEqual(
    (await outcomes('channel')).map(({ outcome }) => outcome.kind),
    ['accepted', 'accepted'],
  )

  const second = await startDecider()
  await first.close()
  assert.equal(await first.ready(), false)
  await until(() => second.ready())
  await send('channel', post, { id })
  await until(async () => (await outcomes('channel')).length === 3)
  assert.deepEqual((await outcomes('channel')).at(-1)?.outcome.kind, 'repeated')

  // The erasure is read from the account journal: the key is still in the vault, and nothing is sealed with it.
  const absent = { termsVersion: null, invitedBy: null, createdAt: null, handleKey: null, displayNameKey: null }
  const opening = { handle: 'ada', displayName: 'Ada', email: null, platformRole: 'user', ...absent } as const
  await send('account', account.encodeCommand({ type: 'OpenAccount', ...opening }), { manager: 'handles' })
  await send('account', account.encodeCommand({ type: 'EraseAccount' }))
  await until(async () => (await outcomes('account')).length === 2)
  await until(async () => {
    await send('channel', post)
    const { outcome } = (await outcomes('channel')).at(-1) ?? assert.fail('an outcome')
    return outcome.kind === 'rejected' && outcome.code === 'command.subject_erased'
  })
})
