import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import { freePort, spawnEngine, untilReady } from '#infra/embedded/engine.ts'
import { classFlags } from '#infra/embedded/kafka-classes.ts'
import { type Authority, keyStore, makeAuthority } from './certificates.ts'
import { temporaryFolder } from './shared-engines.ts'

/** A broker that only speaks to whom it trusts, at an address for each way in. */
export type SecureKafka = {
  readonly authority: Authority
  readonly user: { readonly username: string; readonly password: string }
  /** TLS and a login: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512. */
  readonly login: string
  /** A login without TLS. */
  readonly plainLogin: string
  /** Neither TLS nor a login. */
  readonly open: string
  /** TLS that asks for the client's certificate. */
  readonly mutual: string
  /** TLS with a certificate that has expired. */
  readonly expired: string
  /** TLS with a certificate for another name. */
  readonly other: string
}

const jars = join(import.meta.dirname, '..', '..', 'infra', 'embedded', 'kafka', '*')
const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java'
const flags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dlog4j2.level=WARN', '-cp', jars]

const user = { username: 'whiply', password: 'correct horse' }
const module = (name: string) => `org.apache.kafka.common.security.${name} required`

const names = ['LOGIN', 'PLAINLOGIN', 'MUTUAL', 'EXPIRED', 'OTHER', 'INTERNAL', 'CONTROLLER'] as const
type Listener = (typeof names)[number]

const protocols: Readonly<Record<Listener, string>> = {
  LOGIN: 'SASL_SSL',
  PLAINLOGIN: 'SASL_PLAINTEXT',
  MUTUAL: 'SSL',
  EXPIRED: 'SSL',
  OTHER: 'SSL',
  INTERNAL: 'PLAINTEXT',
  CONTROLLER: 'PLAINTEXT',
}

const withLogin = (listener: Listener): Readonly<Record<string, string>> => {
  const of = `listener.name.${listener.toLowerCase()}`
  return {
    [`${of}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    [`${of}.plain.sasl.jaas.config`]: `${module('plain.PlainLoginModule')} user_${user.username}="${user.password}";`,
    [`${of}.scram-sha-256.sasl.jaas.config`]: `${module('scram.ScramLoginModule')};`,
    [`${of}.scram-sha-512.sasl.jaas.config`]: `${module('scram.ScramLoginModule')};`,
  }
}

const withTls = (listener: Listener, store: string): Readonly<Record<string, string>> => ({
  [`listener.name.${listener.toLowerCase()}.ssl.keystore.type`]: 'PEM',
  [`listener.name.${listener.toLowerCase()}.ssl.keystore.location`]: store,
})

const properties = async (authority: Authority, ports: ReadonlyMap<Listener, number>, data: string) => {
  const here = 'DNS:localhost,IP:127.0.0.1'
  const good = await keyStore(await authority.issue('broker', { names: here }))
  const expired = await keyStore(await authority.issue('expired', { names: here, expired: true }))
  const other = await keyStore(await authority.issue('other', { names: 'DNS:kafka.example' }))
  const at = (host: string, some: readonly Listener[]) =>
    some.map((name) => `${name}://${host}:${ports.get(name)}`).join(',')
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports.get('CONTROLLER')}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'INTERNAL',
    listeners: at('127.0.0.1', names),
    'advertised.listeners': at(
      'localhost',
      names.filter((name) => name !== 'CONTROLLER'),
    ),
    'listener.security.protocol.map': names.map((name) => `${name}:${protocols[name]}`).join(','),
    'log.dirs': data,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    ...withLogin('LOGIN'),
    ...withLogin('PLAINLOGIN'),
    ...withTls('LOGIN', good),
    ...withTls('MUTUAL', good),
    'listener.name.mutual.ssl.client.auth': 'required',
    'listener.name.mutual.ssl.truststore.type': 'PEM',
    'listener.name.mutual.ssl.truststore.location': authority.ca,
    ...withTls('EXPIRED', expired),
    ...withTls('OTHER', other),
  }
}

const answers = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
  })

/** Settings by which nobody may do anything without a right to it, but for who comes by `open`. */
export const withRights = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS',
} as const

/** Starts one for this test, with further settings; killed and removed after it. */
export const secureKafka = async (
  t: Pick<TestContext, 'after'>,
  further: Readonly<Record<string, string>> = {},
): Promise<SecureKafka> => {
  const dataDir = await mkdtemp(join(temporaryFolder(), 'whiply-secure-kafka-'))
  t.after(() => rm(dataDir, { recursive: true, force: true }))
  const authority = await makeAuthority(join(dataDir, 'certificates'))
  const ports = new Map<Listener, number>()
  for (const name of names) ports.set(name, await freePort())
  const file = join(dataDir, 'server.properties')
  await mkdir(join(dataDir, 'log'))
  const settings = { ...(await properties(authority, ports, join(dataDir, 'log'))), ...further }
  await writeFile(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  const scram = [256, 512].flatMap((bits) => [
    '--add-scram',
    `SCRAM-SHA-${bits}=[name=${user.username},password=${user.password}]`,
  ])
  const format = ['format', '--cluster-id', 'c2VjdXJlLXRlc3RzLTEyMw', '--config', file, ...scram]
  await promisify(execFile)(java, [...classFlags(), ...flags, 'kafka.tools.StorageTool', ...format])
  const logFile = join(dataDir, 'kafka.log')
  const engine = spawnEngine({
    name: 'Kafka with TLS',
    command: java,
    startArgs: classFlags(),
    args: [...flags, 'kafka.Kafka', file],
    identity: [],
    dataDir,
    logFile,
    stopSignal: 'SIGTERM',
    stopGraceMs: 0,
  })
  t.after(() => engine.stop())
  await untilReady(engine, { logFile, timeoutMs: 60_000, probe: () => answers(ports.get('OTHER') ?? 0) })
  const address = (name: Listener) => `localhost:${ports.get(name)}`
  return {
    authority,
    user,
    login: address('LOGIN'),
    plainLogin: address('PLAINLOGIN'),
    open: address('INTERNAL'),
    mutual: address('MUTUAL'),
    expired: address('EXPIRED'),
    other: address('OTHER'),
  }
}
