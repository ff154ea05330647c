import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * `node infra/avro-compatibility/regenerate.ts CASES FIXTURE`: has Java's Avro judge the pairs of schemas that the module
 * CASES exports as `cases`, and writes them to FIXTURE with what it says. Needs Maven and a JDK, 17 or newer.
 */
const [module, fixture] = process.argv.slice(2)
if (module === undefined || fixture === undefined) throw new Error('which cases, and which fixture?')

const folder = mkdtempSync(join(tmpdir(), 'avro-compatibility-'))
try {
  const [asked, judged] = [join(folder, 'asked.json'), join(folder, 'judged.json')]
  const { cases } = await import(pathToFileURL(resolve(module)).href)
  writeFileSync(asked, JSON.stringify(cases))
  const pom = join(import.meta.dirname, 'pom.xml')
  const build = `-DbuildFolder=${join(folder, 'target')}`
  const args = ['-q', '-B', '-f', pom, build, 'compile', 'exec:java', `-Dexec.args=${asked} ${judged}`]
  execFileSync('mvn', args, { stdio: 'inherit' })
  const answers: readonly unknown[] = JSON.parse(readFileSync(judged, 'utf8'))
  writeFileSync(fixture, `[\n${answers.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
