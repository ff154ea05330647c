import type { Config } from '#libs/config/config.ts'
import { readTls } from '#libs/config/tls.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { calmLog } from './kafka/calm-log.ts'
import { kafkaLog } from './kafka/log.ts'
import type { KafkaLogOptions } from './kafka/options.ts'
import { kafkaTransactions } from './kafka/transactions.ts'
import type { Log } from './log.ts'
import type { Meta } from './meta.ts'
import type { TransactionalLog } from './publisher.ts'
import { ensureTopics } from './topics.ts'

type KafkaConfig = Pick<
  Config,
  | 'instance'
  | 'kafkaBrokers'
  | 'kafkaSsl'
  | 'kafkaSslCa'
  | 'kafkaSslCert'
  | 'kafkaSslKey'
  | 'kafkaSaslMechanism'
  | 'kafkaSaslUsername'
  | 'kafkaSaslPassword'
  | 'kafkaSessionTimeoutMs'
>

const named = (name: string, path: string | undefined) => (path === undefined ? undefined : { name, path })

/** How the settings have Kafka connected to. @throws ConfigError for files of certificates that cannot be used */
export const kafkaConnection = (config: KafkaConfig): Pick<KafkaLogOptions, 'brokers' | 'tls' | 'sasl'> => {
  const { kafkaSaslMechanism: mechanism, kafkaSaslUsername: username, kafkaSaslPassword: password } = config
  const tls = () =>
    readTls({
      ca: named('KAFKA_SSL_CA', config.kafkaSslCa),
      cert: named('KAFKA_SSL_CERT', config.kafkaSslCert),
      key: named('KAFKA_SSL_KEY', config.kafkaSslKey),
    })
  return {
    brokers: config.kafkaBrokers,
    ...(config.kafkaSsl && { tls: tls() }),
    ...(mechanism && username !== undefined && password !== undefined && { sasl: { mechanism, username, password } }),
  }
}

const kafkaOptions = (config: KafkaConfig, clientId: string, logger: Logger): KafkaLogOptions => ({
  ...kafkaConnection(config),
  clientId,
  instance: config.instance,
  ...(config.kafkaSessionTimeoutMs && { sessionTimeoutMs: config.kafkaSessionTimeoutMs }),
  log: calmLog((level, message, fields) => logger[level](fields, message)),
})

/** The log that the settings name. Nothing is connected before it is used; whoever opens it closes it. */
export const openConfiguredLog = (config: KafkaConfig, clientId: string, logger: Logger): Log =>
  kafkaLog(kafkaOptions(config, clientId, logger))

/** Transactions on the Kafka that the settings name, for public topics; opened and closed like the log. */
export const openConfiguredTransactions = (config: KafkaConfig, clientId: string, logger: Logger): TransactionalLog =>
  kafkaTransactions(kafkaOptions(config, clientId, logger))

/** Makes and checks the topics as the settings say; see `ensureTopics`. @throws TopicMisconfigured */
export const ensureConfiguredTopics = (
  log: Log,
  config: Pick<Config, 'kafkaReplication' | 'familyPartitions' | 'channelPartitions'>,
): Promise<Meta> =>
  ensureTopics(log, {
    replication: config.kafkaReplication,
    partitions: {
      account: config.familyPartitions,
      channel: config.channelPartitions,
      broadcast: config.familyPartitions,
      conversation: config.familyPartitions,
    },
  })
