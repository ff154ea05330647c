import { settings } from '#libs/config/settings.ts'
import { asyncApiDocument, type QuestionDocument } from '#libs/protocols/native/asyncapi.ts'
import { type Json, toYaml } from '#libs/protocols/native/yaml.ts'
import { publicSchemas } from '../schemas.ts'
import { makeCatalogue, type TopicEntry, type TypeEntry } from './catalogue.ts'

const AVRO = 'application/vnd.apache.avro+json;version=1.9.0'
const BINDING = '0.5.0'
const DAY_MS = 86_400_000

type Members = { readonly [name: string]: Json }

const schemaOf = (subject: string): Json =>
  (publicSchemas()
    .find((schema) => schema.subject === subject)
    ?.versions.at(-1) ?? null) as Json

const messageOf = ({ type, subject, doc, since, version, example }: TypeEntry): Json => ({
  name: subject,
  title: type,
  summary: doc,
  contentType: 'application/avro',
  payload: { schemaFormat: AVRO, schema: schemaOf(subject) },
  examples: [{ name: type, payload: example as Json }],
  bindings: {
    kafka: {
      key: { type: 'string', description: 'The id of the channel' },
      schemaIdLocation: 'payload',
      schemaIdPayloadEncoding: 'confluent',
      schemaLookupStrategy: 'RecordNameStrategy',
      bindingVersion: BINDING,
    },
  },
  'x-since': since,
  'x-version': version,
})

const channelOf = ({ topic, doc, retentionDays, compatibility, since, stream, types }: TopicEntry): Json => ({
  address: topic,
  description: doc,
  servers: [{ $ref: '#/servers/kafka' }],
  messages: Object.fromEntries(types.map(({ type, subject }) => [type, { $ref: `#/components/messages/${subject}` }])),
  bindings: {
    kafka: {
      topic,
      topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': retentionDays * DAY_MS },
      bindingVersion: BINDING,
    },
  },
  'x-compatibility': compatibility,
  'x-since': since,
  'x-stream': stream,
})

/** The same messages, in the topic of an integrator who is given some channels. */
const ownChannelOf = (topic: TopicEntry): Json => {
  const { 'x-stream': _, ...shared } = channelOf(topic) as Members
  return {
    ...shared,
    address: topic.ofSomeChannels.replace('NAME', '{integrator}'),
    description: `What ${topic.topic} holds of the channels that an integrator was given, from that moment on.`,
    parameters: { integrator: { description: 'Its user of Kafka', examples: ['acme'] } },
    bindings: {},
  }
}

/** AsyncAPI's names of channels are keys: `chat.v1`. */
const keyOf = ({ topic }: TopicEntry): string => topic.replace('whiply.public.', '')

const operationOf = (topic: TopicEntry): Json => ({
  action: 'send',
  summary: topic.doc,
  channel: { $ref: `#/channels/${keyOf(topic)}` },
  messages: topic.types.map(({ type }) => ({ $ref: `#/channels/${keyOf(topic)}/messages/${type}` })),
})

const within = (document: Members, name: string): Members => (document[name] ?? {}) as Members

/** The live protocol, with what is asked for over it, and every public topic as one AsyncAPI 3.0 document, the topics with Kafka's bindings. */
export const platformAsyncApi = (questions: readonly QuestionDocument[]): Json => {
  const live = asyncApiDocument(questions) as Members
  const { topics } = makeCatalogue({ retentionDays: Number(settings.publicRetentionDays.default) })
  const messages = topics.flatMap(({ types }) => types.map((type) => [type.subject, messageOf(type)] as const))
  return {
    ...live,
    servers: {
      ...within(live, 'servers'),
      kafka: { host: 'localhost:19093', protocol: 'kafka', description: 'By a login, read_committed' },
    },
    channels: {
      ...within(live, 'channels'),
      ...Object.fromEntries(topics.map((topic) => [keyOf(topic), channelOf(topic)])),
      ...Object.fromEntries(topics.map((topic) => [`${keyOf(topic)}.for`, ownChannelOf(topic)])),
    },
    operations: {
      ...within(live, 'operations'),
      ...Object.fromEntries(topics.map((topic) => [`publish-${keyOf(topic)}`, operationOf(topic)])),
    },
    components: {
      messages: { ...within(within(live, 'components'), 'messages'), ...Object.fromEntries(messages) },
    },
  }
}

/** The text of `schemas/asyncapi.yaml`. */
export const asyncApiYaml = (questions: readonly QuestionDocument[] = []): string =>
  `# Generated from libs/protocols/native, the routes of chat and schemas/public.\n${toYaml(platformAsyncApi(questions))}`
