import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls'
import { type ConnectionBounds, serveEncoder } from './connection.ts'
import { createDoorway, type DoorwayBounds } from './doorway.ts'
import type { Admit } from './publisher.ts'

/** Certificate and key, as PEM. */
export type Tls = { readonly cert: Buffer; readonly key: Buffer }

export type RtmpListenerOptions = {
  readonly host: string
  /** 0 for any. */
  readonly port: number
  /** RTMPS. */
  readonly tls?: Tls
  readonly admit: Admit
  readonly bounds: ConnectionBounds & DoorwayBounds
  readonly onError: (error: Error, address: string) => void
  /** How many connections were closed since there were too many: told once a second while it goes on. */
  readonly onSurplus: (connections: number) => void
}

export type RtmpListener = {
  readonly port: number
  readonly connections: () => number
  /** Shows these to whoever connects from here on; of no effect without TLS. */
  readonly renewTls: (tls: Tls) => void
  /** Takes nobody new, and cuts who is there. */
  readonly close: () => Promise<void>
}

const SURPLUS_MS = 1_000

/** Gathers what happens often, and tells of it by sums. */
const gathered = (tell: (count: number) => void, everyMs: number) => {
  let count = 0
  return (): void => {
    count++
    if (count > 1) return
    setTimeout(() => {
      tell(count)
      count = 0
    }, everyMs).unref()
  }
}

/** Takes encoders in. Who is one too many is closed before anything is read, and before TLS. */
export const listenRtmp = async (options: RtmpListenerOptions): Promise<RtmpListener> => {
  const { bounds, tls, onError } = options
  const surplus = gathered(options.onSurplus, SURPLUS_MS)
  const doorway = createDoorway(bounds, (socket) => {
    socket.destroy()
    surplus()
  })

  const enter = (socket: Socket): boolean => {
    // What breaks a socket ends the reading of it, where it is told.
    socket.on('error', () => {})
    return doorway.enter(socket)
  }

  const serve = async (socket: Socket): Promise<void> => {
    const address = socket.remoteAddress ?? ''
    const admit: Admit = async (request, cut) => {
      const admission = await options.admit(request, cut)
      if ('intake' in admission) doorway.admit(socket)
      return admission
    }
    try {
      const error = await serveEncoder(socket, address, admit, bounds)
      if (error) onError(error, address)
    } catch (error) {
      onError(error as Error, address)
      socket.destroy()
    }
  }

  const secureServer = (given: Tls): TlsServer => {
    const secured = createTlsServer({ ...given, handshakeTimeout: bounds.admissionMs })
    secured.on('connection', enter)
    secured.on('secureConnection', (socket) => {
      socket.on('error', () => {})
      void serve(socket)
    })
    secured.on('tlsClientError', (error: Error & { readonly code?: string }, socket: TLSSocket) => {
      // Who went, or was closed, before TLS stood is nobody to tell of.
      if (error.code !== 'ECONNRESET') onError(error, socket.remoteAddress ?? '')
      // Nobody else ends a socket whose handshake has failed, or takes too long.
      socket.destroy()
    })
    return secured
  }

  const secured = tls && secureServer(tls)
  const server: Server =
    secured ??
    createServer((socket) => {
      if (enter(socket)) void serve(socket)
    })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    connections: doorway.count,
    renewTls: (given) => secured?.setSecureContext(given),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      doorway.closeAll()
      await closed
    },
  }
}
