import { kafkaClient } from '#libs/journal/kafka/client.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { type KafkaLogOptions, settingsOf } from '#libs/journal/kafka/options.ts'
import { kafkaTransactions } from '#libs/journal/kafka/transactions.ts'
import type { Offset } from '#libs/journal/log.ts'
import type { PublicTopic } from '../public-topic.ts'
import { IntegratorError, type IntegratorErrorCode } from './errors.ts'
import { add, type Given, known, setChannels } from './give.ts'
import { grantedTopics } from './grants.ts'
import type { Integrator } from './integrator.ts'
import type { Parts } from './parts.ts'
import { type IntegratorRecord, readRecords, recordAdded } from './records.ts'
import { revoke } from './revoke.ts'
import { newPassword } from './scram.ts'
import { type TakenUp, untilTakenUp } from './taken-up.ts'
import { openUsers } from './users.ts'

/**
 * Who may read public topics from Kafka. What somebody may is Kafka's own: its users (SCRAM-SHA-512) and its lists of who
 * may what (ACLs), which hold at the very next request. `whiply.integrators` tells since when, and which users are
 * integrators: no other user of a Kafka that serves others too is ever touched. Whoever is given some channels only reads
 * topics of its own, which the relay fills by what stands there.
 *
 * Whatever ends halfway is finished by doing it again.
 */
export type Access = {
  /**
   * Lets somebody read public topics beside those that it may read already; with `channels`, ids, what they hold of those
   * beside what it has already. Who has been given some channels is given these topics of those channels too.
   * @returns a password, where it had none: nobody is told of it again
   * @throws IntegratorError `integrator.name_invalid`, `integrator.user_exists`, `integrator.reads_whole_topics`,
   * `integrator.too_many`, `integrator.too_many_channels`, `integrator.leaving`
   */
  readonly add: (
    name: string,
    topics: readonly PublicTopic['topic'][],
    channels?: readonly string[],
  ) => Promise<Given & { readonly password: string | undefined }>
  /**
   * From now on it is given these channels, and no others; what stands in its topics stays there.
   * @throws IntegratorError `integrator.unknown`, `integrator.reads_whole_topics`, `integrator.too_many_channels`,
   * `integrator.leaving`
   */
  readonly setChannels: (name: string, channels: readonly string[]) => Promise<Given>
  /** Waits a while for the relay: see `untilTakenUp`. */
  readonly takenUp: (revision: Offset, topics: readonly PublicTopic['topic'][]) => Promise<TakenUp | undefined>
  /** As Kafka has it, by name. */
  readonly list: () => Promise<readonly Integrator[]>
  /**
   * A new password; the former one opens no connection any more, and those that it opened end when their login does
   * (`connections.max.reauth.ms`).
   * @throws IntegratorError `integrator.unknown`
   */
  readonly rotate: (name: string) => Promise<string>
  /**
   * Takes everything away, topics of its own with all that they hold; connections that are open are refused at their next
   * request. @throws IntegratorError `integrator.unknown`
   */
  readonly revoke: (name: string) => Promise<void>
  readonly close: () => Promise<void>
}

const open = async (options: KafkaLogOptions, replication: number, stack: AsyncDisposableStack): Promise<Parts> => {
  const settings = settingsOf(options)
  const admin = kafkaClient(settings).admin()
  stack.defer(() => admin.disconnect())
  await admin.connect()
  const users = stack.adopt(await openUsers(settings), (opened) => opened.close())
  const log = stack.adopt(kafkaLog(options), (opened) => opened.close())
  const transactions = stack.adopt(kafkaTransactions(options), (opened) => opened.close())
  return { admin, users, log, transactions, replication }
}

/** How Kafka says that it has no authorizer, and that this user may not. */
const refusals: Readonly<Record<string, readonly [IntegratorErrorCode, string]>> = {
  SECURITY_DISABLED: [
    'integrator.authorizer_missing',
    'This Kafka lets everybody do everything, so nobody can be let read some topics only. ' +
      'The embedded one asks who comes where INTEGRATORS_PORT is set; one of your own needs authorizer.class.name.',
  ],
  CLUSTER_AUTHORIZATION_FAILED: [
    'integrator.not_allowed',
    "whiply's user of this Kafka may not manage users: KAFKA_SASL_USERNAME needs Alter and Describe on the cluster.",
  ],
  TOPIC_AUTHORIZATION_FAILED: [
    'integrator.not_allowed',
    "whiply's user of this Kafka may not do that: KAFKA_SASL_USERNAME needs rights on topics that begin with whiply., and " +
      'Delete on those that begin with whiply.public. (see docs/operating.md).',
  ],
}

/** The error of the protocol, within those that kafkajs wraps it in. */
const typeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined
  const { type } = error as { readonly type?: unknown }
  return typeof type === 'string' ? type : typeOf(error.cause)
}

const inOurWords = (cause: unknown): unknown => {
  const [code, message] = refusals[typeOf(cause) ?? ''] ?? []
  return code && message ? new IntegratorError(code, message, { cause }) : cause
}

const integratorOf = (
  name: string,
  { reads, channels, passwordSince, leaving = false }: IntegratorRecord,
  topics: readonly string[],
  hasPassword: boolean,
): Integrator => ({
  name,
  reads: topics.map((topic) => ({ topic, since: reads[topic] })),
  channels,
  passwordSince: hasPassword ? passwordSince : undefined,
  leaving,
})

const list = async ({ admin, users, log, transactions, replication }: Parts): Promise<readonly Integrator[]> => {
  const granted = await grantedTopics(admin)
  const names = await users.names()
  const records = [...(await readRecords(log, transactions, replication))].sort(([a], [b]) => (a < b ? -1 : 1))
  return records.map(([name, record]) => integratorOf(name, record, granted.get(name) ?? [], names.includes(name)))
}

const rotate = async ({ users, log, transactions, replication }: Parts, name: string): Promise<string> => {
  const record = known(await readRecords(log, transactions, replication), name)
  const password = newPassword()
  await users.setPassword(name, password)
  await recordAdded(log, name, { ...record, passwordSince: Date.now() })
  return password
}

/**
 * Opens connections to Kafka for this, by a user that may manage others: Alter and Describe on the cluster.
 * @param replication copies of `whiply.integrators`, where it is to be made
 * @throws LogError `log.unavailable`
 */
export const openAccess = async (options: KafkaLogOptions, replication: number): Promise<Access> => {
  await using opening = new AsyncDisposableStack()
  const parts = await open(options, replication, opening)
  const stack = opening.move()
  const told = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work
    } catch (error) {
      throw inOurWords(error)
    }
  }
  return {
    add: (name, topics, channels) => told(add(parts, name, topics, channels)),
    setChannels: (name, channels) => told(setChannels(parts, name, channels)),
    takenUp: (revision, topics) => told(untilTakenUp(parts, revision, topics)),
    list: () => told(list(parts)),
    rotate: (name) => told(rotate(parts, name)),
    revoke: (name) => told(revoke(parts, name)),
    close: () => stack.disposeAsync(),
  }
}
