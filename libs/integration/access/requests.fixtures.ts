import { openCluster } from '#libs/journal/kafka/cluster.ts'
import { fetchRequest, fetchResponse, type WireBroker } from '#libs/journal/kafka/internals.ts'
import { type KafkaLogOptions, settingsOf } from '#libs/journal/kafka/options.ts'

type Ask<Query> = (query: Query) => Promise<unknown>

/** A broker of kafkajs with requests that none of its clients sends so plainly. */
type Broker = WireBroker & {
  readonly joinGroup: Ask<{
    readonly groupId: string
    readonly sessionTimeout: number
    readonly rebalanceTimeout: number
    readonly protocolType: string
    readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[]
  }>
  readonly offsetFetch: Ask<{ readonly groupId: string; readonly topics: readonly unknown[] }>
  readonly describeGroups: Ask<{ readonly groupIds: readonly string[] }>
  readonly initProducerId: Ask<{ readonly transactionalId: string; readonly transactionTimeout: number }>
  readonly deleteRecords: Ask<{ readonly topics: readonly unknown[] }>
}

/** Single requests over the one connection that a login opened, each sent once, past what a client would look up before. */
export const openRequests = async (options: KafkaLogOptions) => {
  const { cluster, close } = await openCluster(settingsOf(options))
  await cluster.refreshMetadata().catch((error) => {
    close()
    throw error
  })
  const broker = (await cluster.findControllerBroker()) as Broker

  /** The protocol's error for the partition 0 of each topic; 0 is none. */
  const fetchCodes = async (topics: readonly string[]): Promise<Readonly<Record<string, number>>> => {
    const request = fetchRequest({
      replicaId: -1,
      isolationLevel: 1,
      maxWaitTime: 0,
      minBytes: 0,
      maxBytes: 1024,
      sessionId: 0,
      sessionEpoch: -1,
      topics: topics.map((topic) => ({
        topic,
        partitions: [{ partition: 0, fetchOffset: '0', maxBytes: 1024 }],
      })),
      forgottenTopics: [],
    })
    const { responses } = await broker.connectionPool.send({ request, response: fetchResponse })
    return Object.fromEntries(responses.map(({ topicName, partitions }) => [topicName, partitions[0]?.errorCode ?? 0]))
  }

  const joinGroup = (groupId: string) =>
    broker.joinGroup({
      groupId,
      sessionTimeout: 10_000,
      rebalanceTimeout: 10_000,
      protocolType: 'consumer',
      groupProtocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
    })

  return { broker, fetchCodes, joinGroup, close }
}

export type Requests = Awaited<ReturnType<typeof openRequests>>
