import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { asEnvironment, type Config } from '#libs/config/config.ts'
import { until } from '#libs/testing/until.ts'

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  )

/** An ingest app in a process of its own, which a test may kill; resolves once it serves. */
export const spawnIngest = async (t: Pick<TestContext, 'after'>, config: Config): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../whiply/main.ts'), 'ingest'], {
    env: { ...process.env, ...asEnvironment(config) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  await until(() => answers(`http://127.0.0.1:${config.mediaPort}/`))
  return child
}
