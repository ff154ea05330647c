import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

/** A post in the few frames of the native protocol that the load generator uses. */
export type Post = { readonly id: string; readonly channel: string; readonly text: string }

export type FanOut = {
  /** Numbers a post, and sends it to everybody in its channel. */
  readonly deliver: (post: Post) => void
}

/**
 * A bare `ws` server, no more: nothing is checked and nothing kept. `onPost` is told of each post as it came; the port, any
 * that is free by default, is printed on stdout once it listens.
 */
export const serveFanOut = (onPost: (post: Post, bytes: Buffer) => void, port = 0): FanOut => {
  const channels = new Map<string, { seq: number; readonly members: WebSocket[] }>()

  const join = (name: string, socket: WebSocket) => {
    const channel = channels.get(name) ?? { seq: 0, members: [] }
    channels.set(name, channel)
    channel.members.push(socket)
    socket.send(JSON.stringify({ type: 'joined', channel: name, seq: channel.seq }))
  }

  const server = createServer()
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
    socket.on('message', (bytes: Buffer) => {
      const frame = JSON.parse(String(bytes))
      if (frame.type === 'join') join(frame.channel, socket)
      else if (frame.type === 'post') onPost(frame, bytes)
    })
    socket.send(JSON.stringify({ type: 'hello' }))
  })
  server.listen(port, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))

  return {
    deliver: ({ id, channel: name, text }) => {
      const channel = channels.get(name)
      if (!channel) return
      const event = { kind: 'message', id, text }
      const frame = JSON.stringify({ type: 'event', channel: name, seq: ++channel.seq, at: Date.now(), event })
      for (const member of channel.members) member.send(frame)
    },
  }
}
