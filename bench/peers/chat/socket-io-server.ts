import { Server } from 'socket.io'

/** `node socket-io-server.ts PORT`: rooms in which what one says goes to all. */
const io = new Server(Number(process.argv[2]), { transports: ['websocket'], perMessageDeflate: false })
io.on('connection', (socket) => {
  socket.on('join', async (channel: string) => {
    await socket.join(channel)
    socket.emit('joined')
  })
  socket.on('post', (channel: string, text: string) => io.to(channel).emit('post', text))
})
