import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { type ConnectionBounds, serveEncoder } from './connection.ts'
import type { Admit } from './publisher.ts'

export type RtmpListenerOptions = {
  readonly host: string
  /** 0 for any. */
  readonly port: number
  /** RTMPS: certificate and key, as PEM. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer }
  readonly admit: Admit
  readonly bounds: ConnectionBounds & { readonly connections: number; readonly connectionsPerAddress: number }
  readonly onError: (error: Error, address: string) => void
}

export type RtmpListener = {
  readonly port: number
  readonly connections: () => number
  /** Takes nobody new, and cuts who is there. */
  readonly close: () => Promise<void>
}

/** Takes encoders in. Who comes beyond a bound is closed at once, before anything is read. */
export const listenRtmp = async (options: RtmpListenerOptions): Promise<RtmpListener> => {
  const { bounds, admit, onError } = options
  const perAddress = new Map<string, number>()
  const open = new Set<Socket>()

  const enter = (address: string): boolean => {
    const count = perAddress.get(address) ?? 0
    if (open.size >= bounds.connections || count >= bounds.connectionsPerAddress) return false
    perAddress.set(address, count + 1)
    return true
  }

  const leave = (address: string): void => {
    const count = (perAddress.get(address) ?? 1) - 1
    if (count > 0) perAddress.set(address, count)
    else perAddress.delete(address)
  }

  const serve = async (socket: Socket): Promise<void> => {
    const address = socket.remoteAddress ?? ''
    // What breaks a socket ends the reading of it, where it is told.
    socket.on('error', () => {})
    if (!enter(address)) {
      socket.destroy()
      return
    }
    open.add(socket)
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    try {
      const error = await serveEncoder(socket, address, admit, bounds)
      if (error) onError(error, address)
    } catch (error) {
      onError(error as Error, address)
      socket.destroy()
    }
    await closed
    open.delete(socket)
    leave(address)
  }

  const server: Server = options.tls ? createTlsServer(options.tls) : createServer()
  server.on(options.tls ? 'secureConnection' : 'connection', (socket: Socket) => void serve(socket))
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
    connections: () => open.size,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
