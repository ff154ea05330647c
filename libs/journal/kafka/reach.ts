import { Kafka, logLevel } from 'kafkajs'
import { EngineRefused, type RefusalReason, reasonOf } from '#libs/config/refusal.ts'
import { untilReached } from '#libs/config/until-reached.ts'
import { saslOf, tlsOf } from './client.ts'
import { type KafkaLogOptions, settingsOf } from './options.ts'

/** What an operator reads; what the client said follows in brackets. */
const sentences: Readonly<Record<RefusalReason, string>> = {
  unreachable: 'Kafka does not answer. Check KAFKA_BROKERS, and the addresses that the brokers advertise',
  connection_closed:
    'Kafka closed the connection. It may want, or not want, TLS (KAFKA_SSL) or a login (KAFKA_SASL_MECHANISM)',
  tls_refused: 'What answers speaks no TLS. Check KAFKA_SSL and the ports of KAFKA_BROKERS',
  credentials_refused:
    'Kafka refuses the login. Check KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD',
  certificate_untrusted: "Kafka's certificate is of an authority that is not trusted here. Check KAFKA_SSL_CA",
  certificate_expired: "Kafka's certificate is not valid now. Renew it, or set this machine's clock",
  certificate_of_another: "Kafka's certificate is for other names. Check KAFKA_BROKERS, or renew it with this name",
  client_certificate_refused:
    'Kafka wants a certificate of a client that it trusts. Check KAFKA_SSL_CERT and KAFKA_SSL_KEY',
  database_missing: 'Kafka has no databases',
}

/** The error that kafkajs met first, out of those that it wrapped it in. */
const innermost = (error: Error): Error => (error.cause instanceof Error ? innermost(error.cause) : error)

const reasonFor = (error: Error & { readonly code?: unknown }): RefusalReason => {
  if (error.name === 'KafkaJSSASLAuthenticationError') return 'credentials_refused'
  const named = reasonOf(String(error.code ?? ''))
  if (named) return named
  // kafkajs has no code for these.
  return error.name === 'KafkaJSConnectionClosedError' || /closed/i.test(error.message)
    ? 'connection_closed'
    : 'unreachable'
}

const ask = async (broker: string, options: KafkaLogOptions): Promise<void> => {
  const settings = settingsOf(options)
  const [tls, sasl] = [tlsOf(settings), saslOf(settings)]
  const kafka = new Kafka({
    brokers: [broker],
    clientId: settings.clientId,
    connectionTimeout: settings.connectTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
    ...(tls && { ssl: tls }),
    ...(sasl && { sasl }),
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    // Asks the controller, at the address that it advertises.
    await admin.describeCluster()
  } catch (caught) {
    const error = innermost(caught as Error)
    const reason = reasonFor(error)
    throw new EngineRefused('kafka', reason, `${sentences[reason]} [${broker}: ${error.message}].`, { cause: caught })
  } finally {
    await admin.disconnect().catch(() => {})
  }
}

/** The first broker that answers will do; where none does, one that refused tells more than one that was not there. */
const askAny = async (options: KafkaLogOptions): Promise<void> => {
  const refusals: EngineRefused[] = []
  for (const broker of options.brokers) {
    try {
      return await ask(broker, options)
    } catch (error) {
      if (!(error instanceof EngineRefused)) throw error
      refusals.push(error)
    }
  }
  throw refusals.find(({ reason }) => reason !== 'unreachable') ?? refusals[0]
}

/**
 * Resolves once a broker of the settings answers as it will have to: over TLS, to a login, and by the controller's own
 * address.
 * @throws EngineRefused `kafka.…` by its reason: at once where Kafka refuses, after `withinMs` where it does not answer
 */
export const reachKafka = (
  options: KafkaLogOptions,
  waiting: { readonly withinMs: number; readonly signal?: AbortSignal | undefined },
): Promise<void> => untilReached(() => askAny(options), waiting)
