import type { CommandEnvelope } from './command.ts'
import type { Family } from './families.ts'
import type { OutcomeRecord } from './outcome.ts'

export type OutboundCommand = Omit<CommandEnvelope, 'origin'> & {
  readonly family: Family
  readonly key: string
  readonly traceparent?: string
  readonly correlation?: string
  /** The account of staff that acts as the principal. */
  readonly impersonator?: string
}

/** Why a command was not taken: the pending commands are at their bound, or the platform sheds load (I15). */
export class GatewayBusy extends Error {
  readonly code = 'platform.busy'
}

/** Of a command's record: half of what a broker takes, so that its outcome, which may hold all of it, has room too. */
export const maxCommandBytes = 512 * 1024

/** The log would refuse the command, however often it is sent. */
export class CommandTooLarge extends Error {
  readonly code = 'command.too_large'
}

/**
 * The way of an edge's commands into Kafka: one batcher, one send in flight, what is ready in a tick goes together, a
 * send that failed goes again with the same ids before anything later. Outcomes come back from the journal only (I8):
 * the edge hands every outcome that it reads to `observe`.
 */
export type CommandGateway = {
  /**
   * Resolves with the command's outcome as read from the journal, or `undefined` when it was not seen in `timeoutMs`
   * (10,000 by default): the command is then still under way, and `/v1/commands/{id}` will tell.
   * Rejects with `GatewayBusy`, `CommandTooLarge` or `CommandUnencodable` before anything is sent.
   */
  readonly submit: (command: OutboundCommand, timeoutMs?: number) => Promise<OutcomeRecord | undefined>
  readonly observe: (outcomes: readonly OutcomeRecord[]) => void
  /** Age of the oldest command without an outcome, in ms; 0 where there is none. */
  readonly oldestPendingMs: () => number
  readonly pending: () => number
  /** Stops taking commands, sends what is queued, waits for outcomes within the bound. */
  readonly close: (timeoutMs?: number) => Promise<void>
}
