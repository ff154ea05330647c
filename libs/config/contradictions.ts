import type { Config } from './config.ts'

type OfIntegrators = Pick<Config, 'integratorsHost' | 'integratorsAddress'>

/** Nobody can come back to an address that stands for all. */
const isEvery = (host: string): boolean => host === '0.0.0.0' || host === '::'

type OfIngest = Pick<Config, 'rtmpsPort' | 'rtmpsCert' | 'rtmpsKey'>

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
export const contradictions = (config: OfKafka & OfIntegrators & OfIngest): readonly string[] => {
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
    ...(config.rtmpsPort !== 0 && (config.rtmpsCert === undefined || config.rtmpsKey === undefined)
      ? ['RTMPS_PORT needs RTMPS_CERT and RTMPS_KEY']
      : []),
    ...(isEvery(config.integratorsHost) && config.integratorsAddress === undefined
      ? [`INTEGRATORS_HOST=${config.integratorsHost} needs INTEGRATORS_ADDRESS, by which integrators reach it`]
      : []),
    ...(login.includes(undefined) && login.some((part) => part !== undefined)
      ? ['KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD come together']
      : []),
  ]
}
