import type { Admin } from 'kafkajs'
import { kafkaClient } from '#libs/journal/kafka/client.ts'
import { kafkaLog } from '#libs/journal/kafka/log.ts'
import { type KafkaLogOptions, settingsOf } from '#libs/journal/kafka/options.ts'
import type { Log } from '#libs/journal/log.ts'
import { IntegratorError, type IntegratorErrorCode } from './errors.ts'
import { grantedTopics, grantTopics, revokeAll } from './grants.ts'
import { assertName, type Integrator } from './integrator.ts'
import { type IntegratorRecord, readRecords, recordAdded, recordRevoked } from './records.ts'
import { newPassword } from './scram.ts'
import { openUsers, type Users } from './users.ts'

/**
 * Who may read public topics from Kafka. What somebody may is Kafka's own: its users (SCRAM-SHA-512) and its lists of who
 * may what (ACLs), which hold at the very next request. `whiply.integrators` tells only since when, and which users are
 * integrators: no other user of a Kafka that serves others too is ever touched.
 *
 * Whatever ends halfway is finished by doing it again.
 */
export type Access = {
  /**
   * Lets somebody read topics of Kafka, beside those that it may read already.
   * @returns a password, where it had none: nobody is told of it again
   * @throws IntegratorError `integrator.name_invalid`, `integrator.user_exists`
   */
  readonly add: (name: string, topics: readonly string[]) => Promise<{ readonly password: string | undefined }>
  /** As Kafka has it, by name. */
  readonly list: () => Promise<readonly Integrator[]>
  /**
   * A new password; the former one opens no connection any more, and those that it opened end when their login does
   * (`connections.max.reauth.ms`).
   * @throws IntegratorError `integrator.unknown`
   */
  readonly rotate: (name: string) => Promise<string>
  /** Takes everything away; connections that are open are refused at their next request. @throws `integrator.unknown` */
  readonly revoke: (name: string) => Promise<void>
  readonly close: () => Promise<void>
}

type Parts = { readonly admin: Admin; readonly users: Users; readonly log: Log; readonly replication: number }

const open = async (options: KafkaLogOptions, replication: number, stack: AsyncDisposableStack): Promise<Parts> => {
  const settings = settingsOf(options)
  const admin = kafkaClient(settings).admin()
  stack.defer(() => admin.disconnect())
  await admin.connect()
  const users = stack.adopt(await openUsers(settings), (opened) => opened.close())
  const log = stack.adopt(kafkaLog(options), (opened) => opened.close())
  return { admin, users, log, replication }
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
  { reads, passwordSince }: IntegratorRecord,
  topics: readonly string[],
  hasPassword: boolean,
): Integrator => ({
  name,
  reads: topics.map((topic) => ({ topic, since: reads[topic] })),
  passwordSince: hasPassword ? passwordSince : undefined,
})

const known = (records: ReadonlyMap<string, IntegratorRecord>, name: string): IntegratorRecord => {
  const record = records.get(name)
  if (record) return record
  throw new IntegratorError('integrator.unknown', `There is no integrator ${name}. See: whiply integrator list`)
}

const add = async ({ admin, users, log, replication }: Parts, name: string, topics: readonly string[]) => {
  assertName(name)
  const granted = await grantedTopics(admin)
  const hasPassword = (await users.names()).includes(name)
  const record = (await readRecords(log, replication)).get(name)
  if (!record && (hasPassword || granted.has(name)))
    throw new IntegratorError(
      'integrator.user_exists',
      `Kafka has a user ${name} already, or rights for one, and whiply did not make them. Choose another name.`,
    )
  const now = Date.now()
  const since = (topic: string) => (granted.get(name)?.includes(topic) ? record?.reads[topic] : undefined) ?? now
  const reads = { ...record?.reads, ...Object.fromEntries(topics.map((topic) => [topic, since(topic)])) }
  // First of all, so that whatever comes to nothing behind it is known to be an integrator's.
  await recordAdded(log, name, { reads, passwordSince: hasPassword ? record?.passwordSince : now })
  await grantTopics(admin, name, topics)
  if (hasPassword) return { password: undefined }
  const password = newPassword()
  await users.setPassword(name, password)
  return { password }
}

const list = async ({ admin, users, log, replication }: Parts): Promise<readonly Integrator[]> => {
  const granted = await grantedTopics(admin)
  const names = await users.names()
  const records = [...(await readRecords(log, replication))].sort(([a], [b]) => (a < b ? -1 : 1))
  return records.map(([name, record]) => integratorOf(name, record, granted.get(name) ?? [], names.includes(name)))
}

const rotate = async ({ users, log, replication }: Parts, name: string): Promise<string> => {
  const record = known(await readRecords(log, replication), name)
  const password = newPassword()
  await users.setPassword(name, password)
  await recordAdded(log, name, { ...record, passwordSince: Date.now() })
  return password
}

const revoke = async ({ admin, users, log, replication }: Parts, name: string): Promise<void> => {
  known(await readRecords(log, replication), name)
  // Rights first: they are asked for at each request, a password only at the next login.
  await revokeAll(admin, name)
  await users.removePassword(name)
  await recordRevoked(log, name, Date.now())
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
    add: (name, topics) => told(add(parts, name, topics)),
    list: () => told(list(parts)),
    rotate: (name) => told(rotate(parts, name)),
    revoke: (name) => told(revoke(parts, name)),
    close: () => stack.disposeAsync(),
  }
}
