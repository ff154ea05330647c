import { connect, type Socket } from 'node:net'

/** What one player has seen. */
export type Watched = { parts: number; bytes: number; late: number; missing: number }

type Answer = { readonly status: number; readonly body: Buffer; readonly bytes: number }

/** A part that comes later than this after it was told of has held a player up. */
const LATE_MS = 1_000

/** One connection that asks one thing at a time; of what is no text only the length is looked at. */
const client = (socket: Socket, host: string) => {
  let head: Buffer = Buffer.alloc(0)
  let left = -1
  let status = 0
  let body: Buffer[] = []
  let keeps = false
  let bytes = 0
  let pending: ((answer: Answer) => void) | undefined

  const end = (): void => {
    const answered = pending
    pending = undefined
    left = -1
    answered?.({ status, body: Buffer.concat(body), bytes })
  }

  const take = (chunk: Buffer): void => {
    if (left < 0) {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      const at = head.indexOf('\r\n\r\n')
      if (at < 0) return
      const text = head.toString('latin1', 0, at)
      status = Number(text.slice(9, 12))
      left = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
      bytes = left
      body = []
      const rest = head.subarray(at + 4)
      head = Buffer.alloc(0)
      if (left === 0) end()
      else if (rest.length > 0) take(rest)
      return
    }
    left -= chunk.length
    if (keeps) body.push(chunk)
    if (left <= 0) end()
  }
  socket.on('data', take)

  return (path: string, keep: boolean): Promise<Answer> => {
    keeps = keep
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    return new Promise((resolve) => {
      pending = resolve
    })
  }
}

const partName = /#EXT-X-PART:[^\n]*URI="((\d+)\.(\d+)\.m4s)"/g
const hinted = /PRELOAD-HINT:TYPE=PART,URI="(\d+)\.(\d+)\.m4s"/

/** Plays as a low-latency player does: waits for each part by its number, then fetches it. */
export const watch = async (port: number, base: string, watched: Watched, signal: AbortSignal): Promise<void> => {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  socket.on('error', () => {})
  signal.addEventListener('abort', () => socket.destroy())
  const get = client(socket, `127.0.0.1:${port}`)
  let playlist = (await get(`${base}/source.m3u8`, true)).body.toString('latin1')
  let [sequence, part] = (hinted.exec(playlist) ?? []).slice(1).map(Number)
  while (!signal.aborted && sequence !== undefined && part !== undefined) {
    const waited = await get(`${base}/source.m3u8?_HLS_msn=${sequence}&_HLS_part=${part}`, true)
    if (waited.status !== 200) {
      watched.missing++
      continue
    }
    const toldAt = performance.now()
    playlist = waited.body.toString('latin1')
    for (const [, name = '', ofSegment, index] of playlist.matchAll(partName)) {
      if (Number(ofSegment) < sequence || (Number(ofSegment) === sequence && Number(index) < part)) continue
      const { status, bytes } = await get(`${base}/${name}`, false)
      if (status !== 200) watched.missing++
      else watched.parts++
      watched.bytes += bytes
    }
    if (performance.now() - toldAt > LATE_MS) watched.late++
    ;[sequence, part] = (hinted.exec(playlist) ?? []).slice(1).map(Number)
  }
}
