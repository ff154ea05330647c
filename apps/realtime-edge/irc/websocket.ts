import type { Socket } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import type { Upgrade } from '../door.ts'
import { CLOSE_MS, lineLimits } from './bounds.ts'
import type { Wire } from './wire.ts'

const SUBPROTOCOL = 'irc'

/** Takes handshakes of IRC: with the subprotocol `irc`, which is answered, or with none at all. */
export const ircHandshakes = (onSocket: (ws: WebSocket, upgrade: Upgrade) => void) => {
  const handshakes = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: lineLimits.tagsBytes + lineLimits.bodyBytes,
    closeTimeout: CLOSE_MS,
    handleProtocols: (offered: ReadonlySet<string>) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  } as ConstructorParameters<typeof WebSocketServer>[0])
  return (upgrade: Upgrade): void =>
    handshakes.handleUpgrade(upgrade.request, upgrade.socket, upgrade.head, (ws) => onSocket(ws, upgrade))
}

/**
 * A WebSocket as a wire. Frames go to the TCP socket as finished bytes, as native connections write theirs: `ws` writes
 * each of its own frames whole within one call, so the two do not cut into one another.
 */
export const webSocketWire = (ws: WebSocket, socket: Socket): Wire => {
  const isOpen = () => ws.readyState === WebSocket.OPEN
  // What breaks a connection closes it, and the close is what counts.
  ws.on('error', () => {})
  return {
    framing: 'websocket',
    write: (bytes) => {
      if (isOpen()) socket.write(bytes)
    },
    waitingBytes: () => socket.writableLength,
    pause: () => ws.pause(),
    resume: () => ws.resume(),
    end: (code) => ws.close(code),
    cut: () => ws.terminate(),
    gone: new Promise((resolve) => ws.once('close', () => resolve())),
  }
}
