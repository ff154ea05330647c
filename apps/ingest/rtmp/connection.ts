import type { Socket } from 'node:net'
import { MediaError } from '#libs/media/media-error.ts'
import { RtmpError } from '#libs/protocols/rtmp/rtmp-error.ts'
import { createServerSession, type SessionEvent } from '#libs/protocols/rtmp/server-session.ts'
import type { Admit, Intake, PublishEnd, Refused } from './publisher.ts'

export type ConnectionBounds = {
  /** From the connection to an accepted publish. */
  readonly admissionMs: number
  /** Without a byte, once publishing. */
  readonly silenceMs: number
  readonly messageBytes: number
  readonly chunkStreams: number
  /** What waits to be sent to a peer that does not read. */
  readonly unsentBytes: number
}

/** What enhanced encoders are told that they may send. */
const fourCcs = ['avc1', 'mp4a']

/** How long a refused encoder has to read why, before it is cut. */
const FAREWELL_MS = 250

/** An end that is no failure of ours: a broken socket, or what the peer sent. */
const isTheirs = (error: unknown): boolean =>
  error instanceof RtmpError || error instanceof MediaError || (error as NodeJS.ErrnoException).code !== undefined

/**
 * Serves one encoder until it ends. One reader pulls the socket, so an admission or an intake that takes its time holds
 * the encoder back rather than filling memory.
 * @returns what went wrong, undefined where nothing did
 */
export const serveEncoder = async (
  socket: Socket,
  address: string,
  admit: Admit,
  bounds: ConnectionBounds,
): Promise<Error | undefined> => {
  const session = createServerSession({ limits: bounds, fourCcs, nowMs: () => Math.round(performance.now()) })
  let intake: Intake | undefined
  let why: PublishEnd | undefined
  let wrong: Refused | undefined

  /** What ended it first is why it ended. */
  const because = (reason: PublishEnd): void => {
    why ??= reason
  }

  const send = (bytes: Buffer): void => {
    socket.write(bytes)
    if (socket.writableLength > bounds.unsentBytes) socket.destroy()
  }

  const refuse = (reason: string): void => {
    if (socket.destroyed) return
    send(session.refuse(reason))
    socket.end()
    setTimeout(() => socket.destroy(), FAREWELL_MS).unref()
  }

  const cut = (reason: string): void => {
    because('stopped')
    refuse(reason)
  }

  const late = setTimeout(
    () => socket.destroy(new RtmpError('rtmp.too_late', `nothing was published within ${bounds.admissionMs} ms`)),
    bounds.admissionMs,
  )
  socket.on('timeout', () => {
    because('silent')
    socket.destroy()
  })
  socket.setNoDelay(true)

  const publish = async (request: SessionEvent & { type: 'publish' }): Promise<boolean> => {
    const admission = await admit({ app: request.app, name: request.name, encoder: request.encoder, address }, cut)
    if ('refused' in admission) {
      refuse(admission.refused)
      return false
    }
    intake = admission.intake
    if (socket.destroyed) return false
    clearTimeout(late)
    socket.setTimeout(bounds.silenceMs)
    send(session.accept())
    return true
  }

  const take = ({ type, payload, timeMs }: SessionEvent & { type: 'audio' | 'video' }): true | Promise<true> => {
    const taken = intake?.[type](payload, timeMs)
    return taken ? taken.then(() => true) : true
  }

  /** @returns whether more is wanted; what need not wait does not, since there are thousands of messages a second */
  const handle = (event: SessionEvent): boolean | Promise<boolean> => {
    switch (event.type) {
      case 'send':
        send(event.bytes)
        return true
      case 'publish':
        return publish(event)
      case 'metadata':
        intake?.metadata(event.values)
        return true
      case 'audio':
      case 'video':
        return take(event)
      case 'unpublish':
        because('unpublished')
        return false
    }
  }

  const read = async (): Promise<void> => {
    for await (const bytes of socket)
      for (const event of session.push(bytes as Buffer)) {
        const goesOn = handle(event)
        if (!(goesOn === true || (await goesOn))) return
      }
  }

  try {
    await read()
    return undefined
  } catch (error) {
    if (why !== undefined) return undefined
    if (!isTheirs(error)) throw error
    wrong = error instanceof MediaError || error instanceof RtmpError ? error : undefined
    because(wrong ? 'refused' : 'closed')
    if (error instanceof MediaError) refuse(error.message)
    return error as Error
  } finally {
    clearTimeout(late)
    intake?.end(why ?? 'closed', wrong)
    if (!socket.writableEnded) socket.end()
  }
}
