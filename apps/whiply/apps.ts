import type { StartApp } from '#libs/config/app.ts'
import type { Config } from '#libs/config/config.ts'
import type { AppName } from '#libs/config/setting.ts'

/** One app as the command line and the launcher know it. */
export type AppEntry = {
  readonly name: AppName
  /** One line for `whiply --help`. */
  readonly doc: string
  /** Loads and starts it; nothing of it is loaded before. */
  readonly start: StartApp
  /** What it listens on besides its metrics: the setting's name, its port, and the address. */
  readonly listens: (config: Config) => readonly Listened[]
  /** Whether the launcher runs it; always, where this is left out. */
  readonly isWanted?: (config: Config) => boolean
}

/** A port of an app; its host is that of LISTEN_HOST, where none is said. */
export type Listened = { readonly setting: string; readonly port: number; readonly host?: string }

/** Every app, in the order in which they are started; they are stopped the other way round. */
export const apps: readonly AppEntry[] = [
  {
    name: 'decider',
    doc: 'Decides commands, one writer for each partition, and writes the journal.',
    start: async (config, signal) => (await import('#apps/decider/app.ts')).start(config, signal),
    listens: () => [],
  },
  {
    name: 'projector',
    doc: 'Builds the read models in Postgres from the journal.',
    start: async (config, signal) => (await import('#apps/projector/app.ts')).start(config, signal),
    listens: () => [],
  },
  {
    name: 'http-edge',
    doc: 'Serves the REST API and the web page.',
    start: async (config, signal) => (await import('#apps/http-edge/app.ts')).start(config, signal),
    listens: ({ httpPort }) => [{ setting: 'HTTP_PORT', port: httpPort }],
  },
  {
    name: 'realtime-edge',
    doc: 'Serves live connections: chat as it happens.',
    start: async (config, signal) => (await import('#apps/realtime-edge/app.ts')).start(config, signal),
    listens: ({ realtimePort, ircPort }) => [
      { setting: 'REALTIME_PORT', port: realtimePort },
      ...(ircPort === 0 ? [] : [{ setting: 'IRC_PORT', port: ircPort }]),
    ],
  },
  {
    name: 'schema-registry',
    doc: 'Keeps the schemas of public topics, by the REST API of Confluent.',
    start: async (config, signal) => (await import('#apps/schema-registry/app.ts')).start(config, signal),
    listens: ({ schemaRegistryPort: port, schemaRegistryHost: host }) => [
      { setting: 'SCHEMA_REGISTRY_PORT', port, host },
    ],
    isWanted: ({ ownSchemaRegistry }) => ownSchemaRegistry,
  },
  {
    name: 'relay',
    doc: 'Publishes what is public from the journal into topics for integrators.',
    start: async (config, signal) => (await import('#apps/relay/app.ts')).start(config, signal),
    listens: () => [],
  },
  {
    name: 'ingest',
    doc: 'Takes encoders in by RTMP, and serves live video as HLS.',
    start: async (config, signal) => (await import('#apps/ingest/app.ts')).start(config, signal),
    listens: ({ rtmpPort, rtmpsPort, rtmpHost, mediaPort, mediaHost }) => [
      { setting: 'RTMP_PORT', port: rtmpPort, host: rtmpHost },
      ...(rtmpsPort === 0 ? [] : [{ setting: 'RTMPS_PORT', port: rtmpsPort, host: rtmpHost }]),
      { setting: 'MEDIA_PORT', port: mediaPort, host: mediaHost },
    ],
    isWanted: ({ rtmpPort }) => rtmpPort !== 0,
  },
]
