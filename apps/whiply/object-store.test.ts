import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { freePort } from '#infra/embedded/engine.ts'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'
import { s3Server } from '#libs/testing/versitygw.ts'

const server = await s3Server({ after })

/** The launcher on an object store in S3, which it is expected not to outlive. */
const startOn = async (settings: NodeJS.ProcessEnv) => {
  const data = await mkdtemp(join(temporaryFolder(), 'whiply-object-store-'))
  const names = ['KAFKA_PORT', 'POSTGRES_PORT', 'HTTP_PORT', 'REALTIME_PORT', 'METRICS_PORT', 'SCHEMA_REGISTRY_PORT']
  const ports = await Promise.all(names.map(async (name) => [name, String(await freePort())]))
  const env = {
    ...process.env,
    ...Object.fromEntries(ports),
    IRC_PORT: '0',
    RTMP_PORT: '0',
    INTEGRATORS_PORT: '0',
    WHIPLY_DATA: data,
    OBJECT_STORE: `s3://${server.bucket}`,
    S3_ENDPOINT: server.endpoint,
    S3_ACCESS_KEY_ID: server.accessKeyId,
    S3_SECRET_ACCESS_KEY: server.secretAccessKey,
    ...settings,
  }
  const said = await new Promise<{ readonly code: unknown; readonly stderr: string }>((resolve) => {
    execFile(process.execPath, [join(import.meta.dirname, 'main.ts'), 'start'], { env }, (error, _stdout, stderr) =>
      resolve({ code: error?.code, stderr }),
    )
  })
  const made = await readdir(data)
  await rm(data, { recursive: true, force: true })
  return { ...said, made }
}

const refusals = {
  'wrong credentials': [{ S3_SECRET_ACCESS_KEY: 'wrong' }, /see S3_SECRET_ACCESS_KEY/],
  'a bucket that is not there': [{ OBJECT_STORE: 's3://not-there' }, /s3:\/\/not-there .* no such bucket/],
  'a server that is away': [
    { S3_ENDPOINT: `http://127.0.0.1:${await freePort()}` },
    /does not answer \(ECONNREFUSED\)/,
  ],
} as const

for (const [what, [settings, message]] of Object.entries(refusals))
  test(`on ${what} nothing starts, and one line says why`, async () => {
    const { code, stderr, made } = await startOn(settings)
    assert.equal(code, 1, stderr)
    assert.match(stderr, message)
    assert.doesNotMatch(stderr, /\n +at |whiply-test-secret/)
    for (const engine of ['kafka', 'postgres']) assert.ok(!made.includes(engine), engine)
  })
