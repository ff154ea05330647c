import { connect, isIP, type Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { connect as connectTls } from 'node:tls'
import { Kafka, type LogEntry, type logCreator, logLevel, type SASLOptions } from 'kafkajs'
import type { SocketFactory } from './internals.ts'
import type { ClientLog, KafkaSettings } from './options.ts'

/** What a client of kafkajs takes from the settings, in its own words. */

const levels = { [logLevel.ERROR]: 'warn', [logLevel.WARN]: 'warn', [logLevel.INFO]: 'info' } as const

/**
 * What kafkajs calls an error is handled by the adapter: it tries again, or rejects. So operators are only warned, and of
 * a single request that a broker refused they hear by what the adapter makes of it.
 */
export const logCreatorOf =
  (log: ClientLog): logCreator =>
  () =>
  ({ namespace, level, log: { message, timestamp: _, logger: __, stack: ___, ...fields } }: LogEntry) =>
    log(levelOf(level, namespace), `kafka: ${message}`, { namespace, ...fields })

const levelOf = (level: number, namespace: string) =>
  namespace === 'Connection' ? 'debug' : (levels[level as keyof typeof levels] ?? 'debug')

export const tlsOf = ({ tls }: KafkaSettings): ConnectionOptions | undefined => (tls === true ? {} : tls)

export const saslOf = ({ sasl }: KafkaSettings): SASLOptions | undefined => sasl && { ...sasl }

/** Opens sockets that do not wait for more to send, and remembers them, so that all can be dropped at once. */
export const trackedSockets = (): { readonly open: SocketFactory; readonly destroyAll: () => void } => {
  const sockets = new Set<Socket>()
  return {
    open: ({ host, port, ssl, onConnect }) => {
      const socket = ssl
        ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }), ...ssl }, onConnect)
        : connect({ host, port }, onConnect)
      socket.setNoDelay(true)
      socket.setKeepAlive(true, 60_000)
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      return socket
    },
    destroyAll: () => {
      // With an error, since kafkajs answers the requests under way only then; a plain close it would not notice.
      for (const socket of sockets) socket.destroy(new Error('closed by its owner'))
    },
  }
}

/** A client of kafkajs, for its admin and its groups. Nothing is connected before it is used. */
export const kafkaClient = (settings: KafkaSettings): Kafka => {
  const tls = tlsOf(settings)
  const sasl = saslOf(settings)
  return new Kafka({
    brokers: [...settings.brokers],
    clientId: settings.clientId,
    connectionTimeout: settings.connectTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    retry: { initialRetryTime: 20, maxRetryTime: 500, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: logCreatorOf(settings.log),
    ...(tls && { ssl: tls }),
    ...(sasl && { sasl }),
  })
}
