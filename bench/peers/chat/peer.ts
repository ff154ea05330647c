import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Somebody in a channel of a peer. */
export type PeerClient = {
  /** Says something in the channel; the text has neither spaces nor quotes. */
  readonly post: (text: string) => void
  readonly close: () => void
}

export type PeerConnection = {
  readonly port: number
  readonly localAddress: string
  /** A name that nobody else there has, of letters and digits. */
  readonly name: string
  readonly channel: string
  /** Bytes as they come: a text may be cut anywhere. */
  readonly onBytes: (bytes: Buffer) => void
}

/** A server that others chat over, run beside whiply under the same load. None of them decides or keeps anything. */
export type Peer = {
  readonly name: string
  /** Whether a client is sent what it said itself. */
  readonly echoes: boolean
  /** The command that runs it on this port, with files of its own in this folder; undefined where it is not installed. */
  readonly command: (port: number, folder: string) => Promise<readonly string[] | undefined>
  /** Resolves when the client is in its channel. */
  readonly connect: (connection: PeerConnection) => Promise<PeerClient>
}

/** Where a program is: in the path, or where `go install` and Debian's daemons go. */
export const programPath = (name: string): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter), join(process.env.HOME ?? '', 'go/bin'), '/usr/sbin', '/usr/local/sbin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))

export type RunningPeer = { readonly port: number; readonly pid: number; readonly stop: () => Promise<void> }

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/** Runs the peer until it takes connections. @throws when it ends before that */
export const startPeer = async ([program = '', ...args]: readonly string[], port: number): Promise<RunningPeer> => {
  const child: ChildProcess = spawn(program, args, { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`)
    await sleep(50)
  }
  return {
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
