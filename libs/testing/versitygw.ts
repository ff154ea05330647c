import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Engine, freePort, spawnEngine, untilReady } from '#infra/embedded/engine.ts'
import type { S3Bucket } from '#libs/journal/objects/s3/bucket.ts'
import { temporaryFolder } from './shared-engines.ts'
import { INSTALL_MS, tool } from './tools.ts'

/** An S3 server for tests: Versity's gateway over a folder, brought by Go's own tool and kept in the checkout. */

const VERSION = '1.8.0'
const MODULE = `github.com/versity/versitygw/cmd/versitygw@v${VERSION}`

const build = async (folder: string): Promise<void> => {
  try {
    const env = { ...process.env, GOBIN: folder, GOFLAGS: '-trimpath' }
    await promisify(execFile)('go', ['install', MODULE], { env, timeout: INSTALL_MS, maxBuffer: 2 ** 26 })
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const remedy = isMissing ? 'Install Go 1.24 or newer (https://go.dev/dl, or apt-get install golang-go). ' : ''
    throw new Error(`${remedy}The tests of S3 run against a server that is built by: go install ${MODULE}`, {
      cause: error,
    })
  }
}

/** The path of the program, built where it is not there. */
export const versitygw = async (): Promise<string> => join(await tool(`versitygw-${VERSION}`, [], build), 'versitygw')

export type S3Server = S3Bucket & {
  /** Beside `bucket`, which is there from the beginning. */
  readonly port: number
  /** Ends the server without a goodbye; its objects stay. */
  readonly kill: () => Promise<void>
  readonly start: () => Promise<void>
}

const answers = async (endpoint: string): Promise<void> => {
  await fetch(endpoint, { signal: AbortSignal.timeout(1_000) })
}

/** A server for one test, with one empty bucket; it ends with the test, and so do its objects. */
export const s3Server = async (t: { readonly after: (end: () => Promise<void>) => void }): Promise<S3Server> => {
  const command = await versitygw()
  const data = await mkdtemp(join(temporaryFolder(), 'whiply-s3-'))
  const [port, bucket] = [await freePort(), 'whiply-test']
  const endpoint = `http://127.0.0.1:${port}`
  const credentials = { accessKeyId: 'whiply-test-key', secretAccessKey: 'whiply-test-secret' }
  await mkdir(join(data, 'root', bucket), { recursive: true })
  await mkdir(join(data, 'meta'))
  const logFile = join(data, 'log')
  const launch = async (): Promise<Engine> => {
    const engine = spawnEngine({
      name: 'S3',
      command,
      args: [
        ...['--access', credentials.accessKeyId, '--secret', credentials.secretAccessKey],
        ...['--port', `127.0.0.1:${port}`, '--quiet', '--keep-alive'],
        ...['posix', '--sidecar', join(data, 'meta'), join(data, 'root')],
      ],
      identity: [VERSION],
      dataDir: data,
      logFile,
      stopSignal: 'SIGTERM',
      stopGraceMs: 2_000,
    })
    await untilReady(engine, { logFile, timeoutMs: 20_000, probe: () => answers(endpoint) })
    return engine
  }
  let engine = await launch()
  const kill = async (): Promise<void> => {
    process.kill(engine.pid, 'SIGKILL')
    await engine.exited
  }
  t.after(async () => {
    await kill().catch(() => {})
    await rm(data, { recursive: true, force: true })
  })
  return {
    ...credentials,
    endpoint,
    region: 'us-east-1',
    bucket,
    prefix: '',
    pathStyle: true,
    port,
    kill,
    start: async () => {
      engine = await launch()
    },
  }
}
