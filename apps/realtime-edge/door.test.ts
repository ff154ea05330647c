import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { clientAddress } from '#libs/http/address.ts'
import { openDoor } from './door.ts'

/**
 * Sends a text over a connection whose own half is never ended, as somebody does who wants to keep the server's sockets
 * busy. Resolves with the answer once a byte more shows that the server has let go; rejects where it holds on for 2 s.
 */
const sendAndHold = (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.write(text))
    const late = setTimeout(() => {
      socket.destroy()
      reject(new Error('the server holds on to the connection'))
    }, 2000)
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    // That the other side is gone is told by the write after the one that found it gone.
    let asking: NodeJS.Timeout | undefined
    socket.on('end', () => {
      asking = setInterval(() => socket.write('.'), 10)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(late)
      clearInterval(asking)
      resolve(answer)
    })
  })

test('a handshake that is refused leaves no socket behind, whatever its client does', async (t) => {
  const door = await openDoor({
    port: 0,
    host: '127.0.0.1',
    origins: new Set(),
    clientAddress: clientAddress([]),
    ready: () => false,
    onArrival: () => assert.fail('nobody may come in'),
    now: Date.now,
  })
  t.after(async () => {
    door.shut()
    await door.empty(0)
  })
  const handshake = (path: string, origin: string) =>
    sendAndHold(
      door.port,
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: ${origin}\r\n\r\n`,
    )
  assert.match(await handshake('/v1/other', 'http://127.0.0.1'), /^HTTP\/1\.1 404 /)
  assert.match(await handshake('/v1/live', 'http://evil.example'), /^HTTP\/1\.1 403 /)
  assert.match(await handshake('/v1/live', 'http://127.0.0.1'), /^HTTP\/1\.1 503 [\s\S]*Retry-After: 1\r\n/)
})

test('who comes from a banned address is refused, whatever proxy hands them on', async (t) => {
  const door = await openDoor({
    port: 0,
    host: '127.0.0.1',
    origins: new Set(),
    clientAddress: clientAddress(['127.0.0.1']),
    ready: () => true,
    isBanned: (address) => address === '203.0.113.7' || address === '2001:db8:0:0::/64',
    onArrival: () => {},
    now: Date.now,
  })
  t.after(async () => {
    door.shut()
    await door.empty(0)
  })
  const handshakeFrom = (address: string) =>
    sendAndHold(
      door.port,
      `GET /v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Forwarded-For: ${address}\r\n\r\n`,
    )
  for (const address of ['203.0.113.7', '2001:db8::1', '198.51.100.1, 203.0.113.7'])
    assert.match(await handshakeFrom(address), /^HTTP\/1\.1 403 /, address)
  // Not banned: it is the rest of the handshake that is missing.
  assert.match(await handshakeFrom('203.0.113.8'), /^HTTP\/1\.1 400 /)
})
