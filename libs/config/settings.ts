import { dirname, join } from 'node:path'
import { optional, setting } from './setting.ts'
import {
  bytes,
  flag,
  folderOrS3,
  hostAndPort,
  integer,
  list,
  oneOf,
  path,
  port,
  portOrNone,
  text,
  url,
} from './types.ts'

const checkout = dirname(dirname(import.meta.dirname))

/** Every setting there is. A new one is one entry here: the type, the flag, the help and the document follow. */
export const settings = {
  data: setting(path, {
    name: 'WHIPLY_DATA',
    flag: 'data',
    default: join(checkout, '.whiply'),
    defaultDoc: '.whiply',
    apps: ['all'],
    doc: 'Folder of everything that is kept: engines, objects, the master key.',
  }),
  masterKey: optional(text, {
    name: 'WHIPLY_MASTER_KEY',
    defaultDoc: 'the file master.key in the data folder',
    secret: 'value',
    apps: ['all'],
    doc: "The vault's master key, 32 bytes in base64. Back it up: without it no secret and no sealed text can be read.",
  }),

  instance: optional(text, {
    name: 'WHIPLY_INSTANCE',
    flag: 'instance',
    defaultDoc: 'none, or launcher with an embedded broker',
    apps: ['decider', 'projector', 'relay'],
    doc: 'Name of this process among all of its app, the same after a restart. One that was killed is replaced at once then; without a name, after KAFKA_SESSION_TIMEOUT.',
  }),

  httpPort: setting(port, {
    name: 'HTTP_PORT',
    default: '8080',
    apps: ['http-edge'],
    doc: 'Port of the web page and the REST API.',
  }),
  realtimePort: setting(port, {
    name: 'REALTIME_PORT',
    default: '8081',
    apps: ['realtime-edge'],
    doc: 'Port of live connections (WebSocket).',
  }),
  ircPort: setting(portOrNone, {
    name: 'IRC_PORT',
    default: '6667',
    apps: ['realtime-edge'],
    doc: 'Port of IRC over TCP, in clear; 0 for none. Over WebSocket IRC is spoken at the path / of REALTIME_PORT in any case.',
  }),
  metricsPort: setting(port, {
    name: 'METRICS_PORT',
    default: '9090',
    apps: ['all'],
    doc: 'Port of /healthz, /readyz and /metrics; with --processes the apps take this one and those above it.',
  }),
  metricsHost: setting(text, {
    name: 'METRICS_HOST',
    default: '127.0.0.1',
    apps: ['all'],
    doc: 'Address on which METRICS_PORT is listened on; 0.0.0.0 for every one, where only those who may see it reach it.',
  }),
  listenHost: optional(text, {
    name: 'LISTEN_HOST',
    defaultDoc: 'every address',
    apps: ['http-edge', 'realtime-edge'],
    doc: 'Address on which the edges listen.',
  }),
  publicUrl: optional(url('http', 'https'), {
    name: 'PUBLIC_URL',
    defaultDoc: 'http://localhost:HTTP_PORT',
    apps: ['http-edge', 'realtime-edge'],
    doc: 'Address under which people reach the web page and the REST API.',
  }),
  publicRealtimeUrl: optional(url('ws', 'wss'), {
    name: 'PUBLIC_REALTIME_URL',
    defaultDoc: 'ws://localhost:REALTIME_PORT',
    apps: ['http-edge', 'realtime-edge'],
    doc: 'Address under which clients reach live connections.',
  }),
  allowedOrigins: setting(list, {
    name: 'ALLOWED_ORIGINS',
    default: '',
    defaultDoc: 'that of PUBLIC_URL, and localhost',
    apps: ['http-edge', 'realtime-edge'],
    doc: 'Origins whose pages may call with a cookie, separated by commas.',
  }),
  trustedProxies: setting(list, {
    name: 'TRUSTED_PROXIES',
    default: '',
    defaultDoc: 'none',
    apps: ['http-edge', 'realtime-edge'],
    doc: 'Addresses or networks (CIDR) whose X-Forwarded-For is believed, separated by commas.',
  }),

  smtpUrl: optional(url('smtp', 'smtps'), {
    name: 'SMTP_URL',
    defaultDoc: 'none: mails are written into outbox in the data folder',
    secret: 'password',
    apps: ['http-edge'],
    doc: 'Mail server: smtp://user:password@host:port (TLS where it offers it), or smtps:// for TLS from the first byte.',
  }),
  mailFrom: setting(text, {
    name: 'MAIL_FROM',
    default: 'whiply <no-reply@localhost>',
    apps: ['http-edge'],
    doc: 'Sender of mails: an address, or a name with the address in angle brackets.',
  }),

  kafkaBrokers: setting(list, {
    name: 'KAFKA_BROKERS',
    default: '',
    defaultDoc: 'an embedded broker',
    apps: ['all'],
    doc: 'Kafka of your own: host:port, separated by commas.',
  }),
  kafkaSsl: setting(flag, {
    name: 'KAFKA_SSL',
    default: 'false',
    apps: ['all'],
    doc: 'Speak TLS with Kafka.',
  }),
  kafkaSslCa: optional(path, {
    name: 'KAFKA_SSL_CA',
    apps: ['all'],
    doc: "File with the certificate authority of Kafka's certificate (PEM), where the system does not know it.",
  }),
  kafkaSslCert: optional(path, {
    name: 'KAFKA_SSL_CERT',
    apps: ['all'],
    doc: 'File with the certificate that whiply shows to Kafka (PEM), where Kafka asks for one.',
  }),
  kafkaSslKey: optional(path, {
    name: 'KAFKA_SSL_KEY',
    apps: ['all'],
    doc: 'File with the private key of KAFKA_SSL_CERT (PEM).',
  }),
  kafkaSaslMechanism: optional(oneOf('plain', 'scram-sha-256', 'scram-sha-512'), {
    name: 'KAFKA_SASL_MECHANISM',
    apps: ['all'],
    doc: 'How to log in to Kafka: plain, scram-sha-256 or scram-sha-512.',
  }),
  kafkaSaslUsername: optional(text, {
    name: 'KAFKA_SASL_USERNAME',
    apps: ['all'],
    doc: 'User to log in to Kafka with.',
  }),
  kafkaSaslPassword: optional(text, {
    name: 'KAFKA_SASL_PASSWORD',
    secret: 'value',
    apps: ['all'],
    doc: 'Password to log in to Kafka with.',
  }),
  kafkaReplication: setting(integer(1, 9), {
    name: 'KAFKA_REPLICATION',
    default: '1',
    unit: 'copies',
    apps: ['all'],
    doc: 'Copies of each topic that is made; 3 in production (with min.insync.replicas 2 then).',
  }),
  kafkaSessionTimeoutMs: optional(integer(1_000, 300_000), {
    name: 'KAFKA_SESSION_TIMEOUT',
    defaultDoc: '6000, or 3000 with an embedded broker',
    unit: 'ms',
    apps: ['decider', 'projector', 'relay'],
    doc: "After this long without a sign of life a process's partitions go to others of its app; no less than the brokers' group.min.session.timeout.ms.",
  }),
  channelPartitions: setting(integer(1, 1024), {
    name: 'CHANNEL_PARTITIONS',
    default: '16',
    unit: 'partitions',
    apps: ['all'],
    doc: 'Partitions of the channel family, fixed at the first start; 48 in production.',
  }),
  familyPartitions: setting(integer(1, 1024), {
    name: 'FAMILY_PARTITIONS',
    default: '4',
    unit: 'partitions',
    apps: ['all'],
    doc: 'Partitions of every other family, fixed at the first start; 48 in production.',
  }),
  kafkaPort: setting(port, {
    name: 'KAFKA_PORT',
    default: '19092',
    apps: ['launcher'],
    doc: 'Port of the embedded Kafka, on the loopback address.',
  }),
  kafkaHeap: setting(bytes, {
    name: 'KAFKA_HEAP',
    default: '384MiB',
    unit: 'bytes',
    apps: ['launcher'],
    doc: "Heap of the embedded Kafka's Java.",
  }),
  integratorsPort: setting(portOrNone, {
    name: 'INTEGRATORS_PORT',
    default: '19093',
    apps: ['launcher'],
    doc: 'Port of the embedded Kafka for integrators, who log in and read public topics (SASL_PLAINTEXT); 0 for none.',
  }),
  integratorsHost: setting(text, {
    name: 'INTEGRATORS_HOST',
    default: '127.0.0.1',
    apps: ['launcher'],
    doc: 'Address on which INTEGRATORS_PORT is listened on; 0.0.0.0 for every one, with INTEGRATORS_ADDRESS then.',
  }),
  integratorsAddress: optional(hostAndPort, {
    name: 'INTEGRATORS_ADDRESS',
    defaultDoc: 'INTEGRATORS_HOST:INTEGRATORS_PORT',
    apps: ['launcher'],
    doc: 'Address under which integrators reach it, host:port: that of a proxy, where one stands before it.',
  }),

  databaseUrl: setting(text, {
    name: 'DATABASE_URL',
    default: '',
    defaultDoc: 'an embedded Postgres',
    secret: 'password',
    apps: ['all'],
    doc: 'Postgres of your own: postgres://user:password@host:port/database, and as libpq reads them ?sslmode= (disable, prefer, require, verify-ca, verify-full), sslrootcert=, sslcert= and sslkey= (files).',
  }),
  postgresPort: setting(port, {
    name: 'POSTGRES_PORT',
    default: '15432',
    apps: ['launcher'],
    doc: 'Port of the embedded Postgres, on the loopback address.',
  }),

  schemaRegistryUrl: optional(url('http', 'https'), {
    name: 'SCHEMA_REGISTRY_URL',
    defaultDoc: 'the schema registry of whiply, at SCHEMA_REGISTRY_PORT',
    apps: ['all'],
    doc: 'Schema registry of your own, for the schemas of public topics: one with the REST API of Confluent.',
  }),
  publicSchemaRegistryUrl: optional(url('http', 'https'), {
    name: 'PUBLIC_SCHEMA_REGISTRY_URL',
    defaultDoc: 'none, and records do not name their schema',
    apps: ['relay'],
    doc: 'Address under which integrators reach the schema registry: ce_dataschema of public records begins with it.',
  }),
  publicRetentionDays: setting(integer(1, 3_650), {
    name: 'PUBLIC_RETENTION',
    default: '7',
    unit: 'days',
    apps: ['relay', 'http-edge'],
    doc: 'How long public topics keep an event. Texts of people stand there in clear: what an erasure leaves is gone after this long.',
  }),
  streamsFor: setting(oneOf('everybody', 'accounts', 'nobody'), {
    name: 'STREAMS_FOR',
    default: 'everybody',
    apps: ['http-edge'],
    doc: 'Who may read public topics over HTTP (/v1/streams): everybody, accounts (with an access token) or nobody. Nothing stands there that a visitor could not see in channels.',
  }),
  streamsMost: setting(integer(1, 100_000), {
    name: 'STREAMS_MOST',
    default: '1000',
    unit: 'streams',
    apps: ['http-edge'],
    doc: 'Streams of public topics that a process serves at once.',
  }),
  streamsMostOfClient: setting(integer(1, 100_000), {
    name: 'STREAMS_MOST_OF_CLIENT',
    default: '10',
    unit: 'streams',
    apps: ['http-edge'],
    doc: 'Of these, for one account, or for one address (IPv6: its /64) of those without a token.',
  }),
  schemaRegistryPort: setting(port, {
    name: 'SCHEMA_REGISTRY_PORT',
    default: '18081',
    apps: ['schema-registry'],
    doc: 'Port of the schema registry.',
  }),
  schemaRegistryHost: setting(text, {
    name: 'SCHEMA_REGISTRY_HOST',
    default: '127.0.0.1',
    apps: ['schema-registry'],
    doc: 'Address on which the schema registry listens: whoever reaches it may write; 0.0.0.0 for every one.',
  }),

  objectStore: optional(folderOrS3, {
    name: 'OBJECT_STORE',
    defaultDoc: 'objects in the data folder',
    apps: ['decider', 'http-edge'],
    doc: 'Where immutable objects are kept (snapshots, exports): a folder, or s3://bucket/prefix.',
  }),
  s3Endpoint: optional(url('http', 'https'), {
    name: 'S3_ENDPOINT',
    defaultDoc: 'that of AWS in S3_REGION',
    apps: ['decider', 'http-edge'],
    doc: 'Address of the S3 service of an OBJECT_STORE in a bucket, https://host:port.',
  }),
  s3Region: setting(text, {
    name: 'S3_REGION',
    default: 'us-east-1',
    apps: ['decider', 'http-edge'],
    doc: 'Region of the bucket.',
  }),
  s3PathStyle: optional(flag, {
    name: 'S3_PATH_STYLE',
    defaultDoc: 'true where S3_ENDPOINT is set',
    apps: ['decider', 'http-edge'],
    doc: 'Whether the bucket stands in the path (https://host/bucket) rather than in the name of the host.',
  }),
  s3AccessKeyId: optional(text, {
    name: 'S3_ACCESS_KEY_ID',
    apps: ['decider', 'http-edge'],
    doc: 'Access key that may list the bucket, and get, put and delete objects below the prefix.',
  }),
  s3SecretAccessKey: optional(text, {
    name: 'S3_SECRET_ACCESS_KEY',
    secret: 'value',
    apps: ['decider', 'http-edge'],
    doc: 'Secret of that access key.',
  }),
  minFreeDisk: setting(bytes, {
    name: 'MIN_FREE_DISK',
    default: '1GiB',
    unit: 'bytes',
    apps: ['launcher', 'http-edge', 'realtime-edge'],
    doc: 'Below this much free space at the data folder, posts are refused (platform.disk_full); 0 never refuses.',
  }),

  logLevel: setting(oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), {
    name: 'LOG_LEVEL',
    default: 'info',
    apps: ['all'],
    doc: 'The least that is logged: trace, debug, info, warn, error, fatal or silent.',
  }),
  otlpEndpoint: optional(url('http', 'https'), {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    defaultDoc: 'none',
    apps: ['all'],
    doc: 'Where traces and metrics are sent (OTLP over HTTP), http://collector:4318.',
  }),
} as const
