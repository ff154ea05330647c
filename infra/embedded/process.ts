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
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
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
