import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import postgres from 'postgres'
import { start as startDecider } from '#apps/decider/app.ts'
import { channelReads } from '#libs/channel/reads/reads.ts'
import { readConfig, withSettings } from '#libs/config/config.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelCommand } from '#libs/contracts/generated/channel.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { IdentityCommand } from '#libs/contracts/generated/identity.ts'
import { accountById, handleHolder } from '#libs/identity/queries.ts'
import { encodeCommandRecord } from '#libs/journal/envelope.ts'
import { commandTopic, type Family } from '#libs/journal/families.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { commandOutcome } from '#libs/readmodel/outcomes.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { lentKafka } from '#libs/testing/lent-kafka.ts'
import { until } from '#libs/testing/until.ts'
import { openVault } from '#libs/vault/open.ts'
import { start } from './app.ts'
import { listParked, retryParked } from './parked.ts'
import { rebuild } from './rebuild.ts'

const partitions = 4

const platform = async (outer: TestContext) => {
  const t = inReverse(outer)
  const kafka = await lentKafka(t)
  const data = await mkdtemp(join(tmpdir(), 'whiply-projector-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  const env = { CHANNEL_PARTITIONS: String(partitions), FAMILY_PARTITIONS: String(partitions), LOG_LEVEL: 'silent' }
  const config = withSettings(readConfig(env), {
    data,
    objectStore: join(data, 'objects'),
    databaseUrl: await testDatabase(t),
    kafkaBrokers: [...kafka.brokers],
    masterKey: randomBytes(32).toString('base64'),
  })
  const vault = await openVault(config)
  t.after(vault.close)
  const sql = postgres(config.databaseUrl, { max: 2, onnotice: () => {} })
  t.after(() => sql.end({ timeout: 1 }))
  const log = kafkaLog({ brokers: kafka.brokers })
  t.after(log.close)
  const { signal } = new AbortController()
  const decider = await startDecider(config, signal)
  t.after(decider.close)
  const projector = await start(config, signal)
  t.after(projector.close)
  await until(async () => (await decider.ready()) && (await projector.ready()))

  const send = async (
    family: Family,
    key: string,
    principal: string,
    command: ChannelCommand | IdentityCommand,
  ): Promise<string> => {
    const codec = codecs[family] as {
      encodeCommand: (command: ChannelCommand | IdentityCommand) => ReturnType<typeof codecs.channel.encodeCommand>
    }
    const { type, version, bytes } = codec.encodeCommand(command)
    const id = uuidv7()
    const envelope = {
      key,
      id,
      principal,
      type,
      version,
      payload: bytes,
      origin: 'test',
      facts: { displayName: 'Ada' },
    }
    const appender = await log.appender()
    try {
      await appender.append(commandTopic(family), partitionOf(key, partitions), [encodeCommandRecord(envelope)])
    } finally {
      await appender.close()
    }
    return id
  }

  const claim = (handle: string, accountId: string) =>
    send('account', vault.hashes.compare('handle', handle), accountId, {
      type: 'ClaimHandle',
      holderKind: 'account',
      holderId: accountId,
      ownerId: accountId,
      handle,
      displayName: `The ${handle}`,
      termsVersion: null,
      invitedBy: null,
      createdAt: null,
      nameKey: null,
      displayNameKey: null,
      previousKey: null,
      email: null,
      platformRole: 'user',
    })
  return { config, vault, sql, send, claim, reads: channelReads(sql) }
}

test('from a claimed handle to an erased account, over Kafka and Postgres', async (t) => {
  const { config, vault, sql, send, claim, reads } = await platform(t)
  const accountId = await vault.nextId()
  await vault.keys.create(accountId)

  const claimed = await claim('ada', accountId)
  await until(async () => (await accountById(sql, accountId))?.state === 'open')
  assert.equal((await accountById(sql, accountId))?.handle, 'ada')
  await until(async () => (await commandOutcome(sql, accountId, claimed))?.status === 'accepted')

  // A second handle for the same account: it is open already, so the handle is given back.
  const lovelace = vault.hashes.compare('handle', 'lovelace')
  const second = await claim('lovelace', accountId)
  await until(async () => (await commandOutcome(sql, accountId, second))?.status === 'accepted')
  await until(async () => (await handleHolder(sql, lovelace)) === undefined)
  await until(async () => {
    const [row] = await sql`
      select count(*)::integer as count from readmodel.outcomes
      where command_type = 'ReleaseHandle' and principal = 'manager/handles' and kind = 'accepted'`
    return row?.count === 1
  })

  await send('channel', accountId, accountId, { type: 'CreateChannel', ownerId: accountId, slug: null })
  await send('channel', accountId, accountId, { type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hello' })
  await until(async () => (await reads.messages(accountId, { limit: 1 }))[0]?.text === 'hello')

  await send('account', accountId, accountId, { type: 'EraseAccount' })
  await until(async () => (await accountById(sql, accountId))?.state === 'erased')
  await until(async () => (await reads.messages(accountId, { limit: 1 }))[0]?.text === null)
  await until(async () => {
    const [row] = await sql`select position."offset" from readmodel.positions position
      join readmodel.positions accounts using (family, partition)
      where position.reader = 'manager/erasure' and accounts.reader = 'accounts_v2'
        and position.n < accounts.n limit 1`
    return row === undefined
  })
  await assert.rejects(vault.keys.create(accountId), { code: 'vault.subject_erased' })

  const { signal } = new AbortController()
  assert.equal(await listParked(config, [], signal), 0)
  assert.equal(await retryParked(config, ['messages'], signal), 0)
  for (const name of ['messages', 'accounts', 'outcomes']) {
    assert.equal(await rebuild(config, [name], signal), 0)
  }
  await send('channel', accountId, accountId, { type: 'PostMessage', ...channelAbsent.PostMessage, text: 'again' })
  const [live] = await sql`select build from readmodel.builds where projection = 'messages' and state = 'live'`
  assert.equal(live?.build, 'messages_v6_2')
})
