import type { Admin } from 'kafkajs'
import type { Log } from '#libs/journal/log.ts'
import type { TransactionalLog } from '#libs/journal/publisher.ts'
import type { Users } from './users.ts'

/** The ways in which Kafka is asked for what integrators are and may. */
export type Parts = {
  readonly admin: Admin
  readonly users: Users
  readonly log: Log
  readonly transactions: TransactionalLog
  /** Copies of `whiply.integrators`, where it is to be made. */
  readonly replication: number
}
