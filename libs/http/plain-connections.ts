import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { type PlainAnswer, type PlainAnswers, plainRequestReader } from './plain-request.ts'

export type PlainConnectionOptions = {
  readonly plain: PlainAnswers
  /** Takes a connection for good, with what was read of it and not answered. */
  readonly handOver: (socket: Socket, read: Buffer) => void
  /** Ends a connection that has asked nothing for `firstMs`. */
  readonly refuseSilent: (socket: Socket) => void
  readonly firstMs: number
  /** For how long a connection may rest between requests, as clients are told. */
  readonly keepAliveMs: number
}

export type PlainConnections = {
  readonly accept: (socket: Socket) => void
  /** Ends each connection behind its next answer, and those that rest a moment later. */
  readonly close: () => void
  /** Cuts what is left. */
  readonly destroy: () => void
}

/** So much longer than clients are told a connection rests, so that their last request is not cut; as Node has it. */
const LATE_MS = 1000

/** For so long a connection that rests is not ended: its next request may be on its way, and would find nobody. */
const LAST_MS = 250

/** The time as a header has it, made once a second. */
const dateText = (): (() => string) => {
  let second = 0
  let text = ''
  return () => {
    const now = Date.now()
    if (now >= second && now < second + 1000) return text
    second = now - (now % 1000)
    text = new Date(second).toUTCString()
    return text
  }
}

const fieldLines = (headers: readonly string[]): string => {
  let lines = ''
  for (let index = 0; index < headers.length; index += 2) lines += `${headers[index]}: ${headers[index + 1]}\r\n`
  return lines
}

/**
 * Answers plain requests on the connection itself, at half of what Node's server costs for each; a connection on which
 * anything else comes is handed over for good. Nothing is answered that is not understood as a whole: of what arrives at
 * once it is exactly one request, or not looked at here, so that no bytes can be taken for one here and for another there.
 */
export const plainConnections = (options: PlainConnectionOptions): PlainConnections => {
  const { plain, handOver, refuseSilent, firstMs, keepAliveMs } = options
  const read = plainRequestReader(plain.paths)
  const date = dateText()
  const stays = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n\r\n`
  const resting = new Set<Socket>()
  const busy = new Set<Socket>()
  let isClosing = false

  const textOf = ({ status, headers, body }: PlainAnswer): string =>
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${fieldLines(headers)}Date: ${date()}\r\n` +
    `${isClosing ? 'Connection: close\r\n\r\n' : stays}${body}`

  const accept = (socket: Socket): void => {
    let hasAsked = false

    const send = (answer: PlainAnswer): void => {
      if (!hasAsked) socket.setTimeout(keepAliveMs + LATE_MS)
      hasAsked = true
      const isTaken = socket.write(textOf(answer))
      if (isClosing) socket.destroySoon()
      else if (!isTaken) {
        // Who reads no answers is asked for no more requests.
        socket.pause()
        socket.once('drain', () => socket.resume())
      }
    }

    /** What comes meanwhile stays where it is. */
    const sendLater = async (answering: Promise<PlainAnswer>): Promise<void> => {
      socket.pause()
      resting.delete(socket)
      busy.add(socket)
      const answer = await answering
      // It may have been closed by now.
      if (!busy.delete(socket)) return
      resting.add(socket)
      send(answer)
      if (!isClosing && !socket.writableNeedDrain) socket.resume()
    }

    const onData = (bytes: Buffer): void => {
      const request = read(bytes)
      if (!request) {
        leave()
        handOver(socket, bytes)
        return
      }
      const answer = plain.answer({ ...request, remoteAddress: socket.remoteAddress })
      if (answer instanceof Promise) void sendLater(answer)
      else send(answer)
    }
    const onTimeout = (): void => {
      if (busy.has(socket)) return
      if (hasAsked) socket.destroy()
      else refuseSilent(socket)
    }
    const onEnd = (): void => void socket.end()
    // Node closes what has failed.
    const onError = (): void => {}
    const onClose = (): void => {
      resting.delete(socket)
      busy.delete(socket)
    }
    const leave = (): void => {
      onClose()
      socket.setTimeout(0)
      socket.off('data', onData).off('timeout', onTimeout).off('end', onEnd).off('error', onError).off('close', onClose)
    }

    resting.add(socket)
    socket.setTimeout(firstMs)
    socket.on('data', onData).on('timeout', onTimeout).on('end', onEnd).on('error', onError).on('close', onClose)
  }

  return {
    accept,
    close: () => {
      isClosing = true
      setTimeout(() => {
        for (const socket of resting) socket.destroySoon()
      }, LAST_MS)
    },
    destroy: () => {
      for (const socket of [...resting, ...busy]) socket.destroy()
    },
  }
}
