import type { Config } from './config.ts'

type OfKafka = Pick<
  Config,
  | 'kafkaSsl'
  | 'kafkaSslCa'
  | 'kafkaSslCert'
  | 'kafkaSslKey'
  | 'kafkaSaslMechanism'
  | 'kafkaSaslUsername'
  | 'kafkaSaslPassword'
>

/** @returns what is said by settings that make sense only together, each as a person reads it; empty when all agree */
export const contradictions = (config: OfKafka): readonly string[] => {
  const { kafkaSsl, kafkaSslCa, kafkaSslCert, kafkaSslKey } = config
  const { kafkaSaslMechanism, kafkaSaslUsername, kafkaSaslPassword } = config
  const login = [kafkaSaslMechanism, kafkaSaslUsername, kafkaSaslPassword]
  return [
    ...(!kafkaSsl && [kafkaSslCa, kafkaSslCert, kafkaSslKey].some((file) => file !== undefined)
      ? ['KAFKA_SSL_CA, KAFKA_SSL_CERT and KAFKA_SSL_KEY are of use only with KAFKA_SSL=true']
      : []),
    ...((kafkaSslCert === undefined) !== (kafkaSslKey === undefined)
      ? ['KAFKA_SSL_CERT and KAFKA_SSL_KEY come together']
      : []),
    ...(login.includes(undefined) && login.some((part) => part !== undefined)
      ? ['KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD come together']
      : []),
  ]
}
