import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline/promises'

/** An error that a person can act upon: its message is shown alone, without a stack. */
export class PlainError extends Error {}

/** Back to the beginning of the line, which is emptied. */
const CLEAR = process.stderr.isTTY ? '\r\u001b[K' : ''

/** Runs a command quietly, with one line that says what is done and how long it took; its output is shown if it fails. */
export const work = async (label, command, args, options = {}) => {
  const started = Date.now()
  if (process.stderr.isTTY) process.stderr.write(`  … ${label}`)
  const { code, output } = await collect(command, args, options)
  if (code !== 0) {
    process.stderr.write(`${CLEAR}  ✗ ${label}\n`)
    throw new PlainError(`${[command, ...args].join(' ')} failed (exit code ${code}):\n${gist(output)}`)
  }
  process.stderr.write(`${CLEAR}  ✓ ${label} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`)
}

/** What a failed command said, without warnings and the usage that follows: the reason stands at the beginning. */
export const gist = (output) => {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !/^npm warn|^npm error\s*$/.test(line))
  return [...lines.slice(0, 15), ...(lines.length > 15 ? ['…'] : [])].join('\n')
}

/** @returns the exit code (127 when there is no such command) and all that it wrote. */
export const collect = (command, args, options = {}) =>
  new Promise((resolve) => {
    // npm and mvn are scripts on Windows, which only a shell runs.
    const shell = process.platform === 'win32'
    const child = spawn(command, args, { ...options, shell, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk) => {
      output += chunk
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', (error) => resolve({ code: 127, output: error.message }))
    child.once('close', (code) => resolve({ code, output }))
  })

/** A question with yes or no; no where nobody can answer. */
export const confirm = async (question) => {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`${question} [y/N] `)
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}
