import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '#infra/embedded/engine.ts'
import { readConfig } from '#libs/config/config.ts'
import { testEngines } from '#libs/testing/engines.ts'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'
import { reachEngines } from './reach-engines.ts'

test('an app says what an engine refuses, in one line with its code', async (t) => {
  const { brokers, databaseUrl } = await testEngines()
  const data = await mkdtemp(join(temporaryFolder(), 'whiply-refused-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  const env = {
    ...process.env,
    KAFKA_BROKERS: brokers.join(','),
    DATABASE_URL: Object.assign(new URL(databaseUrl), { password: 'wrong' }).href,
    WHIPLY_DATA: data,
    WHIPLY_MASTER_KEY: randomBytes(32).toString('base64'),
    METRICS_PORT: `${await freePort()}`,
  }
  const script = join(import.meta.dirname, 'main.ts')
  const { code, stderr } = await new Promise<{ readonly code: unknown; readonly stderr: string }>((resolve) =>
    execFile(process.execPath, [script, 'projector'], { env }, (error, _, text) =>
      resolve({ code: error?.code, stderr: text }),
    ),
  )
  assert.equal(code, 1)
  assert.match(stderr, /^ {2}✗ Postgres refuses the login\..*\(postgres\.credentials_refused\)\n$/)
})

test('engines that are not named are not waited for', async () => {
  await reachEngines(readConfig({}))
  const nobody = readConfig({ KAFKA_BROKERS: `127.0.0.1:${await freePort()}` })
  await assert.rejects(reachEngines(nobody, undefined, 200), { code: 'kafka.unreachable' })
})
