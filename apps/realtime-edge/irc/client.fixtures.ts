import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { WebSocket } from 'ws'
import type { Edge } from '../edge.ts'
import type { Framing } from './wire.ts'

/** A client that reads and writes lines as they are. */
export type RawClient = {
  readonly lines: readonly string[]
  readonly send: (...lines: readonly string[]) => void
  /** Sends bytes as they are. */
  readonly raw: (bytes: Uint8Array | string) => void
  /** The next line that matches, behind the one given out last. Rejects after 30 s, or when the connection ends without it. */
  readonly next: (pattern: RegExp) => Promise<string>
  readonly pause: () => void
  readonly resume: () => void
  readonly end: () => void
  /** The close code of a WebSocket, 0 over TCP. */
  readonly closed: Promise<number>
}

const DEADLINE_MS = 30_000

type Network = Pick<RawClient, 'raw' | 'pause' | 'resume' | 'end'>

const overTcp = (port: number, onText: (text: string) => void, onClose: (code: number) => void): Promise<Network> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => onText(String(chunk)))
    socket.once('close', () => onClose(0))
    socket.once('error', reject)
    socket.once('connect', () =>
      resolve({
        raw: (bytes) => socket.write(bytes),
        pause: () => socket.pause(),
        resume: () => socket.resume(),
        end: () => socket.destroy(),
      }),
    )
  })

const overWebSocket = (
  port: number,
  onText: (text: string) => void,
  onClose: (code: number) => void,
  headers: Readonly<Record<string, string>>,
): Promise<Network> =>
  new Promise((resolve, reject) => {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/`, 'irc', { headers })
    ws.on('message', (data) => onText(String(data)))
    ws.once('close', onClose)
    ws.on('error', reject)
    ws.once('open', () =>
      resolve({
        raw: (bytes) => ws.send(bytes),
        pause: () => ws.pause(),
        resume: () => ws.resume(),
        end: () => ws.terminate(),
      }),
    )
  })

/** Connects over either transport; ended after the test. */
export const openClient = async (
  t: Pick<TestContext, 'after'>,
  edge: Pick<Edge, 'port' | 'ircPort'>,
  framing: Framing,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawClient> => {
  const lines: string[] = []
  const looking = new Set<() => void>()
  const closed = Promise.withResolvers<number>()
  let rest = ''
  /** Behind the line that was given out last. */
  let next = 0
  let isClosed = false
  const look = () => {
    for (const one of looking) one()
  }
  const onText = (text: string) => {
    const parts = (rest + text).split('\r\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
    look()
  }
  const onClose = (code: number) => {
    isClosed = true
    closed.resolve(code)
    look()
  }
  const network =
    framing === 'tcp'
      ? await overTcp(edge.ircPort ?? 0, onText, onClose)
      : await overWebSocket(edge.port, onText, onClose, headers)
  t.after(network.end)
  return {
    ...network,
    lines,
    closed: closed.promise,
    // A WebSocket's frames say nothing of lines: sometimes several go in one, as over TCP.
    send: (...sent) => network.raw(sent.map((line) => `${line}\r\n`).join('')),
    next: (pattern) =>
      new Promise((resolve, reject) => {
        const give = (settle: () => void) => {
          looking.delete(search)
          clearTimeout(late)
          settle()
        }
        const fail = (why: string) =>
          give(() => reject(new Error(`${why} without ${pattern}; the last were\n${lines.slice(-8).join('\n')}`)))
        const late = setTimeout(() => fail('30 s went by'), DEADLINE_MS).unref()
        const search = () => {
          const index = lines.findIndex((line, at) => at >= next && pattern.test(line))
          if (index >= 0) {
            next = index + 1
            give(() => resolve(lines[index] ?? ''))
          } else if (isClosed) fail('the connection ended')
        }
        looking.add(search)
        search()
      }),
  }
}

/** The capabilities that a client of the twitch.tv dialect asks for. */
export const dialect = 'CAP REQ :twitch.tv/tags twitch.tv/commands twitch.tv/membership'

/** Connects and registers: by the token of somebody whom the world knows, or to read only. */
export const register = async (
  t: Pick<TestContext, 'after'>,
  edge: Pick<Edge, 'port' | 'ircPort'>,
  token: string | undefined,
  options: { readonly framing?: Framing; readonly caps?: string } = {},
): Promise<RawClient> => {
  const client = await openClient(t, edge, options.framing ?? 'tcp')
  if (options.caps !== undefined) client.send(options.caps)
  client.send(...(token === undefined ? ['NICK justinfan12'] : [`PASS oauth:${token}`, 'NICK whoever']))
  await client.next(/ 376 /)
  return client
}

/** Joins the channel of the world, and waits until it has been told so. */
export const join = async (client: RawClient, name = '#lobby'): Promise<void> => {
  client.send(`JOIN ${name}`)
  await client.next(new RegExp(` 366 \\S+ ${name} `))
}
