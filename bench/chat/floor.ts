import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

/**
 * The floor under the chat bench: a bare `ws` server, one process, that numbers posts and fans them out, no more: no log,
 * no rules, no accounts, nothing kept. It speaks the few frames of the native protocol that the load generator uses.
 * `node floor.ts [PORT]`, any that is free by default; prints it on stdout.
 */
const channels = new Map<string, { seq: number; readonly members: WebSocket[] }>()

const join = (name: string, socket: WebSocket) => {
  const channel = channels.get(name) ?? { seq: 0, members: [] }
  channels.set(name, channel)
  channel.members.push(socket)
  socket.send(JSON.stringify({ type: 'joined', channel: name, seq: channel.seq }))
}

const post = (frame: { id: string; channel: string; text: string }) => {
  const channel = channels.get(frame.channel)
  if (!channel) return
  const text = JSON.stringify({
    type: 'event',
    channel: frame.channel,
    seq: ++channel.seq,
    at: Date.now(),
    event: { kind: 'message', id: frame.id, text: frame.text },
  })
  for (const member of channel.members) member.send(text)
}

const server = createServer()
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data))
    if (frame.type === 'join') join(frame.channel, socket)
    else if (frame.type === 'post') post(frame)
  })
  socket.send(JSON.stringify({ type: 'hello' }))
})
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
