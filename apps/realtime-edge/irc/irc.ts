import { randomBytes } from 'node:crypto'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { addressBlock, type ClientAddress } from '#libs/http/address.ts'
import type { RateLimiter } from '#libs/http/rate-limit.ts'
import type { AddressCounts } from '../addresses.ts'
import type { Upgrade } from '../door.ts'
import type { PresenceTable } from '../presence/table.ts'
import type { Rooms } from '../rooms.ts'
import type { Authentication } from '../session.ts'
import type { Sessions } from '../sessions.ts'
import { createAsking } from './asking.ts'
import { REGISTRATION_MS } from './bounds.ts'
import { createChannels } from './channels.ts'
import { IrcConnection } from './connection.ts'
import { createIrcIntake } from './intake.ts'
import { createMembership } from './membership.ts'
import { createPeople, type Names } from './people.ts'
import { createRegistration } from './registration.ts'
import { serverName } from './replies.ts'
import { createIrcSession } from './session.ts'
import { createShares } from './share.ts'
import { createTalking, type TalkingOptions } from './talking.ts'
import { tcpWire } from './tcp.ts'
import { createWhoIsThere } from './there.ts'
import { ircHandshakes, webSocketWire } from './websocket.ts'
import { createIrcWhispers, type IrcWhispersOptions } from './whispers.ts'
import type { Wire } from './wire.ts'

/** What the operator and the app choose. */
export type IrcOptions = {
  /** Of the plain TCP listener; without it there is none, and IRC is spoken over WebSocket alone. */
  readonly port?: number | undefined
  readonly names: Names
  /** How long a client may take to say who it is; 30 s by default. */
  readonly registrationMs?: number
}

/** What the edge shares with it. */
export type IrcEdge = {
  readonly host?: string | undefined
  readonly clientAddress: ClientAddress
  readonly addresses: AddressCounts
  /** Whether an address, or its /64, may not come in. */
  readonly isBanned?: ((address: string) => boolean) | undefined
  readonly ready: () => boolean
  readonly rooms: Rooms
  readonly sessions: Sessions
  readonly authentication: Authentication
  readonly post: TalkingOptions['post']
  readonly whisper: IrcWhispersOptions['whisper']
  readonly lanes: IrcWhispersOptions['lanes']
  readonly table: PresenceTable
  readonly limiter: RateLimiter
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

/** The door of IRC, over both transports. */
export type Irc = {
  /** Of the TCP listener; undefined where there is none. */
  readonly port: number | undefined
  readonly connections: ReadonlySet<IrcConnection>
  /** A handshake at the path of IRC. */
  readonly upgrade: (upgrade: Upgrade) => void
  /** Tells who has come and gone; to be called about once a second. */
  readonly tick: () => void
  /** The account was erased. */
  readonly forget: (accountId: string) => void
  /** Lets nobody in any more, and tells everybody to come back elsewhere. */
  readonly shut: () => void
  /** Resolves when the last connection has gone; those that have not by then are ended. */
  readonly empty: (withinMs: number) => Promise<void>
}

const listen = async (server: Server, port: number, host: string | undefined): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, ...(host && { host }), backlog: 4096 }, resolve)
  })
  return (server.address() as AddressInfo).port
}

export const openIrc = async (edge: IrcEdge, options: IrcOptions): Promise<Irc> => {
  const { addresses, sessions, limiter, onError, now } = edge
  const { names, registrationMs = REGISTRATION_MS } = options
  const connections = new Set<IrcConnection>()
  let shut = false

  const people = createPeople(names, { onError, now })
  const shares = createShares(people)
  const membership = createMembership({ table: edge.table, people })
  const whoIsThere = createWhoIsThere({ table: edge.table, people })
  const channels = createChannels({ ...edge, names, shares, membership, whoIsThere })
  const asking = createAsking({ table: edge.table, whoIsThere })
  const whispers = createIrcWhispers({ ...edge, names, people })
  const talk = createTalking({ names, post: edge.post, whispers, onError, now })

  /** @returns what takes the bytes that come in */
  const welcome = (wire: Wire, address: string): ((chunk: Uint8Array) => void) => {
    const connection = new IrcConnection(wire, randomBytes(8).toString('hex'), address, now())
    const registration = createRegistration(connection, {
      authentication: edge.authentication,
      sessions,
      people,
      onAdmitted: () => whispers.follow(connection),
      onError,
    })
    connections.add(connection)
    addresses.add(address)
    const late = setTimeout(() => {
      if (!registration.isDone()) connection.close('policy', 'Registration timed out')
    }, registrationMs).unref()
    void wire.gone.then(() => {
      clearTimeout(late)
      connection.open = false
      connections.delete(connection)
      addresses.remove(address)
      channels.leaveAll(connection)
      whispers.leave(connection)
      sessions.remove(connection)
    })
    return createIrcIntake({
      connection,
      handle: createIrcSession({ connection, registration, channels, asking, talk }),
      limiter,
      onError,
      now,
    })
  }

  const onSocket = (socket: Socket): void => {
    const wire = tcpWire(socket)
    const address = addressBlock(edge.clientAddress(socket.remoteAddress, undefined))
    if (edge.isBanned?.(address)) {
      socket.end('ERROR :Closing link: your address is banned\r\n')
      socket.once('finish', () => socket.destroy())
      return
    }
    if (shut || !edge.ready() || addresses.isFull(address)) {
      socket.end(`ERROR :Closing link: ${addresses.isFull(address) ? 'too many connections' : 'come back later'}\r\n`)
      socket.once('finish', () => socket.destroy())
      return
    }
    const take = welcome(wire, address)
    socket.on('data', take)
  }

  const server = options.port === undefined ? undefined : createServer(onSocket)
  const port = server && (await listen(server, options.port ?? 0, edge.host))

  const upgrade = ircHandshakes((ws, { socket, address }) => {
    const take = welcome(webSocketWire(ws, socket as Socket), address)
    // A frame ends a line, whether it says so or not.
    ws.on('message', (data) => take(Buffer.concat([data as Buffer, Buffer.from('\n')])))
  })

  return {
    port,
    connections,
    upgrade,
    tick: () => {
      for (const room of edge.rooms.all()) {
        const share = shares.known(room)
        if (share) void membership.tell(share)
      }
    },
    forget: people.forget,
    shut: () => {
      shut = true
      server?.close()
      for (const connection of connections)
        if (connection.face.commands) connection.send({ source: serverName(connection.face), command: 'RECONNECT' })
    },
    empty: async (withinMs) => {
      for (const connection of connections) connection.close('goingAway', 'come back, this server is restarting')
      const late = setTimeout(() => {
        for (const connection of connections) connection.wire.cut()
      }, withinMs)
      await Promise.all([...connections].map(({ gone }) => gone))
      clearTimeout(late)
    },
  }
}
