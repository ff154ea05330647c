import type { BroadcastCommand } from '#libs/broadcast/commands.ts'
import { outbound } from '#libs/broadcast/edge.ts'
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
  /** @returns what the journal answers, undefined where it has not in time */
  readonly send: (channelId: string, command: BroadcastCommand) => Promise<RepeatedSummary | undefined>
  /** What nobody waits for: a lease that was not renewed ends by itself. */
  readonly tell: (channelId: string, command: BroadcastCommand) => void
  /** Once everything that was sent is answered. */
  readonly settled: () => Promise<void>
}

export const createSender = ({ gateway, logger, now }: SenderOptions): Sender => {
  const underWay = new Set<Promise<unknown>>()

  const send: Sender['send'] = async (channelId, command) => {
    const sent = gateway.submit(outbound(channelId, command, now()))
    underWay.add(sent)
    try {
      const record = await sent
      return record && answerOf(record.outcome)
    } finally {
      underWay.delete(sent)
    }
  }

  return {
    send,
    tell: (channelId, command) => {
      send(channelId, command).catch((error: Error) =>
        logger.warn({ channelId, command: command.type, error: error.message }, 'a command was not sent'),
      )
    },
    settled: async () => void (await Promise.allSettled(underWay)),
  }
}
