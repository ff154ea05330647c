import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '#infra/embedded/engine.ts'
import { type Config, ConfigError, readConfig } from '#libs/config/config.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { makeAuthority } from '#libs/testing/certificates.ts'
import { collect } from '#libs/testing/collector.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { secureKafka } from '#libs/testing/secure-kafka.ts'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'
import { kafkaConnection, openConfiguredLog } from '../configured-log.ts'
import { reachKafka } from './reach.ts'

const reach = (env: NodeJS.ProcessEnv, withinMs = 20_000): Promise<void> =>
  reachKafka(kafkaConnection(readConfig(env)), { withinMs })

const refused = (env: NodeJS.ProcessEnv, code: string, withinMs?: number) =>
  assert.rejects(reach(env, withinMs), (error: Error & { readonly code?: string }) => {
    assert.equal(error.code, code, error.message)
    assert.ok(error.message.endsWith(`(${code})`), error.message)
    assert.ok(!error.message.includes('horse'), 'a password in an error')
    return true
  })

/** A record goes to Kafka and comes back over what the settings say. */
const roundTrip = async (config: Config, topic: string) => {
  const log = openConfiguredLog(config, 'whiply-secure', createLogger('test', 'silent'))
  try {
    await log.createTopic(topic, { partitions: 1, replication: 1, config: {} })
    const appender = await log.appender()
    await appender.append(topic, 0, [{ key: null, value: Buffer.from('v') }])
    const seen = collect()
    const tail = await log.tail([topic], seen.handlers)
    tail.read(topic, 0, 0)
    await seen.reached(1)
  } finally {
    await log.close()
  }
}

test('Kafka with TLS and logins', { timeout: 180_000 }, async (outer) => {
  const t = inReverse(outer)
  const kafka = await secureKafka(t)
  const folder = await mkdtemp(join(temporaryFolder(), 'whiply-reach-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const stranger = await makeAuthority(join(folder, 'stranger'))
  const client = await kafka.authority.issue('client', { names: 'DNS:client' })
  const tls = { KAFKA_SSL: 'true', KAFKA_SSL_CA: kafka.authority.ca }
  const { username, password } = kafka.user
  const login = (mechanism: string, given = password) => ({
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: given,
  })

  for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512']) {
    await outer.test(`${mechanism} over TLS carries records, and a wrong password is told`, async () => {
      const env = { KAFKA_BROKERS: kafka.login, ...tls, ...login(mechanism) }
      await reach(env)
      await roundTrip(readConfig(env), `secure-${mechanism}`)
      await refused({ ...env, ...login(mechanism, 'wrong horse') }, 'kafka.credentials_refused')
    })
  }

  await outer.test('a certificate of the client is shown where Kafka asks for one', async () => {
    const env = { KAFKA_BROKERS: kafka.mutual, ...tls }
    const shown = { ...env, KAFKA_SSL_CERT: client.cert, KAFKA_SSL_KEY: client.key }
    await reach(shown)
    await roundTrip(readConfig(shown), 'secure-mutual')
    await refused(env, 'kafka.client_certificate_refused')
    const { cert, key } = await stranger.issue('stranger', { names: 'DNS:client' })
    await refused({ ...env, KAFKA_SSL_CERT: cert, KAFKA_SSL_KEY: key }, 'kafka.client_certificate_refused')
  })

  await outer.test('what is wrong with the certificate of Kafka is told apart', async () => {
    await refused({ KAFKA_BROKERS: kafka.login, KAFKA_SSL: 'true', ...login('plain') }, 'kafka.certificate_untrusted')
    await refused({ KAFKA_BROKERS: kafka.other, ...tls, KAFKA_SSL_CA: stranger.ca }, 'kafka.certificate_untrusted')
    await refused({ KAFKA_BROKERS: kafka.expired, ...tls }, 'kafka.certificate_expired')
    await refused({ KAFKA_BROKERS: kafka.other, ...tls }, 'kafka.certificate_of_another')
  })

  await outer.test('TLS or a login that only one side expects is told', async () => {
    await reach({ KAFKA_BROKERS: kafka.open })
    await refused({ KAFKA_BROKERS: kafka.plainLogin }, 'kafka.connection_closed')
    await refused({ KAFKA_BROKERS: kafka.plainLogin, ...tls }, 'kafka.connection_closed')
    await refused({ KAFKA_BROKERS: kafka.login, ...tls }, 'kafka.connection_closed')
  })

  await outer.test('one broker that answers is enough; one that refuses tells more than one that is away', async () => {
    const nobody = `127.0.0.1:${await freePort()}`
    await reach({ KAFKA_BROKERS: `${nobody},${kafka.login}`, ...tls, ...login('plain') })
    await refused({ KAFKA_BROKERS: `${nobody},${kafka.expired}`, ...tls }, 'kafka.certificate_expired')
    await refused({ KAFKA_BROKERS: nobody }, 'kafka.unreachable', 300)
    await refused({ KAFKA_BROKERS: 'kafka.invalid:9092' }, 'kafka.unreachable', 300)
  })

  await outer.test('files that cannot be used are told by their settings', async () => {
    const at = { KAFKA_BROKERS: kafka.login, KAFKA_SSL: 'true' }
    const isConfigError = (pattern: RegExp) => (error: unknown) =>
      error instanceof ConfigError && pattern.test(error.message)
    const connection = (env: NodeJS.ProcessEnv) => () => kafkaConnection(readConfig({ ...at, ...env }))
    assert.throws(
      connection({ KAFKA_SSL_CA: join(folder, 'none.pem') }),
      isConfigError(/KAFKA_SSL_CA .*cannot be read/),
    )
    await writeFile(join(folder, 'odd.pem'), 'odd')
    assert.throws(connection({ KAFKA_SSL_CA: join(folder, 'odd.pem') }), isConfigError(/KAFKA_SSL_CA .*no PEM/))
    const { key } = await stranger.issue('another', { names: 'DNS:client' })
    assert.throws(
      connection({ KAFKA_SSL_CERT: client.cert, KAFKA_SSL_KEY: key }),
      isConfigError(/KAFKA_SSL_CERT, KAFKA_SSL_KEY cannot be used/),
    )
  })
})

test('what is no Kafka at all is told', async (t) => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  await refused({ KAFKA_BROKERS: `127.0.0.1:${port}`, KAFKA_SSL: 'true' }, 'kafka.tls_refused')
})
