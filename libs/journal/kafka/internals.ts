import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { logCreator, SASLOptions } from 'kafkajs'

/**
 * The one file that reaches into kafkajs, pinned at 2.2.4. whiply uses its connections, authentication and codecs, but
 * neither its producer nor its consumer: the one may send again, the other needs a group and jumps in silence.
 * See docs/decisions/ for what was measured.
 */

const load = createRequire(import.meta.url)

/** What a protocol module makes of a call: how to write the request, and how to read the answer. */
export type WireCall<Answer> = {
  readonly request: {
    readonly apiKey: number
    readonly apiVersion?: number
    readonly apiName?: string
    readonly expectResponse?: () => boolean
    readonly encode?: () => Promise<{ readonly buf: Buffer; readonly buffer: Buffer; readonly size: () => number }>
  }
  readonly response: {
    readonly decode: (bytes: Buffer) => Promise<Answer>
    readonly parse: (answer: Answer) => Promise<Answer>
  }
}

export type WireMessage = {
  readonly offset: string
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, Buffer | string | readonly (Buffer | string)[]>>
  /** The end of a transaction, and no record of anybody's. */
  readonly isControlRecord: boolean
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean }
}

export type FetchRequest = {
  readonly replicaId: number
  readonly isolationLevel: number
  readonly maxWaitTime: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly sessionId: number
  readonly sessionEpoch: number
  readonly topics: readonly {
    readonly topic: string
    readonly partitions: readonly {
      readonly partition: number
      readonly fetchOffset: string
      readonly maxBytes: number
    }[]
  }[]
  readonly forgottenTopics: readonly { readonly topic: string; readonly partitions: readonly number[] }[]
}

export type FetchAnswer = {
  readonly errorCode: number
  readonly sessionId: number
  readonly responses: readonly {
    readonly topicName: string
    readonly partitions: readonly {
      readonly partition: number
      readonly errorCode: number
      readonly highWatermark: string
      readonly lastStableOffset: string
      /** Transactions among the messages that were aborted, by their first offset; null where none were asked for. */
      readonly abortedTransactions: readonly { readonly producerId: string; readonly firstOffset: string }[] | null
      readonly messages: readonly WireMessage[]
    }[]
  }[]
}

export type ProduceAnswer = {
  readonly topics: readonly {
    readonly topicName: string
    readonly partitions: readonly {
      readonly partition: number
      readonly errorCode: number
      readonly baseOffset: string
    }[]
  }[]
}

export type WireBroker = {
  readonly connectionPool: { readonly send: <Answer>(call: WireCall<Answer>) => Promise<Answer> }
}

type TopicOffsets = readonly {
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[]
}[]

/** The broker that keeps a group. */
export type WireCoordinator = {
  readonly describeGroups: (query: { readonly groupIds: readonly string[] }) => Promise<{
    readonly groups: readonly {
      readonly members: readonly { readonly memberId: string; readonly clientId: string }[]
    }[]
  }>
  readonly leaveGroup: (member: { readonly groupId: string; readonly memberId: string }) => Promise<unknown>
}

/** A producer as the coordinator of its transactions knows it. */
export type ProducerIdentity = { readonly producerId: string; readonly producerEpoch: number }

type InTransaction = ProducerIdentity & { readonly transactionalId: string }

/** A broker as transactions need it; each call is sent once. */
export type WireTransactions = {
  readonly nodeId: string | number
  readonly initProducerId: (query: {
    readonly transactionalId: string
    readonly transactionTimeout: number
  }) => Promise<ProducerIdentity>
  readonly addPartitionsToTxn: (
    query: InTransaction & {
      readonly topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[]
    },
  ) => Promise<unknown>
  readonly endTxn: (query: InTransaction & { readonly transactionResult: boolean }) => Promise<unknown>
}

export const TRANSACTION_COORDINATOR = 1

