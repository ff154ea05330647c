import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readImports, wrongArrows } from './arrows.ts'

/** A check of the checkout as it stands, beside the tests. */
export type Check = { readonly name: string; readonly run: (root: string) => Promise<CheckResult> }

/** What is wrong, as a person reads it; empty when nothing is. */
export type CheckResult = { readonly passed: boolean; readonly output: string }

const command = (program: string, args: readonly string[], root: string): Promise<CheckResult> =>
  new Promise((resolve, reject) => {
    // Tests run meanwhile, and what a check loads is covered by none of them.
    const { NODE_V8_COVERAGE: _, ...env } = process.env
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', reject)
    child.once('close', (code) => resolve({ passed: code === 0, output }))
  })

const script = (path: string, ...args: readonly string[]) => ({
  run: (root: string) => command(process.execPath, [join(root, path), ...args], root),
})

const generator = 'libs/testing/generate.ts'

export const checks: readonly Check[] = [
  // Tests run meanwhile: side by side the compiler's threads would take half as much again.
  { name: 'types', ...script('node_modules/typescript/bin/tsc', '--noEmit', '--singleThreaded') },
  { name: 'lint and format', ...script('node_modules/@biomejs/biome/bin/biome', 'check', '.') },
  {
    name: 'direction of imports',
    run: async (root) => {
      const wrong = wrongArrows(readImports(root)).map(({ from, to, rule }) => `${from} → ${to}\n    ${rule}\n`)
      return { passed: wrong.length === 0, output: wrong.join('') }
    },
  },
  {
    name: 'generated files are current',
    run: async (root) =>
      existsSync(join(root, generator)) ? script(generator, '--check').run(root) : { passed: true, output: '' },
  },
]
