import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * `node infra/avro-compatibility/regenerate.ts FIXTURE`: has Java's Avro judge the pairs of schemas in a fixture anew, in
 * place. Needs Maven and a JDK, 17 or newer.
 */
const [fixture] = process.argv.slice(2)
if (fixture === undefined) throw new Error('which fixture?')

const folder = mkdtempSync(join(tmpdir(), 'avro-compatibility-'))
try {
  const judged = join(folder, 'judged.json')
  const pom = join(import.meta.dirname, 'pom.xml')
  const args = `-Dexec.args=${fixture} ${judged}`
  const build = `-DbuildFolder=${join(folder, 'target')}`
  execFileSync('mvn', ['-q', '-B', '-f', pom, build, 'compile', 'exec:java', args], { stdio: 'inherit' })
  const cases: readonly unknown[] = JSON.parse(readFileSync(judged, 'utf8'))
  writeFileSync(fixture, `[\n${cases.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
