import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

/** The service that whiply is compared with, with both cores to itself. */
export type Peer = {
  readonly port: number
  readonly revoke: (sessionId: string) => Promise<void>
  readonly stop: () => void
}

const source = join(import.meta.dirname, '../peers/auth')

/** Builds the Go service of bench/peers/auth into `folder` and starts it. Rejects where there is no Go. */
export const startPeer = async (folder: string, key: string): Promise<Peer> => {
  const binary = join(folder, 'auth-peer')
  await promisify(execFile)('go', ['build', '-o', binary, '.'], { cwd: source })
  const child = spawn(binary, { env: { ...process.env, PEER_KEY: key }, stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return {
    port: Number(port),
    revoke: async (sessionId) => {
      await fetch(`http://127.0.0.1:${port}/v1/sessions/${sessionId}`, { method: 'DELETE' })
    },
    stop: () => child.kill(),
  }
}
