import assert from 'node:assert/strict'
import { test } from 'node:test'
import kafkajs, { type Admin, type Kafka } from 'kafkajs'
import { commandTopic, journalTopic, metaTopic } from '#libs/journal/families.ts'
import { settingsOf } from '#libs/journal/kafka/options.ts'
import { testEngines } from '#libs/testing/engines.ts'
import { until } from '#libs/testing/until.ts'
import type { PublicTopic } from '../public-topic.ts'
import { positionsTopic } from '../topic-settings.ts'
import { openAccess } from './access.ts'
import { integratorsTopic } from './records.ts'
import { openRequests, type Requests } from './requests.fixtures.ts'
import { openUsers, type Users } from './users.ts'
import { type Login, read, SESSION_MS, withAdmin, world, write } from './world.fixtures.ts'

const {
  AclOperationTypes: operation,
  AclPermissionTypes: permission,
  AclResourceTypes: resource,
  ConfigResourceTypes: config,
  ResourcePatternTypes: pattern,
} = kafkajs

const chat = 'whiply.public.chat.v1'
const channel = 'whiply.public.channel.v1'
const foreign = [journalTopic('channel'), commandTopic('channel'), metaTopic, positionsTopic, channel]
const TOPIC_AUTHORIZATION_FAILED = 29

/** The errors of the protocol within an error of kafkajs, however it wraps them. */
const typesOf = (error: unknown): readonly string[] => {
  if (typeof error !== 'object' || error === null) return []
  const { type, cause, originalError, errors, partitions, error: inner } = error as Record<string, unknown>
  const nested = [
    cause,
    originalError,
    inner,
    ...[errors, partitions].flatMap((list) => (Array.isArray(list) ? list : [])),
  ]
  return [...(typeof type === 'string' ? [type] : []), ...nested.flatMap(typesOf)]
}

/** Whoever asks, in the ways in which Kafka is asked. */
type Asking = { readonly kafka: Kafka; readonly admin: Admin; readonly requests: Requests; readonly users: Users }

const whoever = 'User:whoever'
const anything = {
  resourceType: resource.ANY,
  resourcePatternType: pattern.ANY,
  operation: operation.ANY,
  permissionType: permission.ANY,
}
const everything = {
  ...{ resourceType: resource.TOPIC, resourceName: 'whiply.', resourcePatternType: pattern.PREFIXED },
  ...{ principal: whoever, host: '*', operation: operation.ALL, permissionType: permission.ALLOW },
}
const settings = (type: number, name: string) => ({
  validateOnly: false,
  resources: [
    {
      type,
      name,
      configEntries: [{ name: type === config.TOPIC ? 'retention.ms' : 'log.cleaner.threads', value: '1' }],
    },
  ],
})

/** What an integrator may not, the most harmful last. */
const attempts: Readonly<Record<string, (asking: Asking) => Promise<unknown>>> = {
  'to write to a topic that it reads': ({ kafka }) => write(kafka, chat),
  'to write to another topic': ({ kafka }) => write(kafka, journalTopic('channel')),
  'to begin a transaction': ({ requests }) =>
    requests.broker.initProducerId({ transactionalId: 'acme.tx', transactionTimeout: 10_000 }),
  'to join a group of the platform': ({ requests }) => requests.joinGroup('whiply.projector'),
  'to join a group of another integrator': ({ requests }) => requests.joinGroup('bolt.reader'),
  'to join a group whose name only begins with its own': ({ requests }) => requests.joinGroup('acmex.reader'),
  'to be told where another group stands': ({ requests }) =>
    requests.broker.offsetFetch({ groupId: 'bolt.reader', topics: [{ topic: chat, partitions: [{ partition: 0 }] }] }),
  'to be told of a topic that it does not read': ({ admin }) => admin.fetchTopicMetadata({ topics: [channel] }),
  'to be told who may what': ({ admin }) => admin.describeAcls(anything),
  'to be told of users': ({ users }) => users.names(),
  'to be told the settings of the broker': ({ admin }) =>
    admin.describeConfigs({ includeSynonyms: false, resources: [{ type: config.BROKER, name: '1' }] }),
  'to be told the settings of a topic': ({ admin }) =>
    admin.describeConfigs({ includeSynonyms: false, resources: [{ type: config.TOPIC, name: chat }] }),
  'to make a topic': ({ admin }) => admin.createTopics({ topics: [{ topic: 'acme.own' }] }),
  'to add partitions': ({ admin }) => admin.createPartitions({ topicPartitions: [{ topic: chat, count: 2 }] }),
  'to give rights': ({ admin }) => admin.createAcls({ acl: [everything] }),
  'to take rights away': ({ admin }) => admin.deleteAcls({ filters: [{ ...anything, principal: whoever }] }),
  'to make a user': ({ users }) => users.setPassword('whoever', 'their password'),
  'to remove a user': ({ users }) => users.removePassword('whoever'),
  'to change a topic': ({ admin }) => admin.alterConfigs(settings(config.TOPIC, chat)),
  'to change the broker': ({ admin }) => admin.alterConfigs(settings(config.BROKER, '1')),
  'to delete records': ({ requests }) =>
    requests.broker.deleteRecords({ topics: [{ topic: chat, partitions: [{ partition: 0, offset: '1' }] }] }),
  'to delete a topic': ({ admin }) => admin.deleteTopics({ topics: [chat] }),
}

