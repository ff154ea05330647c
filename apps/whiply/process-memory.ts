import type { AppName } from '#libs/config/setting.ts'

/** How the process of an app is to keep memory, since by itself it would keep far more than it uses. */
export type ProcessMemory = {
  readonly nodeArguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

const MIB = 1_048_576

/**
 * The edge of the API hashes passwords, 19 MiB each, two at once on four threads: each thread's arena (malloc(3)) would
 * keep what it once had, so all share one, which keeps as much as two need and no more. Its garbage is short-lived:
 * a young generation of half the usual size is swept twice as often, and no slower.
 */
const httpEdge: ProcessMemory = {
  nodeArguments: ['--max-semi-space-size=8'],
  environment: {
    MALLOC_ARENA_MAX: '1',
    MALLOC_MMAP_THRESHOLD_: String(32 * MIB),
    MALLOC_TRIM_THRESHOLD_: String(64 * MIB),
  },
}

const asItIs: ProcessMemory = { nodeArguments: [], environment: {} }

export const memoryOf = (app: AppName): ProcessMemory => (app === 'http-edge' ? httpEdge : asItIs)
