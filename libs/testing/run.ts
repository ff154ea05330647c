import { globSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { cpus } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type EventData, run } from 'node:test'
import { spec } from 'node:test/reporters'
import { settings } from '#libs/config/settings.ts'
import { readImports } from './arrows.ts'
import { bringTools } from './bring.ts'
import { checks } from './checks.ts'
import { coverageReport, notLoaded } from './coverage.ts'
import { inContainers, TEST_ENGINES } from './engines.ts'
import { inFewProcesses, loadedBy, testsInMemory } from './in-memory.ts'
import { type Findings, observe } from './observe.ts'
import { testsOnEngines } from './on-engines.ts'
import { runFolder, startTestEngines, stopEnginesIn, TEST_FOLDER, type TestEngines } from './shared-engines.ts'
import { giveTurns, TEST_TURNS } from './turns.ts'

/**
 * `npm test`: the checks, and every test against engines of this run's own, with coverage. `npm test -- PATH…` runs the
 * tests below those paths alone. Exit code 1 when anything failed, or with CI=true was skipped.
 *
 * `npm run test:containers`: the tests that stand on engines, with engines from containers. Where no container engine
 * answers it is skipped as a whole, and says so.
 */

const root = dirname(dirname(import.meta.dirname))
/** Of every three files that reach for something outside, about one waits for an engine, a browser or a clock. */
const TURNS_AT_ONCE = Math.min(3, cpus().length + 1)
/** One more than have a turn: room for files in memory, which take what time of the processor the others leave. */
const FILES_AT_ONCE = TURNS_AT_ONCE + 1
/** Of a file's process, so it may wait for its turn in this time. */
const FILE_TIMEOUT_MS = 900_000

/** Coverage below this many percent of lines fails the run. */
const REQUIRED_LINES_PERCENT = 90

const runChecks = async (): Promise<readonly string[]> => {
  const failed: string[] = []
  for (const { name, run: check } of checks) {
    const started = performance.now()
    const { passed, output } = await check(root)
    process.stdout.write(`${passed ? '✔' : '✖'} ${name} (${Math.round(performance.now() - started)}ms)\n`)
    if (passed) continue
    process.stdout.write(`${output.trimEnd()}\n`)
    failed.push(name)
  }
  return failed
}

/** All test files below these paths, from the root, the slow ones first so that none of them is left for the end alone. */
const testFiles = (paths: readonly string[]): readonly string[] =>
  [...new Set(paths.flatMap((path) => globSync([path, `${path}/**/*.test.{ts,js}`], { cwd: root })))]
    .filter((path) => /\.test\.[jt]s$/.test(path) && !path.includes('node_modules'))
    .sort((a, b) => Number(/kafka|drill|browser/.test(b)) - Number(/kafka|drill|browser/.test(a)) || a.localeCompare(b))
    .map((path) => path.split(sep).join('/'))

const covered = ['libs/**/*.ts', 'apps/**/*.ts']
const notCovered = ['**/*.test.ts', '**/*.contract.ts', 'libs/testing/**', 'libs/contracts/generated/**']

const sourceFiles = (): readonly string[] =>
  globSync(covered, { cwd: root, exclude: [...notCovered, '**/public/**'] }).map((path) => path.split(sep).join('/'))

/** The table of coverage, files that no test loads included. @returns undefined after it where it is too little */
const reportCoverage = (summary: EventData.TestCoverage['summary']) => {
  const files = summary.files.map((file) => ({
    path: relative(root, file.path).split(sep).join('/'),
    lines: file.totalLineCount,
    covered: file.coveredLineCount,
  }))
  const loaded = new Set(files.map(({ path }) => path))
  const others = sourceFiles().filter((path) => !loaded.has(path))
  const { percentOfLines, table } = coverageReport([...files, ...others.map(uncovered)])
  return { text: `\ncoverage of lines\n${table}`, enough: percentOfLines >= REQUIRED_LINES_PERCENT }
}

const uncovered = (path: string) => notLoaded(path, readFileSync(join(root, path), 'utf8'))

const runTests = async (files: readonly string[], coverage: boolean): Promise<Findings> => {
  const findings: Findings = { failed: false, skipped: [] }
  const events = run({
    files,
    concurrency: FILES_AT_ONCE,
    timeout: FILE_TIMEOUT_MS,
    execArgv: ['./unfollowed-promises.ts', './wait-for-turn.ts'].flatMap((file) => [
      '--import',
      import.meta.resolve(file),
    ]),
    coverage,
    coverageIncludeGlobs: covered,
    coverageExcludeGlobs: notCovered,
  })
  await pipeline(
    Readable.from(
      observe(events, {
        report: reportCoverage,
        findings,
        loadedBy,
        skipsFail: process.env.CI === 'true',
      }),
    ),
    new spec(),
    process.stdout,
    { end: false },
  )
  return findings
}

/** What a developer has set for their own whiply must not reach the tests'. */
const cleanEnvironment = () => {
  for (const { name } of Object.values(settings)) delete process.env[name]
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --disable-warning=TimeoutNegativeWarning`.trim()
}

let stopContainers = async (): Promise<void> => {}

/** This run's engines: embedded ones in its folder, or containers. */
const startEngines = async (folder: string): Promise<TestEngines> => {
  if (inContainers()) {
    const { engines, stop } = await (await import('./containers.ts')).startContainerEngines()
    stopContainers = stop
    return engines
  }
  const { kafka, postgres } = await startTestEngines(folder)
  return { brokers: kafka.brokers, databaseUrl: postgres.databaseUrl }
}

const everyTest = (): readonly string[] =>
  inContainers() ? testsOnEngines(readImports(root)) : ['libs', 'apps', 'infra', 'bench', 'bin', 'examples']

const main = async (paths: readonly string[]): Promise<void> => {
  cleanEnvironment()
  if (inContainers() && (await (await import('./containers.ts')).containerHost()) === undefined) {
    process.stdout.write(
      '﹣ test:containers # SKIP no container engine answers (DOCKER_HOST, or the socket of Docker)\n',
    )
    return
  }
  const everything = paths.length === 0
  const files = testFiles(everything ? everyTest() : paths)
  const isWhole = everything && !inContainers()
  if (files.length === 0) throw new Error(`no test file below ${paths.join(', ')}`)
  const folder = await runFolder()
  const cleanUp = async () => {
    await stopContainers()
    await stopEnginesIn(folder)
    await rm(folder, { recursive: true, force: true })
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cleanUp().then(() => process.exit(1)))
  const bringAndTest = async () => {
    const imports = readImports(root)
    const [engines] = await Promise.all([startEngines(folder), bringTools(imports, files)])
    process.env[TEST_FOLDER] = folder
    // There are many processes, and most load the same. Coverage is counted by a hair less exactly in what was compiled before.
    process.env.NODE_COMPILE_CACHE = join(folder, 'compile-cache')
    process.env[TEST_ENGINES] = JSON.stringify(engines)
    const turns = await giveTurns(TURNS_AT_ONCE)
    process.env[TEST_TURNS] = String(turns.port)
    try {
      return await runTests(inFewProcesses(root, files, testsInMemory(imports), folder), isWhole)
    } finally {
      turns.close()
    }
  }
  try {
    const [{ failed }, failedChecks] = await Promise.all([bringAndTest(), isWhole ? runChecks() : []])
    if (failedChecks.length > 0) process.stdout.write(`✖ failed checks: ${failedChecks.join(', ')}\n`)
    process.exitCode = failed || failedChecks.length > 0 ? 1 : 0
  } finally {
    await cleanUp()
  }
}

await main(process.argv.slice(2))
