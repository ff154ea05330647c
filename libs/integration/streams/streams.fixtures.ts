import { request } from 'node:http'
import type { TestContext } from 'node:test'
import { scopes } from '#libs/access/scopes.ts'
import { clientAddress } from '#libs/http/address.ts'
import { httpErrors } from '#libs/http/errors.ts'
import { listen } from '#libs/http/listen.ts'
import { originCheck } from '#libs/http/origin.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { bind, type Caller } from '#libs/http/route.ts'
import { createApp } from '#libs/http/server.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { kafkaTransactions } from '#libs/journal/kafka/transactions.ts'
import type { Instant } from '#libs/journal/log.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import type { PublishedRecord, Publisher } from '#libs/journal/publisher.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { uniqueName } from '#libs/testing/engines.ts'
import { until } from '#libs/testing/until.ts'
import { makeCatalogue } from '../catalogue/catalogue.ts'
import { cloudEventHeaders } from '../cloud-event.ts'
import { integrationErrors } from '../errors.ts'
import type { IntegrationEdge } from '../http-edge.ts'
import { integrationRoutes } from '../routes.ts'
import { publicTopicSettings } from '../topic-settings.ts'
import { defaultBounds, openStreams, type StreamBounds } from './streams.ts'

export const chat = 'whiply.public.chat.v1'
const logId = '0197d2c5-7a40-7c3e-9d7b-3f0a5c1e8b21'
const DAY_MS = 86_400_000

/** An event to be published; its id is `<channel>-<seq>`. */
export type Drafted = {
  readonly channel: string
  readonly seq: number
  readonly type?: string
  readonly text?: string
  readonly at?: number
}

const recordOf = ({ channel, seq, type = 'MessagePosted', text = '', at = Date.now() }: Drafted): PublishedRecord => ({
  key: Buffer.from(channel),
  value: Buffer.from(JSON.stringify({ channelId: channel, seq, text })),
  headers: cloudEventHeaders({ id: `${channel}-${seq}`, logId, type: `${chat}.${type}`, at, subject: channel }),
  timestamp: at,
})

/** What a client has of a stream: an event or a notice, with the position behind it. */
export type Received = {
  /** `message`, or the name of a notice. */
  readonly event: string
  readonly position: string
  readonly data: { readonly id: string; readonly [member: string]: unknown }
}

export type Reading = {
  readonly status: number
  readonly type: string
  readonly problem: () => Record<string, unknown>
  readonly received: readonly Received[]
  readonly comments: readonly string[]
  /** Ids of the events, without notices. */
  readonly ids: () => readonly string[]
  /** What is to be sent as Last-Event-ID. */
  readonly position: () => string
  readonly ended: () => boolean
  /** Takes nothing more off the socket until `resume`. */
  readonly pause: () => void
  readonly resume: () => void
  readonly cut: () => void
}

/** Interprets server-sent events by the letter of WHATWG HTML, section 9.2.6, for lines that end in LF. */
const sseParser = (
  onEvent: (event: Received) => void,
  onComment: (text: string) => void,
  onId: (id: string) => void,
) => {
  let [rest, data, event, id] = ['', '', '', '']
  const line = (text: string): void => {
    if (text === '') {
      onId(id)
      if (data !== '') onEvent({ event: event || 'message', position: id, data: JSON.parse(data.slice(0, -1)) })
      data = ''
      event = ''
      return
    }
    if (text.startsWith(':')) {
      onComment(text.slice(1).trim())
      return
    }
    const colon = text.indexOf(':')
    const field = colon < 0 ? text : text.slice(0, colon)
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data += `${value}\n`
    if (field === 'event') event = value
    if (field === 'id') id = value
  }
  return (chunk: string): void => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) line(text)
  }
}

const ndjsonParser = (onEvent: (event: Received) => void, onId: (id: string) => void) => {
  let rest = ''
  return (chunk: string): void => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) {
      const data = JSON.parse(text)
      onId(data.position)
      if (data.notice !== 'opened') onEvent({ event: data.notice ?? 'message', position: data.position, data })
    }
  }
}

