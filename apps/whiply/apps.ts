import type { StartApp } from '#libs/config/app.ts'
import type { Config } from '#libs/config/config.ts'
import type { AppName } from '#libs/config/setting.ts'

/** One app as the command line and the launcher know it. */
export type AppEntry = {
  readonly name: AppName
  /** One line for `whiply --help`. */
  readonly doc: string
  /** Nothing of it is loaded before. */
  readonly load: () => Promise<{ readonly start: StartApp }>
  /** What it listens on besides its metrics: the setting's name, its port, and the address. */
  readonly listens: (config: Config) => readonly Listened[]
  /** What a live message, or a join, waits for: of processes it is started ahead of those that are not. */
  readonly isLive?: boolean
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
    load: () => import('#apps/decider/app.ts'),
    isLive: true,
    listens: () => [],
  },
  {
    name: 'projector',
    doc: 'Builds the read models in Postgres from the journal.',
    load: () => import('#apps/projector/app.ts'),
    isLive: true,
    listens: () => [],
  },
  {
    name: 'http-edge',
    doc: 'Serves the REST API and the web page.',
    load: () => import('#apps/http-edge/app.ts'),
    listens: ({ httpPort }) => [{ setting: 'HTTP_PORT', port: httpPort }],
  },
  {
    name: 'realtime-edge',
    doc: 'Serves live connections: chat as it happens.',
    load: () => import('#apps/realtime-edge/app.ts'),
    isLive: true,
    listens: ({ realtimePort, ircPort }) => [
      { setting: 'REALTIME_PORT', port: realtimePort },
      ...(ircPort === 0 ? [] : [{ setting: 'IRC_PORT', port: ircPort }]),
    ],
  },
  {
    name: 'schema-registry',
    doc: 'Keeps the schemas of public topics, by the REST API of Confluent.',
    load: () => import('#apps/schema-registry/app.ts'),
    listens: ({ schemaRegistryPort: port, schemaRegistryHost: host }) => [
      { setting: 'SCHEMA_REGISTRY_PORT', port, host },
    ],
    isWanted: ({ ownSchemaRegistry }) => ownSchemaRegistry,
  },
  {
    name: 'relay',
    doc: 'Publishes what is public from the journal into topics for integrators.',
    load: () => import('#apps/relay/app.ts'),
    listens: () => [],
  },
  {
    name: 'ingest',
    doc: 'Takes encoders in by RTMP, and serves live video as HLS.',
    load: () => import('#apps/ingest/app.ts'),
    listens: ({ rtmpPort, rtmpsPort, rtmpHost, mediaPort, mediaHost }) => [
      { setting: 'RTMP_PORT', port: rtmpPort, host: rtmpHost },
      ...(rtmpsPort === 0 ? [] : [{ setting: 'RTMPS_PORT', port: rtmpsPort, host: rtmpHost }]),
      { setting: 'MEDIA_PORT', port: mediaPort, host: mediaHost },
    ],
    isWanted: ({ rtmpPort }) => rtmpPort !== 0,
  },
]
