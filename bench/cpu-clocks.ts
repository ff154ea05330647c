import { cpuSeconds } from './processes.ts'
import { type Role, type RunningWhiply, roles } from './whiply.ts'

/** Reads the CPU clocks of all processes there are now. Finding them takes long; reading them delays nothing. */
export const cpuClocks = (whiply: RunningWhiply): (() => ReadonlyMap<Role, number>) => {
  // Postgres is a family of processes.
  const pids = new Map(roles.map((role) => [role, whiply.pidsOf(role)]))
  return () => new Map([...pids].map(([role, ofRole]) => [role, cpuSeconds(ofRole)]))
}