export type WireCluster = {
  readonly connect: () => Promise<void>
  readonly disconnect: () => Promise<void>
  /** Learns of the brokers; naming topics does it too. */
  readonly refreshMetadata: () => Promise<void>
  readonly addMultipleTargetTopics: (topics: readonly string[]) => Promise<void>
  readonly findBroker: (query: { readonly nodeId: string }) => Promise<WireBroker & WireTransactions>
  /** The broker to ask for what the controller does; it passes it on. */
  readonly findControllerBroker: () => Promise<WireBroker>
  /** The broker that keeps a group or, where the type says so, a transactional id. */
  readonly findGroupCoordinator: (query: {
    readonly groupId: string
    readonly coordinatorType?: typeof TRANSACTION_COORDINATOR
  }) => Promise<WireCoordinator & WireTransactions>
  readonly findTopicPartitionMetadata: (
    topic: string,
  ) => readonly { readonly partitionId: number; readonly leader: number }[]
  readonly fetchTopicsOffset: (
    topics: readonly {
      readonly topic: string
      readonly partitions: readonly { readonly partition: number }[]
      readonly fromBeginning?: boolean
      /** The first offset of that time (ms) or later, -1 where there is none. */
      readonly fromTimestamp?: number
    }[],
  ) => Promise<TopicOffsets>
}

export type SocketFactory = (target: {
  readonly host: string
  readonly port: number
  readonly ssl: ConnectionOptions | undefined
  readonly onConnect: () => void
}) => Socket

type ClusterOptions = {
  readonly logger: unknown
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly ssl: ConnectionOptions | undefined
  readonly sasl: SASLOptions | undefined
  readonly connectionTimeout: number
  readonly authenticationTimeout: number
  readonly reauthenticationThreshold: number
  readonly requestTimeout: number
  readonly enforceRequestTimeout: true
  readonly metadataMaxAge: number
  readonly allowAutoTopicCreation: false
  readonly isolationLevel: number
  readonly retry: { readonly retries: number; readonly initialRetryTime: number }
  readonly socketFactory: SocketFactory
}

export const Cluster: new (options: ClusterOptions) => WireCluster = load('kafkajs/src/cluster')

export const createLogger: (options: { readonly level: number; readonly logCreator: logCreator }) => unknown =
  load('kafkajs/src/loggers').createLogger

export const apiKeys: { readonly Produce: number } = load('kafkajs/src/protocol/requests/apiKeys')

/** Version 11, the newest that kafkajs speaks, by itself: what chooses among the versions knows of no sessions. */
export const fetchRequest: (request: FetchRequest) => WireCall<FetchAnswer>['request'] = load(
  'kafkajs/src/protocol/requests/fetch/v11/request',
)

const { decode } = load('kafkajs/src/protocol/requests/fetch/v11/response') as WireCall<FetchAnswer>['response']

/** kafkajs's own parser throws the first partition's error and drops the answers of all others; here each keeps its own. */
export const fetchResponse: WireCall<FetchAnswer>['response'] = { decode, parse: async (answer) => answer }

/** How the answer to a Produce request of version 7 is read. */
export const produceResponse: WireCall<ProduceAnswer>['response'] = load(
  'kafkajs/src/protocol/requests/produce/v7/response',
)

/** CRC-32C (Castagnoli), which record batches bear. */
export const crc32C: (bytes: Buffer) => number = load('kafkajs/src/protocol/recordBatch/crc32C')

/** An error of the protocol by its number, with its name as `type`. */
export const createErrorFromCode: (code: number) => Error & { readonly type: string; readonly retriable: boolean } =
  load('kafkajs/src/protocol/error').createErrorFromCode

type RequestQueue = {
  readonly pending: readonly unknown[]
  scheduleCheckPendingRequests: (this: RequestQueue) => void
}

const { prototype: queue } = load('kafkajs/src/network/requestQueue') as { readonly prototype: RequestQueue }
const { scheduleCheckPendingRequests } = queue

/**
 * After each answer kafkajs sets a timer in the past, which sets the next when it fires: every connection wakes the
 * process a thousand times a second for good, and Node 24 warns (TimeoutNegativeWarning). There is something to check
 * only while requests wait, and `push` starts the checking then.
 */
queue.scheduleCheckPendingRequests = function () {
  if (this.pending.length > 0) scheduleCheckPendingRequests.call(this)
}
