import type { Parsed } from './parsed.ts'

type OfIntegrators = Pick<Parsed, 'integratorsHost' | 'integratorsAddress'>

/** Nobody can come back to an address that stands for all. */
const isEvery = (host: string): boolean => host === '0.0.0.0' || host === '::'

type OfIngest = Pick<Parsed, 'rtmpsPort' | 'rtmpsCert' | 'rtmpsKey'>

type OfKafka = Pick<
  Parsed,
  | 'kafkaSsl'
  | 'kafkaSslCa'
  | 'kafkaSslCert'
  | 'kafkaSslKey'
  | 'kafkaSaslMechanism'
  | 'kafkaSaslUsername'
  | 'kafkaSaslPassword'
>

type OfPasswords = Pick<Parsed, 'passwordMemoryKib' | 'passwordIterations'>

/** The memory that so many passes take at least: what OWASP's Password Storage Cheat Sheet holds for equally strong. */
const leastMemoryKib: readonly number[] = [47_104, 19_456, 12_288, 9_216, 7_168]

const tooCheap = ({ passwordMemoryKib, passwordIterations }: OfPasswords): readonly string[] => {
  const least = leastMemoryKib[passwordIterations - 1] ?? leastMemoryKib.at(-1) ?? 0
  if (passwordMemoryKib >= least) return []
  return [
    `PASSWORD_ITERATIONS=${passwordIterations} needs PASSWORD_MEMORY=${least} at least, or passwords are guessed too soon`,
  ]
}

/** @returns what is said by settings that make sense only together, each as a person reads it; empty when all agree */
export const contradictions = (config: OfKafka & OfIntegrators & OfIngest & OfPasswords): readonly string[] => {
  const { kafkaSsl, kafkaSslCa, kafkaSslCert, kafkaSslKey } = config
  const { kafkaSaslMechanism, kafkaSaslUsername, kafkaSaslPassword } = config
  const login = [kafkaSaslMechanism, kafkaSaslUsername, kafkaSaslPassword]
  return [
    ...tooCheap(config),
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
