/**
 * The embedded broker's second way in, for those who read public topics: by a login, and to what they were given.
 * SASL without TLS: passwords do not pass it (SCRAM), but records do, so beyond a network that is trusted a proxy in front
 * of it speaks TLS.
 */
export type IntegratorsListener = {
  /** Address that is listened on, `0.0.0.0` for every one. */
  readonly host: string
  readonly port: number
  /** `host:port` that clients are told to come back to. */
  readonly advertised: string
  /** How long a login holds; five minutes by default. */
  readonly sessionMs?: number
}

/** A password that was changed is good for no longer than this on connections that it opened (KIP-368). */
const SESSION_MS = 300_000

/** Each costs the broker some memory; a client has one or two. */
const MOST_CONNECTIONS = 500

const name = 'INTEGRATORS'
const settingOf = (key: string): string => `listener.name.${name.toLowerCase()}.${key}`
const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** The settings of the broker that the listener consists of; the first three are entries of lists. */
export const integratorsProperties = ({ host, port, advertised, sessionMs = SESSION_MS }: IntegratorsListener) => ({
  listener: `${name}://${bracketed(host)}:${port}`,
  advertised: `${name}://${advertised}`,
  protocol: `${name}:SASL_PLAINTEXT`,
  properties: {
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Whoever came in without a login: by the loopback address, since this listener lets nobody in without one, and no
    // integrator is ever given this name. All others have what they were given and nothing else.
    'super.users': 'User:ANONYMOUS',
    'allow.everyone.if.no.acl.found': false,
    'connections.max.reauth.ms': sessionMs,
    [settingOf('sasl.enabled.mechanisms')]: 'SCRAM-SHA-512',
    [settingOf('scram-sha-512.sasl.jaas.config')]: 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    [settingOf('num.network.threads')]: 1,
    [settingOf('max.connections')]: MOST_CONNECTIONS,
  },
})
