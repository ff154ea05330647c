import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type MetricsSource = { readonly getMetricsRequestHandler: (request: IncomingMessage, response: ServerResponse) => void }

let metricsSource: MetricsSource | undefined

/** Called by `startTelemetry`: what `/metrics` answers with. */
export const servePrometheus = (source: MetricsSource): void => {
  metricsSource = source
}

export type OpsServer = { readonly port: number; readonly close: () => Promise<void> }

/**
 * What an operator asks a process: `/healthz` (it lives), `/readyz` (it can serve: 200 or 503), `/metrics`
 * (Prometheus text). On loopback unless told otherwise.
 */
export const startOpsServer = (options: {
  readonly port: number
  readonly host?: string
  readonly ready: () => boolean | Promise<boolean>
}): Promise<OpsServer> => {
  const server = createServer(async (request, response) => {
    const answer = (status: number, text: string) =>
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(text)
    switch (request.url) {
      case '/healthz':
        return answer(200, 'ok\n')
      case '/readyz': {
        const ready = await Promise.resolve()
          .then(options.ready)
          .catch(() => false)
        return ready ? answer(200, 'ready\n') : answer(503, 'not ready\n')
      }
      case '/metrics':
        return metricsSource
          ? metricsSource.getMetricsRequestHandler(request, response)
          : answer(503, 'telemetry has not been started\n')
      default:
        return answer(404, 'not found\n')
    }
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host ?? '127.0.0.1', () => {
      server.off('error', reject)
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            server.closeAllConnections()
          }),
      })
    })
  })
}
