import type { Socket } from 'node:net'
import { addressBlock, clientAddress } from '#libs/http/address.ts'

export type DoorwayBounds = {
  readonly connections: number
  /** Of one address, or of the /64 of an IPv6 one. */
  readonly connectionsPerAddress: number
}

/** Counts who is connected, from the first packet on: sockets that say nothing take no more room than this. */
export type Doorway = {
  /** @returns whether it stays: whoever does not is sent away; it leaves by closing */
  readonly enter: (socket: Socket) => boolean
  /** Whoever has this address and port publishes, and is sent away for nobody. */
  readonly admit: (peer: Pick<Socket, 'remoteAddress' | 'remotePort'>) => void
  readonly count: () => number
  readonly closeAll: () => void
}

const plainAddress = clientAddress([])

/** Of TLS there are two sockets for one connection, which have this in common. */
const peerOf = ({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string =>
  `${remoteAddress} ${remotePort}`

/**
 * Where all places are taken, whoever has been there for longest without publishing makes room for the newcomer: an encoder
 * needs a moment to be let in, and so gets in though others open connections for nothing.
 *
 * @param sendAway closes whoever is one too many
 */
export const createDoorway = (bounds: DoorwayBounds, sendAway: (socket: Socket) => void): Doorway => {
  const perBlock = new Map<string, number>()
  const open = new Set<Socket>()
  const strangers = new Map<string, Socket>()

  const makeRoom = (): boolean => {
    if (open.size < bounds.connections) return true
    const [oldest] = strangers
    if (!oldest) return false
    const [peer, socket] = oldest
    strangers.delete(peer)
    sendAway(socket)
    return true
  }

  return {
    enter: (socket) => {
      const block = addressBlock(plainAddress(socket.remoteAddress, undefined))
      const count = perBlock.get(block) ?? 0
      if (count >= bounds.connectionsPerAddress || !makeRoom()) {
        sendAway(socket)
        return false
      }
      const peer = peerOf(socket)
      perBlock.set(block, count + 1)
      open.add(socket)
      strangers.set(peer, socket)
      socket.once('close', () => {
        open.delete(socket)
        if (strangers.get(peer) === socket) strangers.delete(peer)
        const left = (perBlock.get(block) ?? 1) - 1
        if (left > 0) perBlock.set(block, left)
        else perBlock.delete(block)
      })
      return true
    },
    admit: (peer) => void strangers.delete(peerOf(peer)),
    count: () => open.size,
    closeAll: () => {
      for (const socket of open) socket.destroy()
    },
  }
}