/** Opens a stream over a connection of its own. Resolves with its head. */
export const read = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<Reading> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { headers, agent: false }, (response) => {
      const type = response.headers['content-type'] ?? ''
      const received: Received[] = []
      const comments: string[] = []
      let [text, position, ended] = ['', '', false]
      const onEvent = (event: Received) => void received.push(event)
      const onId = (id: string) => {
        position = id
      }
      const parse = type.includes('ndjson')
        ? ndjsonParser(onEvent, onId)
        : sseParser(onEvent, (comment) => void comments.push(comment), onId)
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        if (type.includes('problem')) text += chunk
        else parse(chunk)
      })
      // A cut is what some tests are about.
      response.on('error', () => {})
      response.on('close', () => {
        ended = true
      })
      resolve({
        status: response.statusCode ?? 0,
        type,
        problem: () => JSON.parse(text),
        received,
        comments,
        ids: () => received.filter(({ event }) => event === 'message').map(({ data }) => data.id),
        position: () => position,
        ended: () => ended,
        pause: () => void response.pause(),
        resume: () => void response.resume(),
        cut: () => void response.destroy(),
      })
    })
    asked.on('error', reject)
    asked.end()
  })

/** A refused request's status and code. */
export const refusal = async (url: string, headers: Readonly<Record<string, string>> = {}) => {
  const reading = await read(url, headers)
  await until(reading.ended)
  const { code, context } = reading.problem()
  return { status: reading.status, code, context }
}

const callers: Readonly<Record<string, Caller>> = Object.fromEntries(
  ['1001', '1002'].map((accountId) => [
    accountId,
    {
      accountId,
      sessionId: `session of ${accountId}`,
      handle: 'ada',
      displayName: 'Ada',
      platformRole: 'user',
      scopes,
      mustChangePassword: false,
      expiresAt: Date.now() + DAY_MS,
    },
  ]),
)

/** Serves the routes of public topics on a port of its own. */
const serve = (deps: IntegrationEdge) =>
  listen(
    createApp({
      routes: bind(integrationRoutes, deps),
      errors: { ...httpErrors, ...integrationErrors },
      clientAddress: clientAddress(['127.0.0.1']),
      originCheck: originCheck([]),
      logger: createLogger('test', 'silent'),
      authenticate: async (token) => {
        const caller = callers[token]
        if (!caller) throw new HttpProblem('http.unauthenticated')
        return caller
      },
      limit: () => {},
      waitForPosition: async () => {},
      verifyReplies: true,
    }),
    { port: 0, host: '127.0.0.1' },
  )

/** The routes without any engine, for what needs none. @returns the origin */
export const streamsApp = async (t: Pick<TestContext, 'after'>): Promise<string> => {
  const nothing = { open: () => Promise.reject(new HttpProblem('platform.unavailable')) }
  const catalogue = makeCatalogue({ retentionDays: 7 })
  const server = await serve({ streams: nothing, streamsFor: 'everybody', isRevoked: () => false, catalogue })
  t.after(() => server.close(0))
  return `http://127.0.0.1:${server.port}`
}

export type Edge = {
  readonly url: (query?: string) => string
  readonly open: () => number
  /** Those that are under way are waited for so long, in ms. */
  readonly close: (graceMs?: number) => Promise<void>
}

