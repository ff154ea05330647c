import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { freePort } from '#infra/embedded/engine.ts'
import { ConfigError, readConfig } from '#libs/config/config.ts'
import { apps } from './apps.ts'
import { appPorts, assertPortsDiffer, assertPortsFree, kafkaPorts, postgresPorts, type WantedPort } from './ports.ts'

const wanted = (env: NodeJS.ProcessEnv, processes = apps.length): readonly WantedPort[] => {
  const config = readConfig(env)
  return [...kafkaPorts(config), ...postgresPorts(config), ...appPorts(apps, config, processes)]
}

const refused = (env: NodeJS.ProcessEnv, message: RegExp, processes?: number): void =>
  assert.throws(
    () => assertPortsDiffer(wanted(env, processes)),
    (error) => error instanceof ConfigError && message.test(error.message),
  )

test('the usual ports do not contradict each other, in one process and in many', () => {
  assertPortsDiffer(wanted({}))
  assertPortsDiffer(wanted({}, 1))
})

test('any two settings that take one port are refused, by the names of both', () => {
  refused({ HTTP_PORT: '8081' }, /HTTP_PORT and REALTIME_PORT both take port 8081/)
  refused({ KAFKA_PORT: '15432' }, /KAFKA_PORT and POSTGRES_PORT both take port 15432/)
  refused({ INTEGRATORS_PORT: '19092' }, /KAFKA_PORT and INTEGRATORS_PORT both take port 19092/)
  assertPortsDiffer(wanted({ INTEGRATORS_PORT: '0' }))
  refused({ METRICS_PORT: '8080' }, /HTTP_PORT and METRICS_PORT both take port 8080/, 1)
})

test('metrics ports above the first count too, where each app has a process', () => {
  const env = { KAFKA_PORT: '9092' }
  refused(env, /KAFKA_PORT and METRICS_PORT \(9090, and as far as 9092 with --processes\) both take port 9092/)
  assertPortsDiffer(wanted(env, 1))
  refused({ METRICS_PORT: '65534' }, /METRICS_PORT .* is beyond the last port there is, 65535/)
})

test('everything that contradicts is told at once', () => {
  refused({ HTTP_PORT: '8081', POSTGRES_PORT: '9093' }, /REALTIME_PORT.*\n.*POSTGRES_PORT and METRICS_PORT/)
})

test('the port of an engine that runs elsewhere is nobody’s', () => {
  assertPortsDiffer(wanted({ KAFKA_PORT: '9092', KAFKA_BROKERS: 'kafka:9092' }))
  assertPortsDiffer(wanted({ POSTGRES_PORT: '8080', DATABASE_URL: 'postgres://db/whiply' }))
})

test('a port that is given up in time is waited for, and another is told by its setting', async () => {
  const config = readConfig({ METRICS_PORT: String(await freePort()) })
  const ports = appPorts([], config, 1)
  const server = createServer().listen(config.metricsPort, '127.0.0.1')
  await assert.rejects(assertPortsFree(ports, 0), /METRICS_PORT=/)
  const waiting = assertPortsFree(ports, 60_000)
  server.close()
  await waiting
})
