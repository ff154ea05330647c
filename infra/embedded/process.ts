import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Whether a process of this id lives (and is no zombie that waits for its parent to look). */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readProc(pid, 'status'))
  } catch {
    return false
  }
}

/** The command line of a living process, its parts joined by spaces; undefined where it cannot be known. */
export const commandLineOf = (pid: number): string | undefined => {
  if (!isAlive(pid)) return undefined
  const fromProc = readProc(pid, 'cmdline').replaceAll('\0', ' ').trim()
  if (fromProc !== '' || process.platform === 'linux') return fromProc || undefined
  return askPs(pid, 'command=')
}

/**
 * When a living process was started, in whatever way the system tells it: with the id it names one process for good.
 * Undefined for one that has ended, and where the system does not tell.
 */
export const startTimeOf = (pid: number): string | undefined => {
  if (process.platform !== 'linux') return isAlive(pid) ? askPs(pid, 'lstart=') : undefined
  const stat = readProc(pid, 'stat')
  // proc(5): the command's name stands in parentheses and may hold spaces; the state follows it, and 19 fields on the
  // start in ticks since the machine's.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? undefined : fields[19]
}

const askPs = (pid: number, column: string): string | undefined => {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}

const readProc = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

/** Ends a process that is nobody's child here: by the signal, and by force after the grace. */
export const stopProcess = async (pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> => {
  const deadline = Date.now() + graceMs
  let sent: NodeJS.Signals | undefined
  while (isAlive(pid)) {
    const next = Date.now() < deadline ? signal : 'SIGKILL'
    if (next !== sent) process.kill(pid, next)
    sent = next
    await sleep(25)
  }
}
