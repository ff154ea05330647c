import type { Connection } from './connection.ts'
import { limits } from './limits.ts'
import { SESSION_SOCKET_MS } from './sessions.ts'

/** A connection of whatever protocol, as the heartbeat knows it. */
export type Living = Pick<Connection, 'seenAt' | 'identity' | 'share' | 'ping' | 'close' | 'destroy'>

/** How often a share of the connections is looked at; all of them are within one heartbeat. */
const EVERY_MS = 1000

/**
 * Asks every connection for a sign of life once a heartbeat, a share of them each second, so that there is no surge.
 * One that gave none for two heartbeats is closed, and one that said who it is more than a day ago; who only watches may go on for ever.
 */
export const startHeartbeat = (connections: () => Iterable<Living>, now: () => number): (() => void) => {
  let turn = 0
  const shares = limits.heartbeatMs / EVERY_MS

  const look = (connection: Living, at: number): void => {
    if (at - connection.seenAt > 2 * limits.heartbeatMs + EVERY_MS) connection.destroy('unresponsive')
    else if (at - (connection.identity?.provenAt ?? at) > SESSION_SOCKET_MS)
      connection.close('sessionEnded', 'log in again')
    else connection.ping()
  }

  const timer = setInterval(() => {
    turn = (turn + 1) % shares
    const at = now()
    for (const connection of connections()) if (connection.share % shares === turn) look(connection, at)
  }, EVERY_MS).unref()
  return () => clearInterval(timer)
}
