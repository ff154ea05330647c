import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

/** Stands between a browser and the edge, as a proxy before it does. */
export type HeldAnswers = {
  readonly url: string
  /**
   * The next answer to this path stays on its way: the edge has given it, and nobody has seen it. Resolves once that is so.
   * @returns lets it go on
   */
  readonly hold: (path: string) => Promise<() => void>
}

type Held = { readonly given: (letGo: () => void) => void }

/** Starts such a proxy before a port of this machine; it ends with the test. */
export const heldAnswers = async (t: Pick<TestContext, 'after'>, target: () => number): Promise<HeldAnswers> => {
  const held = new Map<string, Held>()

  const letPass = (path: string): Promise<void> | undefined => {
    const waiting = held.get(path)
    held.delete(path)
    return waiting && new Promise((resolve) => waiting.given(resolve))
  }

  const server = createServer(async (asked, answer) => {
    const { method, url: path = '', headers } = asked
    const upstream = request({ host: '127.0.0.1', port: target(), method, path, headers })
    upstream.once('error', () => answer.destroy())
    asked.pipe(upstream)
    const [response] = (await once(upstream, 'response')) as [IncomingMessage]
    await letPass(path)
    answer.writeHead(response.statusCode ?? 502, response.rawHeaders)
    response.pipe(answer)
  }).listen(0, 'localhost')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    hold: (path) => new Promise((given) => held.set(path, { given })),
  }
}
