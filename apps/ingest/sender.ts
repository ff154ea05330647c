import type { BroadcastCommand } from '#libs/broadcast/commands.ts'
import { outbound } from '#libs/broadcast/edge.ts'
import { pauses } from '#libs/journal/backoff.ts'
import type { CommandGateway } from '#libs/journal/gateway.ts'
import { answerOf, type RepeatedSummary } from '#libs/journal/outcome.ts'
import type { Logger } from '#libs/telemetry/logger.ts'

export type SenderOptions = {
  readonly gateway: Pick<CommandGateway, 'submit'>
  readonly logger: Pick<Logger, 'warn'>
  readonly now: () => number
}

/** Sends commands to the broadcasts of channels. */
export type Sender = {
  /** @returns what the journal answers, undefined where it has not decided in time */
  readonly send: (channelId: string, command: BroadcastCommand) => Promise<RepeatedSummary | undefined>
  /** What nobody waits for, and what comes too late by the next time. */
  readonly tell: (channelId: string, command: BroadcastCommand) => void
  /**
   * What has to be decided, however long the log is away: sent anew, as a command of its own, until it is. Given up after an
   * hour, or when this process ends: leases and times of grace are over by then, or end by themselves.
   */
  readonly insist: (channelId: string, command: BroadcastCommand) => void
  /** Once everything that was sent is answered; nothing is sent anew from here on. */
  readonly settled: () => Promise<void>
}

/** The longest time of grace that there is. */
const INSIST_MS = 3_600_000
const between = { firstMs: 500, mostMs: 10_000, steadyMs: Number.POSITIVE_INFINITY } as const

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms).unref())

export const createSender = ({ gateway, logger, now }: SenderOptions): Sender => {
  const underWay = new Set<Promise<unknown>>()
  let isClosing = false

  const send: Sender['send'] = async (channelId, command) => {
    const sent = gateway.submit(outbound(channelId, command, now()))
    underWay.add(sent)
    try {
      const record = await sent
      const answer = record && answerOf(record.outcome)
      return answer?.kind === 'rejected' && answer.code === 'command.expired' ? undefined : answer
    } finally {
      underWay.delete(sent)
    }
  }

  const warn = (channelId: string, { type: command }: BroadcastCommand, error: string): void =>
    logger.warn({ channelId, command, error }, 'a command was not sent')

  const sendUntilDecided: (...of: Parameters<Sender['send']>) => Promise<void> = async (channelId, command) => {
    const since = now()
    const until = pauses(between)
    while (!(await send(channelId, command).catch(() => undefined))) {
      if (!isClosing) await pause(until.next())
      if (isClosing || now() - since > INSIST_MS) return warn(channelId, command, 'it was not decided in time')
    }
  }

  return {
    send,
    tell: (channelId, command) => {
      send(channelId, command).catch((error: Error) => warn(channelId, command, error.message))
    },
    insist: (channelId, command) => void sendUntilDecided(channelId, command),
    settled: async () => {
      isClosing = true
      await Promise.allSettled(underWay)
    },
  }
}
