import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

/**
 * What becomes of one HTTP request on its way: it passes; it is refused with 503, or its connection is reset, before the
 * server has seen it; the server has done it, and the answer is lost, or cut in its middle.
 */
export type Manner = 'pass' | 'unavailable' | 'reset' | 'lose' | 'cut'

export type UnrulyProxy = {
  readonly endpoint: string
  /** How many requests met each manner. */
  readonly counts: () => Readonly<Partial<Record<Manner, number>>>
}

type Answer = { readonly response: IncomingMessage; readonly body: Buffer }

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const handOn = async (asked: IncomingMessage, port: number): Promise<Answer> => {
  const body = await bodyOf(asked)
  const { method, url: path, headers } = asked
  const upstream = request({ host: '127.0.0.1', port, method, path, headers, agent: false }).end(body)
  const [response] = (await once(upstream, 'response')) as [IncomingMessage]
  return { response, body: await bodyOf(response) }
}

/** Stands before an HTTP server of this machine, and deals with each request as a test says; it ends with the test. */
export const unrulyProxy = async (
  t: Pick<TestContext, 'after'>,
  port: number,
  mannerOf: (request: IncomingMessage) => Manner,
): Promise<UnrulyProxy> => {
  const counts: Partial<Record<Manner, number>> = {}

  const deal = async (manner: Manner, asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    if (manner === 'reset') return void asked.socket.resetAndDestroy()
    if (manner === 'unavailable') return void answer.writeHead(503).end('<Error><Code>SlowDown</Code></Error>')
    const { response, body } = await handOn(asked, port)
    if (manner === 'lose') return void asked.socket.resetAndDestroy()
    const { statusCode = 500, rawHeaders } = response
    answer.writeHead(statusCode, rawHeaders)
    if (manner === 'pass') answer.end(body)
    else answer.write(body.subarray(0, body.length / 2), () => asked.socket.resetAndDestroy())
  }

  const server = createServer((asked, answer) => {
    const manner = mannerOf(asked)
    counts[manner] = (counts[manner] ?? 0) + 1
    deal(manner, asked, answer).catch(() => answer.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, counts: () => counts }
}

/** Every other request passes, and those between meet each other manner in turn, so that tries of one request succeed. */
export const everyOther = (): (() => Manner) => {
  const others: readonly Manner[] = ['unavailable', 'reset', 'lose', 'cut']
  let count = 0
  return () => (count++ % 2 === 0 ? (others[(count >> 1) % others.length] ?? 'pass') : 'pass')
}
