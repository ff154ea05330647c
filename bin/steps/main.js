import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBrowser } from './browser.js'
import { handOver } from './hand-over.js'
import { ensureKafkaClasses } from './kafka-classes.js'
import { ensureKafkaJars } from './kafka-jars.js'
import { ensureNode } from './node-runtime.js'
import { ensurePackages } from './packages.js'
import { checkPrerequisites } from './prerequisites.js'
import { PlainError } from './terminal.js'

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** What can be run, and what each needs besides packages and Node: `engines`, and a `browser` for tests. */
const ENTRIES = {
  start: { script: 'apps/whiply/main.ts', args: ['start'], needs: ['engines'] },
  whiply: { script: 'apps/whiply/main.ts', args: [], needs: [] },
  test: { script: 'libs/testing/run.ts', args: [], needs: ['engines', 'browser'] },
  'test:containers': {
    script: 'libs/testing/run.ts',
    args: [],
    needs: ['browser'],
    env: { WHIPLY_TEST_CONTAINERS: '1' },
  },
  bench: { script: 'bench/main.ts', args: [], needs: ['engines'] },
  drill: { script: 'bench/drill/main.ts', args: [], needs: ['engines'] },
  generate: { script: 'libs/testing/generate.ts', args: [], needs: [] },
  ffmpeg: { script: 'libs/testing/ffmpeg-main.ts', args: [], needs: [] },
  canary: { script: 'libs/testing/canary/main.ts', args: [], needs: [] },
  prepare: { script: undefined, args: [], needs: ['engines'] },
}

/** Which needs remain once the arguments and the environment are known: help needs no engine, nor do engines of one's own. */
export const needsOf = (entry, args, env) => {
  const needs = new Set(ENTRIES[entry].needs)
  const starts = entry === 'start' || (entry === 'whiply' && args[0] === 'start')
  const hasBroker = Boolean(env.KAFKA_BROKERS) || args.some((argument) => /^--kafka-brokers(=|$)/.test(argument))
  if (starts) needs.add('engines')
  if (args.includes('--help') || args.includes('-h') || (starts && hasBroker)) needs.delete('engines')
  return needs
}

/** @param {readonly string[]} argv the entry and its arguments; `--yes` allows to install what the system lacks. */
export const main = async (argv) => {
  const [entry = '', ...rest] = argv
  const options = { yes: rest.includes('--yes') || process.env.CI === 'true' }
  const args = rest.filter((argument) => argument !== '--yes')
  try {
    if (!Object.hasOwn(ENTRIES, entry))
      throw new PlainError(`Unknown entry "${entry}". There are: ${Object.keys(ENTRIES).join(', ')}.`)
    const { script, args: first, env: own = {} } = ENTRIES[entry]
    const needs = needsOf(entry, args, process.env)
    const env = { ...process.env, ...own }
    const java = needs.has('engines') ? await checkPrerequisites(ROOT, options) : undefined
    await ensurePackages(ROOT)
    const node = await ensureNode(ROOT)
    if (java !== undefined) {
      await ensureKafkaJars(ROOT)
      await ensureKafkaClasses(ROOT, node, java)
    }
    if (needs.has('browser')) env.CHROMIUM_PATH = (await ensureBrowser(options)) ?? ''
    if (script) process.exitCode = await handOver(node, [join(ROOT, script), ...first, ...args], env)
  } catch (error) {
    if (!(error instanceof PlainError)) throw error
    process.stderr.write(`\n${error.message}\n`)
    process.exitCode = 1
  }
}
