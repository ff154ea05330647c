import { gauge } from '#libs/telemetry/instruments.ts'
import { continueStage } from '#libs/telemetry/trace.ts'
import { encodeCommandRecord } from '../envelope.ts'
import { type CommandGateway, CommandTooLarge, GatewayBusy, maxCommandBytes } from '../gateway.ts'
import type { Log } from '../log.ts'
import type { Meta } from '../meta.ts'
import { partitionOf } from '../partitioner.ts'
import { type Pending, pendingCommands } from './pending.ts'
import { bytesOf, outboundQueue } from './queue.ts'
import { startSender } from './sender.ts'

export type CommandGatewayOptions = {
  readonly log: Log
  /** The platform's own numbers of partitions. */
  readonly partitions: Meta['partitions']
  /** This instance, by which outcomes are told to be its own. */
  readonly origin: string
  /** Commands without an outcome, at most. */
  readonly maxPending?: number
  /** Bytes that wait for a send, at most. */
  readonly maxQueuedBytes?: number
  /** A partition whose oldest command has waited for longer takes no more. */
  readonly shedAfterMs?: number
  /** A send failed and will be repeated. */
  readonly onFailure?: (error: Error) => void
}

const outcomeTimeoutMs = 10_000

/** Opens an edge's way into Kafka. See `CommandGateway`. */
export const openCommandGateway = async ({
  log,
  partitions,
  origin,
  maxPending = 20_000,
  maxQueuedBytes = 32 * 1024 * 1024,
  shedAfterMs = 2_000,
  onFailure = () => {},
}: CommandGatewayOptions): Promise<CommandGateway> => {
  const pending = pendingCommands()
  const queue = outboundQueue()
  const sender = startSender(log, queue, await log.appender(), onFailure)
  let closed = false
  const stopMeasuring = measure(origin, pending)

  return {
    submit: async (command, timeoutMs = outcomeTimeoutMs) => {
      const partition = partitionOf(command.key, partitions[command.family])
      if (closed) throw new GatewayBusy('going away')
      if (pending.count() >= maxPending || queue.bytes() >= maxQueuedBytes) throw new GatewayBusy('too much is pending')
      if (pending.oldestMs(command.family, partition) > shedAfterMs) throw new GatewayBusy('outcomes are late')
      const { family } = command
      const stage = continueStage('send', command.traceparent, { family, partition })
      const traced = stage.traceparent === undefined ? command : { ...command, traceparent: stage.traceparent }
      const record = encodeCommandRecord({ ...traced, origin })
      if (bytesOf({ record }) > maxCommandBytes) {
        stage.end()
        throw new CommandTooLarge(`a command has ${maxCommandBytes} bytes at most`)
      }
      const outcome = pending.add({ ...command, partition }, timeoutMs)
      queue.push({ family, partition, record, stage })
      sender.wake()
      return outcome
    },
    observe: (outcomes) => {
      for (const outcome of outcomes) if (outcome.origin === origin) pending.settle(outcome)
    },
    oldestPendingMs: () => pending.oldestMs(),
    pending: pending.count,
    close: async (timeoutMs = outcomeTimeoutMs) => {
      closed = true
      stopMeasuring()
      const signal = AbortSignal.timeout(timeoutMs)
      const timedOut = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      await Promise.race([pending.idle(), timedOut])
      await sender.close(signal)
      pending.abandon()
    },
  }
}

/** An origin is the app's name, a slash, and what tells its starts apart. */
const measure = (origin: string, pending: Pending): (() => void) => {
  const [app = origin] = origin.split('/')
  const read = (value: () => number) => () => [{ value: value(), attributes: { app } }]
  const removers = [
    gauge('whiply_commands_pending', 'Commands sent and not yet answered', read(pending.count)),
    gauge(
      'whiply_commands_oldest_pending_seconds',
      'Age of the oldest command that is not yet answered',
      read(() => pending.oldestMs() / 1000),
    ),
  ]
  return () => {
    for (const remove of removers) remove()
  }
}
