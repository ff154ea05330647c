import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import { INSTALL_MS, pythonWith, tool } from '#libs/testing/tools.ts'
import { until } from '#libs/testing/until.ts'
import type { Printed } from './published.fixtures.ts'

const run = promisify(execFile)
const here = import.meta.dirname
const options = { timeout: INSTALL_MS, maxBuffer: 2 ** 26 }

/** The command that an example is started by, once what it needs is there. */
export type Example = { readonly name: string; readonly command: () => Promise<readonly [string, ...string[]]> }

const javaCommand = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java'

export const examples: readonly Example[] = [
  {
    name: 'Python',
    command: async () => [
      await pythonWith(join(here, 'python', 'requirements.txt')),
      join(here, 'python', 'consumer.py'),
    ],
  },
  {
    name: 'Java',
    command: async () => {
      const manifests = ['pom.xml', 'Consumer.java'].map((file) => join(here, 'java', file))
      const folder = await tool('example-java', manifests, async (cwd) => {
        await run('mvn', ['-q', '-B', 'compile', 'dependency:copy-dependencies'], { ...options, cwd })
      })
      const target = join(folder, 'target')
      const classPath = [join(target, 'classes'), join(target, 'dependency', '*')].join(':')
      return [javaCommand, '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', classPath, 'Consumer']
    },
  },
  {
    name: 'Go',
    command: async () => {
      const manifests = ['go.mod', 'go.sum', 'main.go'].map((file) => join(here, 'go', file))
      const folder = await tool('example-go', manifests, async (cwd) => {
        await run('go', ['build', '-o', 'consumer', '.'], { ...options, cwd })
      })
      return [join(folder, 'consumer')]
    },
  },
]

export type Consumer = {
  readonly printed: readonly Printed[]
  /** Waits for so many lines. @throws where the consumer ends before, with what it said */
  readonly until: (count: number) => Promise<void>
  /** Ends it at once, as a crash would. */
  readonly kill: () => Promise<void>
}

export type Wanted = {
  readonly topic: string
  readonly group: string
  readonly since?: string
  readonly env: Readonly<Record<string, string>>
}

/** Starts an example as its README says; it is killed with the test at the latest. */
export const consume = async (
  t: Pick<TestContext, 'after'>,
  { name, command }: Example,
  { topic, group, since, env }: Wanted,
): Promise<Consumer> => {
  const [program, ...args] = await command()
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(program, [...args, topic, group, ...(since ? [since] : [])], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const printed: Printed[] = []
  let unfinished = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    // By hand, since Node's readline ends lines at U+2028 too.
    const lines = `${unfinished}${chunk}`.split('\n')
    unfinished = lines.pop() ?? ''
    for (const line of lines) printed.push(JSON.parse(line))
  })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-4000)
  })
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  t.after(kill)
  return {
    printed,
    until: (count) =>
      until(
        () => {
          if (child.exitCode !== null) throw new Error(`the consumer in ${name} has ended:\n${said}`)
          return printed.length >= count
        },
        { timeoutMs: 60_000, what: `${count} events from the consumer in ${name}` },
      ).catch((error) => {
        throw new Error(`${error.message}: there are ${printed.length}\n${said}`)
      }),
    kill,
  }
}
