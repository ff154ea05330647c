import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** kafkajs computes a negative timeout now and then; and what Node calls experimental here, the tests hold to. */
const QUIET = ['--disable-warning=TimeoutNegativeWarning', '--disable-warning=ExperimentalWarning']

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs Node with these arguments in place of this process, as nearly as Node 20 can: terminal shared, signals passed on.
 * (A Ctrl-C reaches the child twice then, from the terminal and from here; the launcher counts them as one.)
 * @returns the exit code, 128 + n for signal n.
 */
export const handOver = (node, args, env) =>
  new Promise((resolve, reject) => {
    const child = spawn(node, [...QUIET, ...args], { stdio: 'inherit', env })
    for (const signal of FORWARDED) process.on(signal, () => child.kill(signal))
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
  })
