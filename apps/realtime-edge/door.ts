import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { addressBlock, type ClientAddress } from '#libs/http/address.ts'
import { type AddressCounts, createAddressCounts } from './addresses.ts'
import { Connection } from './connection.ts'
import { limits } from './limits.ts'
import { originAllowed } from './origin.ts'

/** A client that has come in: its connection, and what the session needs of the handshake. */
export type Arrival = {
  readonly connection: Connection
  readonly ws: WebSocket
  readonly cookie: string | undefined
}

/** A handshake that may go on: its origin was looked at, and its address has room for another connection. */
export type Upgrade = {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  readonly address: string
}

export type DoorOptions = {
  readonly port: number
  readonly host?: string | undefined
  readonly origins: ReadonlySet<string>
  readonly clientAddress: ClientAddress
  /** Whether clients may come in; until then they are told to come again. */
  readonly ready: () => boolean
  readonly onArrival: (arrival: Arrival) => void
  /** Whether an address, or its /64, may not come in. */
  readonly isBanned?: ((address: string) => boolean) | undefined
  /** Other protocols by their path. */
  readonly others?: Readonly<Record<string, (upgrade: Upgrade) => void>>
  /** Connections by address, over every protocol. */
  readonly addresses?: AddressCounts
  readonly now: () => number
}

export type Door = {
  readonly port: number
  readonly connections: ReadonlySet<Connection>
  /** Lets nobody in any more. */
  readonly shut: () => void
  /** Resolves when the last connection has gone; those that have not by then are ended. */
  readonly empty: (withinMs: number) => Promise<void>
}

/** Once the answer is written the socket is let go: a client that never ends its own half would hold it otherwise. */
const refuse = (socket: Duplex, status: number, headers = ''): void => {
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n${headers}\r\n`)
}

/** Seconds in which a client has to send its handshake, and to answer a close frame. */
const HANDSHAKE_MS = 10_000
const CLOSE_MS = 3000

/** The port of live connections: handshakes at `/v1/live`, checked by origin and counted by address. */
export const openDoor = async (options: DoorOptions): Promise<Door> => {
  const {
    origins,
    clientAddress,
    ready,
    onArrival,
    others = {},
    addresses = createAddressCounts(),
    isBanned = () => false,
    now,
  } = options
  const connections = new Set<Connection>()
  let shut = false

  const server = createServer({ requestTimeout: HANDSHAKE_MS, headersTimeout: HANDSHAKE_MS }, (request, response) => {
    const live = request.url?.split('?')[0] === '/v1/live'
    response.writeHead(live ? 426 : 404, live ? { connection: 'Upgrade', upgrade: 'websocket' } : {}).end()
  })
  const handshakes = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.questionBytes,
    closeTimeout: CLOSE_MS,
  } as ConstructorParameters<typeof WebSocketServer>[0])

  const arrive = (ws: WebSocket, request: IncomingMessage, socket: Duplex, address: string): void => {
    const connection = new Connection(ws, socket as Socket, randomBytes(8).toString('hex'), address, now())
    connections.add(connection)
    addresses.add(address)
    ws.on('close', () => {
      connections.delete(connection)
      addresses.remove(address)
    })
    // What breaks a connection closes it, and the close is what counts.
    ws.on('error', () => {})
    ws.on('pong', () => {
      connection.seenAt = now()
    })
    onArrival({ connection, ws, cookie: request.headers.cookie })
  }

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const path = request.url?.split('?')[0] ?? ''
    const other = Object.hasOwn(others, path) ? others[path] : undefined
    if (path !== '/v1/live' && !other) return refuse(socket, 404)
    if (!originAllowed(request.headers.origin, request.headers.host, origins)) return refuse(socket, 403)
    if (shut || !ready()) return refuse(socket, 503, 'Retry-After: 1\r\n')
    const forwarded = request.headers['x-forwarded-for']
    const address = addressBlock(
      clientAddress(request.socket.remoteAddress, Array.isArray(forwarded) ? forwarded.join(',') : forwarded),
    )
    if (isBanned(address)) return refuse(socket, 403)
    if (addresses.isFull(address)) return refuse(socket, 429, 'Retry-After: 60\r\n')
    if (other) return other({ request, socket, head, address })
    handshakes.handleUpgrade(request, socket, head, (ws) => arrive(ws, request, socket, address))
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: options.port, ...(options.host && { host: options.host }), backlog: 4096 }, resolve)
  })

  return {
    port: (server.address() as AddressInfo).port,
    connections,
    shut: () => {
      shut = true
      server.close()
      server.closeIdleConnections()
    },
    empty: async (withinMs) => {
      const gone = [...connections].map((connection) => connection.gone)
      const late = setTimeout(() => {
        for (const connection of connections) connection.destroy('goingAway')
      }, withinMs)
      await Promise.all(gone)
      clearTimeout(late)
      server.closeAllConnections()
    },
  }
}
