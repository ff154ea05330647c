import { type LoadSocket, openLoadSocket } from '../load/websocket.ts'
import { type ClientBooks, clientBooks, type PostBooks, type Tally } from './ledger.ts'

export type CrowdOptions = {
  readonly port: number
  readonly path: string
  /** Channel ids, each with `audience` clients, of whom those with a token may post. */
  readonly channels: readonly { readonly id: string; readonly tokens: readonly string[] }[]
  readonly audience: number
}

/** Two thousand people in channels, on sockets that stay open over all phases. */
export type Crowd = {
  readonly tally: Tally
  /** Sends a post from the next of the channel's talkers. */
  readonly post: (channelIndex: number, id: string, text: string) => void
  /** Where deliveries of the running phase are booked. */
  readonly book: (books: PostBooks) => void
  /** Numbers that some client never saw. */
  readonly lost: () => number
  readonly rejections: ReadonlyMap<string, number>
  readonly close: () => void
}

type Frame = {
  readonly type: string
  readonly channel?: string
  readonly seq?: number
  readonly from?: number
  readonly to?: number
  readonly status?: string
  readonly code?: string
  readonly event?: { readonly kind: string; readonly text?: string }
}

/** Every post's text begins with its number. */
export const postText = (post: number, bytes: number): string => `${post}:`.padEnd(bytes, 'x')
const postNumber = (text: string): number => Number(text.slice(0, text.indexOf(':')))

/** All clients of a channel get the same bytes, so a frame is parsed once for all of them. */
const parseOnce = () => {
  const recent: { bytes: Buffer; frame: Frame }[] = []
  let oldest = 0
  return (payload: Buffer): Frame => {
    for (const { bytes, frame } of recent) if (bytes.equals(payload)) return frame
    const entry = { bytes: Buffer.from(payload), frame: JSON.parse(payload.toString('utf8')) as Frame }
    recent[oldest] = entry
    oldest = (oldest + 1) % 32
    return entry.frame
  }
}

export const openCrowd = async (options: CrowdOptions): Promise<Crowd> => {
  const tally: Tally = { deliveries: 0, duplicated: 0, outOfOrder: 0, gapFrames: 0, rejected: 0, closes: 0 }
  const rejections = new Map<string, number>()
  const everyBooks: ClientBooks[] = []
  const talkers: LoadSocket[][] = []
  const sockets: LoadSocket[] = []
  let books: PostBooks | undefined
  let closing = false

  const openClient = async (channelIndex: number, clientIndex: number, parse: (payload: Buffer) => Frame) => {
    const channel = options.channels[channelIndex]
    if (!channel) throw new Error(`no channel ${channelIndex}`)
    const token = channel.tokens[clientIndex]
    const lane = clientBooks(tally)
    everyBooks.push(lane)
    const joined = Promise.withResolvers<void>()
    const onText = (payload: Buffer) => {
      const frame = parse(payload)
      switch (frame.type) {
        case 'event':
          if (frame.seq === undefined) return
          lane.take(frame.seq)
          tally.deliveries++
          if (frame.event?.kind === 'message' && frame.event.text) {
            books?.delivered(postNumber(frame.event.text), performance.now())
          }
          return
        case 'skip':
          for (let seq = frame.from ?? frame.seq ?? 0; seq <= (frame.to ?? frame.seq ?? -1); seq++) lane.take(seq)
          return
        case 'gap':
          tally.gapFrames++
          return
        case 'outcome':
          if (frame.status === 'accepted') return
          tally.rejected++
          rejections.set(frame.code ?? 'pending', (rejections.get(frame.code ?? 'pending') ?? 0) + 1)
          return
        case 'joined':
          joined.resolve()
          return
        case 'error':
          joined.reject(new Error(`${frame.code}: ${payload}`))
          return
      }
    }
    const socket = await openLoadSocket({
      port: options.port,
      path: options.path,
      localAddress: `127.0.${1 + channelIndex}.${1 + (clientIndex % 250)}`,
      onText,
      onClose: () => {
        if (!closing) tally.closes++
      },
    })
    sockets.push(socket)
    if (token) {
      socket.send(JSON.stringify({ type: 'auth', token }))
      const talkersHere = talkers[channelIndex] ?? []
      talkers[channelIndex] = [...talkersHere, socket]
    }
    socket.send(JSON.stringify({ type: 'join', channel: channel.id }))
    await joined.promise
  }

  const next = options.channels.map(() => 0)
  for (const [channelIndex] of options.channels.entries()) {
    const parse = parseOnce()
    await Promise.all(Array.from({ length: options.audience }, (_, index) => openClient(channelIndex, index, parse)))
  }
  return {
    tally,
    rejections,
    post: (channelIndex, id, text) => {
      const here = talkers[channelIndex] ?? []
      const turn = next[channelIndex] ?? 0
      next[channelIndex] = turn + 1
      here[turn % here.length]?.send(
        JSON.stringify({ type: 'post', id, channel: options.channels[channelIndex]?.id, text }),
      )
    },
    book: (running) => {
      books = running
    },
    lost: () => everyBooks.reduce((sum, lane) => sum + lane.lost(), 0),
    close: () => {
      closing = true
      for (const socket of sockets) socket.close()
    },
  }
}
