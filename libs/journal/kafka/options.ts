import type { ConnectionOptions } from 'node:tls'

/** A line of the client's own log, for the operator. Never holds keys or values of records. */
export type ClientLog = (
  level: 'error' | 'warn' | 'info' | 'debug',
  message: string,
  fields: Readonly<Record<string, unknown>>,
) => void

export type KafkaLogOptions = {
  /** `host:port` of some brokers; the others are learned from them. */
  readonly brokers: readonly string[]
  readonly clientId?: string
  /**
   * This process's name among all with its client id, the same after a restart: what a killed process of this name left
   * in groups is taken out of them when it joins again.
   */
  readonly instance?: string | undefined
  /** TLS with the system's authorities, or with settings of one's own. */
  readonly tls?: true | ConnectionOptions
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
    readonly username: string
    readonly password: string
  }
  readonly connectTimeoutMs?: number
  /** How long any request may take; appends have a limit of their own. */
  readonly requestTimeoutMs?: number
  /** After this long without a sign of life a group shares a member's partitions out anew. */
  readonly sessionTimeoutMs?: number
  readonly log?: ClientLog
}

/** The options with every default filled in. */
export type KafkaSettings = Required<Omit<KafkaLogOptions, 'tls' | 'sasl' | 'instance'>> &
  Pick<KafkaLogOptions, 'tls' | 'sasl' | 'instance'>

export const settingsOf = ({ clientId = 'whiply', ...options }: KafkaLogOptions): KafkaSettings => ({
  clientId: options.instance ? `${clientId}@${options.instance}` : clientId,
  connectTimeoutMs: 3_000,
  requestTimeoutMs: 5_000,
  // 6 s is the least that a broker takes by default; with it a killed owner is replaced well within 10 s.
  sessionTimeoutMs: 6_000,
  log: () => {},
  ...options,
})