/** The topic `chat` on a broker, under a name that no other test has, what publishes to it, and edges that stream it. */
export const streamsWorld = async (
  t: Pick<TestContext, 'after'>,
  { brokers, partitions = 2 }: { readonly brokers: readonly string[]; readonly partitions?: number },
) => {
  const prefix = uniqueName('streams')
  const own = (topic: string): string => `${prefix}.${topic}`
  const log = kafkaLog({ brokers })
  const transactions = kafkaTransactions({ brokers })
  t.after(() => Promise.all([log.close(), transactions.close()]))
  await log.createTopic(own(chat), publicTopicSettings(partitions, 1, 7))
  let publisher: Publisher | undefined

  const batches = (drafts: readonly Drafted[]) =>
    [...Map.groupBy(drafts, ({ channel }) => partitionOf(channel, partitions))].map(([partition, ofPartition]) => ({
      topic: own(chat),
      partition,
      records: ofPartition.map(recordOf),
    }))

  const revoked = new Set<string>()

  const startEdge = async (
    bounds: Partial<StreamBounds> = {},
    edge: Partial<IntegrationEdge> = {},
    brokerTime: () => Promise<Instant> = async () => Date.now(),
  ): Promise<Edge> => {
    const streams = openStreams({
      log: { bounds: (topic) => log.bounds(own(topic)) },
      transactions: {
        committed: async () => {
          const { readMany, offsetsAt, groups, ...reader } = await transactions.committed()
          return {
            ...reader,
            readMany: (topic, ...more) => readMany(own(topic), ...more),
            offsetsAt: (topic, ...more) => offsetsAt(own(topic), ...more),
            groups: (topic) => groups(own(topic)),
          }
        },
      },
      meta: { logId, partitions: { account: partitions, channel: partitions, broadcast: 1, conversation: 1 } },
      decoder: { learn: async () => {}, decode: (value) => JSON.parse(value.toString()) },
      retentionMs: 7 * DAY_MS,
      brokerTime,
      bounds: { ...defaultBounds, most: 1_000, mostOfClient: 1_000, ...bounds },
      onFailure: () => {},
      onUnreadable: () => {},
    })
    const deps: IntegrationEdge = {
      streams,
      streamsFor: 'everybody',
      isRevoked: ({ accountId }) => revoked.has(accountId),
      catalogue: makeCatalogue({ retentionDays: 7 }),
      ...edge,
    }
    const server = await serve(deps)
    const close = async (graceMs = 2_000): Promise<void> => {
      await streams.close()
      await server.close(graceMs)
    }
    t.after(() => close())
    return {
      url: (query = '') => `http://127.0.0.1:${server.port}/v1/streams/chat${query}`,
      open: streams.count,
      close,
    }
  }

  return {
    startEdge,
    revoke: (accountId: string) => void revoked.add(accountId),
    /** Publishes in one transaction. */
    publish: async (drafts: readonly Drafted[]): Promise<void> => {
      publisher ??= await transactions.publisher(own('publisher'))
      await publisher.send(batches(drafts))
      await publisher.commit()
    },
    /** Sends in a transaction of its own that stays open; `abort` ends it. */
    leaveOpen: async (drafts: readonly Drafted[]) => {
      const id = uniqueName('open')
      const killed = await transactions.publisher(id)
      await killed.send(batches(drafts))
      return {
        commit: killed.commit,
        abort: async (): Promise<void> => {
          await (await transactions.publisher(id)).close()
          await killed.close()
        },
      }
    },
    /** Forgets the publisher, which does not survive its broker. */
    reconnect: () => {
      publisher = undefined
    },
    /** Removes what lies before, as retention does. */
    removeBefore: (partition: number, offset: number) => removeRecords(brokers, own(chat), partition, offset),
  }
}

const removeRecords = async (
  brokers: readonly string[],
  topic: string,
  partition: number,
  offset: number,
): Promise<void> => {
  const { Kafka, logLevel } = await import('kafkajs')
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  // kafkajs knows the topic's leaders only once it has asked for something of it.
  await admin.fetchTopicOffsets(topic)
  await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] })
  await admin.disconnect()
}

/** So many events of a channel, from a number on. */
export const drafts = (channel: string, from: number, count: number, text = ''): readonly Drafted[] =>
  Array.from({ length: count }, (_, index) => ({ channel, seq: from + index, text }))

/** Their ids. */
export const idsOf = (of: readonly Drafted[]): readonly string[] => of.map(({ channel, seq }) => `${channel}-${seq}`)
