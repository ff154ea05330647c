import type { TestContext } from 'node:test'
import { WebSocket } from 'ws'
import type { ClientFrame } from '#libs/protocols/native/client-frames.ts'
import { type ServerFrame, type ServerFrameOf, serverFrameSchema } from '#libs/protocols/native/server-frames.ts'

/** A live client for tests. What it receives must be a frame of the protocol, or the test fails. */
export type TestSocket = {
  readonly frames: readonly ServerFrame[]
  readonly send: (frame: ClientFrame) => void
  /** Sends whatever is given. */
  readonly raw: (data: string | Buffer) => void
  /** The next frame of the type, and for which `matches` holds, that was not given out before. Rejects after 5 s. */
  readonly next: <Type extends ServerFrame['type']>(
    type: Type,
    matches?: (frame: ServerFrameOf<Type>) => boolean,
  ) => Promise<ServerFrameOf<Type>>
  /** The numbers of the channel's public lane in the order in which they came: events, skips and gaps. */
  readonly numbers: (channel: string) => readonly number[]
  /** Stops reading, as a client does whose line is full. */
  readonly pause: () => void
  readonly resume: () => void
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  readonly close: () => Promise<void>
}

export type TestSocketOptions = { readonly headers?: Readonly<Record<string, string>> }

const DEADLINE_MS = 5000

const numbersOf = (frame: ServerFrame, channel: string): readonly number[] => {
  if (frame.type === 'event' && frame.channel === channel) return [frame.seq]
  const isRange = frame.type === 'skip' || (frame.type === 'gap' && frame.lane === 'public')
  if (!isRange || frame.channel !== channel) return []
  return Array.from({ length: frame.to - frame.from + 1 }, (_, index) => frame.from + index)
}

/** Opens a socket; it is closed after the test. Rejects where the handshake is refused. */
export const openSocket = async (
  t: Pick<TestContext, 'after'>,
  port: number,
  options: TestSocketOptions = {},
): Promise<TestSocket> => {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/v1/live`, {
    perMessageDeflate: false,
    headers: { ...options.headers },
  })
  const frames: ServerFrame[] = []
  const taken = new Set<ServerFrame>()
  const waiting = new Set<() => void>()
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  )
  ws.on('message', (data) => {
    frames.push(serverFrameSchema.parse(JSON.parse(data.toString())))
    for (const look of waiting) look()
  })
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve)
    ws.once('error', reject)
  })
  ws.on('error', () => {})
  const close = async () => {
    ws.close()
    const late = setTimeout(() => ws.terminate(), 1000)
    await closed
    clearTimeout(late)
  }
  t.after(close)
  return {
    frames,
    send: (frame) => ws.send(JSON.stringify(frame)),
    raw: (data) => ws.send(data),
    next: (type, matches = () => true) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(look)
          reject(new Error(`no ${type} came; the last were ${JSON.stringify(frames.slice(-5))}`))
        }, DEADLINE_MS).unref()
        const look = () => {
          for (const frame of frames) {
            const wanted = frame as ServerFrameOf<typeof type>
            if (frame.type !== type || taken.has(frame) || !matches(wanted)) continue
            taken.add(frame)
            waiting.delete(look)
            clearTimeout(late)
            resolve(wanted)
            return
          }
        }
        waiting.add(look)
        look()
      }),
    numbers: (channel) => frames.flatMap((frame) => numbersOf(frame, channel)),
    pause: () => ws.pause(),
    resume: () => ws.resume(),
    closed,
    close,
  }
}