/** Whether Kafka refused for want of rights; other errors say that it would have done it. */
const isRefused = async (attempt: (asking: Asking) => Promise<unknown>, asking: Asking): Promise<boolean> => {
  try {
    const answer = await attempt(asking)
    // DescribeConfigs tells of each resource by itself, and kafkajs passes that on.
    return (
      JSON.stringify(answer ?? '').includes('"errorCode":29') || JSON.stringify(answer ?? '').includes('"errorCode":31')
    )
  } catch (error) {
    return typesOf(error).some((type) => type.endsWith('AUTHORIZATION_FAILED'))
  }
}

test('integrators of the embedded broker, on the data of one that had none', async (t) => {
  const { brokers, integrators, own, as } = await world(t, async (older) => {
    const topics = [chat, ...foreign].map((topic) => ({ topic }))
    await withAdmin(older, (admin) => admin.createTopics({ waitForLeaders: true, topics }))
    for (const { topic } of topics) await write(older, topic)
  })
  const access = await openAccess({ brokers }, 1)
  t.after(access.close)
  const loginOf = async (name: string, topics: readonly PublicTopic['topic'][]): Promise<Login> => {
    const { password } = await access.add(name, topics)
    assert.ok(password)
    return { username: name, password }
  }
  const sasl = (login: Login) => ({ mechanism: 'scram-sha-512', ...login }) as const

  const begun = Date.now()
  const acme = await loginOf('acme', [chat])
  const bolt = await loginOf('bolt', [chat, channel])
  // A client that never logs in again.
  const lasting = as(bolt, { retry: { retries: 0 }, reauthenticationThreshold: -3_600_000 }).admin()
  t.after(() => lasting.disconnect())
  await lasting.connect()
  assert.deepEqual((await lasting.listTopics()).sort(), [channel, chat])

  const askingAs = async (kafka: Kafka, addresses: readonly string[], login?: Login) => {
    const options = { brokers: addresses, ...(login && { sasl: sasl(login) }) }
    const stack = new AsyncDisposableStack()
    const admin = stack.adopt(kafka.admin(), (open) => open.disconnect())
    await admin.connect()
    const requests = stack.adopt(await openRequests(options), (open) => open.close())
    const users = stack.adopt(await openUsers(settingsOf(options)), (open) => open.close())
    return { kafka, admin, requests, users, close: () => stack.disposeAsync() }
  }

  await t.test('what was there is there still, for the platform and for who may read it', async () => {
    assert.equal(await read(own, journalTopic('channel'), 'whiply.test'), `of ${journalTopic('channel')}`)
    assert.equal(await read(as(acme), chat, 'acme.reader'), `of ${chat}`)
  })

  await t.test('a journal, commands, positions and other public topics are not read, nor shown', async () => {
    const requests = await openRequests({ brokers: integrators, sasl: sasl(acme) })
    t.after(requests.close)
    const refused = [...foreign, integratorsTopic].map((topic) => [topic, TOPIC_AUTHORIZATION_FAILED])
    assert.deepEqual(await requests.fetchCodes([chat, ...foreign, integratorsTopic]), {
      [chat]: 0,
      ...Object.fromEntries(refused),
    })
    const { topics, groups } = await withAdmin(as(acme), async (admin) => ({
      topics: await admin.listTopics(),
      groups: (await admin.listGroups()).groups.map(({ groupId }) => groupId),
    }))
    assert.deepEqual({ topics, groups }, { topics: [chat], groups: ['acme.reader'] })
  })

  await t.test('nobody comes in without a login, nor by a name that needs none elsewhere', async () => {
    for (const login of [
      { username: 'acme', password: 'wrong' },
      { username: 'ANONYMOUS', password: '' },
    ])
      await assert.rejects(withAdmin(as(login, { retry: { retries: 0 } }), (admin) => admin.listTopics()))
    await assert.rejects(openRequests({ brokers: integrators }), { name: 'KafkaJSConnectionClosedError' })
  })

  const asking = await askingAs(as(acme), integrators, acme)
  for (const [what, attempt] of Object.entries(attempts))
    await t.test(`an integrator is not allowed ${what}`, async () => {
      assert.ok(await isRefused(attempt, asking), what)
    })
  await asking.close()

  await t.test('who may read what since when is told as Kafka has it', async () => {
    const listed = await access.list()
    assert.deepEqual(
      listed.map(({ name, reads }) => [name, reads.map(({ topic }) => topic)]),
      [
        ['acme', [chat]],
        ['bolt', [channel, chat]],
      ],
    )
    for (const { reads, passwordSince } of listed)
      for (const since of [passwordSince, ...reads.map((given) => given.since)])
        assert.ok(since !== undefined && since >= begun && since <= Date.now())
  })

  await t.test('a topic more leaves the password as it is', async () => {
    assert.equal((await access.add('acme', [channel])).password, undefined)
    assert.equal(await read(as(acme), channel, 'acme.reader'), `of ${channel}`)
  })

  await t.test('the former password opens nothing after a rotation, and the new one does', async () => {
    const rotated = { ...bolt, password: await access.rotate('bolt') }
    await assert.rejects(
      withAdmin(as(bolt, { retry: { retries: 0 } }), (admin) => admin.listTopics()),
      {
        name: 'KafkaJSSASLAuthenticationError',
      },
    )
    assert.equal(await read(as(rotated), chat, 'bolt.reader'), `of ${chat}`)
  })

  await t.test(
    'a revoked integrator is refused on the connection that it has, and keeps nothing for a return',
    async () => {
      await withAdmin(own, (admin) => admin.createAcls({ acl: [{ ...everything, principal: 'User:acme' }] }))
      const requests = await openRequests({ brokers: integrators, sasl: sasl(acme) })
      t.after(requests.close)
      assert.deepEqual(await requests.fetchCodes([chat]), { [chat]: 0 })
      await access.revoke('acme')
      await until(async () => {
        const code = await requests.fetchCodes([chat]).catch(() => ({ [chat]: TOPIC_AUTHORIZATION_FAILED }))
        return code[chat] === TOPIC_AUTHORIZATION_FAILED
      })
      await assert.rejects(
        withAdmin(as(acme, { retry: { retries: 0 } }), (admin) => admin.listTopics()),
        {
          name: 'KafkaJSSASLAuthenticationError',
        },
      )
      assert.deepEqual(
        (await access.list()).map(({ name }) => name),
        ['bolt'],
      )
      for (const work of [() => access.revoke('acme'), () => access.rotate('acme')])
        await assert.rejects(work, { code: 'integrator.unknown' })
      const again = await loginOf('acme', [chat])
      assert.deepEqual(await withAdmin(as(again), (admin) => admin.listTopics()), [chat])
    },
  )

  await t.test('the same is done by the login of an administrator, and not by that of an integrator', async () => {
    const operator = { username: 'operator', password: 'a password of the operator' }
    const users = await openUsers(settingsOf({ brokers }))
    await users.setPassword(operator.username, operator.password)
    users.close()
    const may = (type: number, name: string, operations: readonly number[]) =>
      operations.map((each) => ({
        ...everything,
        ...{ resourceType: type, resourceName: name, resourcePatternType: pattern.LITERAL },
        ...{ principal: 'User:operator', operation: each },
      }))
    const acl = [
      ...may(resource.CLUSTER, 'kafka-cluster', [operation.ALTER, operation.DESCRIBE]),
      ...may(resource.TOPIC, integratorsTopic, [
        operation.CREATE,
        operation.READ,
        operation.WRITE,
        operation.DESCRIBE_CONFIGS,
      ]),
    ]
    await withAdmin(own, (admin) => admin.createAcls({ acl }))
    const theirs = await openAccess({ brokers: integrators, sasl: sasl(operator) }, 1)
    t.after(theirs.close)
    const { password = '' } = await theirs.add('delta', [chat])
    assert.equal(await read(as({ username: 'delta', password }), chat, 'delta.reader'), `of ${chat}`)
    await theirs.revoke('delta')

    const notTheirs = await openAccess({ brokers: integrators, sasl: sasl(await loginOf('echo', [chat])) }, 1)
    t.after(notTheirs.close)
    for (const work of [() => notTheirs.add('foxtrot', [chat]), () => notTheirs.list()])
      await assert.rejects(work, { code: 'integrator.not_allowed' })

    // A user of Kafka whom whiply did not make is never touched.
    await assert.rejects(access.add('operator', [chat]), { code: 'integrator.user_exists' })
    await assert.rejects(access.revoke('operator'), { code: 'integrator.unknown' })
    assert.ok((await theirs.list()).length > 0)
  })

  await t.test('a connection that the former password opened ends with its login', async () => {
    const isRefusedNow = () =>
      lasting.listTopics().then(
        () => false,
        () => true,
      )
    await until(isRefusedNow, { timeoutMs: SESSION_MS * 2 })
    // Nor does it come back: for another connection it needs the password.
    assert.ok(await isRefusedNow())
  })

  // Last, since all of it is done now: or the refusals above would say nothing.
  const platform = await askingAs(own, brokers)
  t.after(platform.close)
  for (const [what, attempt] of Object.entries(attempts))
    await t.test(`the platform itself is allowed ${what}`, async () => {
      assert.equal(await isRefused(attempt, platform), false, what)
    })
})

test('on a Kafka that lets everybody do everything nobody is added', async (t) => {
  const access = await openAccess({ brokers: (await testEngines()).brokers }, 1)
  t.after(access.close)
  for (const work of [() => access.add('acme', [chat]), () => access.list()])
    await assert.rejects(work, { code: 'integrator.authorizer_missing' })
})
