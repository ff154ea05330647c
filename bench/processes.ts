import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second, USER_HZ: 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

const statOf = (pid: number): { parent: number; cpuSeconds: number } | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // proc(5): the command's name stands in parentheses and may hold spaces; fields are counted behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(fields[1]), cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond }
  } catch {
    return undefined
  }
}

/** Every process there is. */
export const allProcesses = (): readonly number[] => readdirSync('/proc').map(Number).filter(Number.isInteger)

/** The process and all that descend from it. */
export const processTree = (root: number): readonly number[] => {
  const parents = new Map<number, number>()
  for (const pid of allProcesses()) {
    const stat = statOf(pid)
    if (stat) parents.set(pid, stat.parent)
  }
  const descends = (pid: number): boolean => pid === root || (parents.has(pid) && descends(parents.get(pid) ?? 0))
  return [...parents.keys()].filter(descends)
}

/** CPU seconds, user and system, that the processes have used so far. */
export const cpuSeconds = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + (statOf(pid)?.cpuSeconds ?? 0), 0)

export const residentKib = (pid: number): number => {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(line?.[1] ?? 0)
}

export const commandLine = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
