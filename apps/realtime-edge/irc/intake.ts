import type { RateLimiter } from '#libs/http/rate-limit.ts'
import { createLineReader, type Line } from '#libs/protocols/irc/lines.ts'
import type { IrcMessage } from '#libs/protocols/irc/message.ts'
import { parseMessage } from '#libs/protocols/irc/parse.ts'
import { limits } from '../limits.ts'
import { lineLimits } from './bounds.ts'
import type { IrcConnection } from './connection.ts'
import { notice, reply } from './replies.ts'

export type IrcIntakeOptions = {
  readonly connection: IrcConnection
  readonly handle: (message: IrcMessage) => Promise<void> | undefined
  readonly limiter: RateLimiter
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

/**
 * Takes the bytes of one connection, line by line in their order. While one has to wait (a token to be verified, a
 * channel to be read) nothing more is read from the network; what was read already waits here, bounded by one read of the
 * socket and by the rate.
 */
export const createIrcIntake = ({ connection, handle, limiter, onError, now }: IrcIntakeOptions) => {
  const reader = createLineReader(lineLimits.tagsBytes + lineLimits.bodyBytes)
  const queue: Line[] = []
  let busy = false
  let invalid = 0

  const refuse = (kind: 'too_long' | 'malformed' | 'not-utf8'): void => {
    if (kind === 'too_long') connection.send(reply(connection, 'inputTooLong', [], 'Input line was too long'))
    else {
      const what = kind === 'malformed' ? 'That is no message of IRC' : 'That is not UTF-8'
      connection.send(notice(connection.face, '*', 'live.invalid_frame', what))
    }
    if (++invalid >= limits.invalidFrames) connection.close('policy', 'not the protocol')
  }

  /** A mistake of ours costs this connection, and no other. */
  const failed = (error: unknown): void => {
    onError(error)
    connection.close('policy', 'internal error')
  }

  const answer = (message: IrcMessage): Promise<void> | undefined => {
    try {
      return handle(message)?.catch(failed)
    } catch (error) {
      failed(error)
      return undefined
    }
  }

  const take = (line: Line): Promise<void> | undefined => {
    if (line.kind === 'too-long') {
      refuse('too_long')
      // Far beyond what is read of any line: it may have no end at all.
      connection.close('policy', 'Input line was too long')
    } else if (line.kind === 'not-utf8') refuse('not-utf8')
    else {
      const parsed = parseMessage(line.text, lineLimits)
      if (parsed.ok) return answer(parsed.message)
      if (parsed.failure !== 'empty') refuse(parsed.failure)
    }
    return undefined
  }

  const takeAfter = async (first: Promise<void>): Promise<void> => {
    busy = true
    connection.wire.pause()
    await first
    for (let line = queue.shift(); line !== undefined; line = queue.shift()) if (connection.open) await take(line)
    busy = false
    connection.wire.resume()
  }

  return (chunk: Uint8Array): void => {
    for (const line of reader.feed(chunk)) {
      if (!connection.open) return
      connection.seenAt = now()
      if (limiter.take(connection.id, limits.frames) > 0) connection.close('policy', 'too many lines')
      else if (busy) queue.push(line)
      else {
        const work = take(line)
        if (work) void takeAfter(work)
      }
    }
  }
}
