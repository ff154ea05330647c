import type { RateLimiter } from '#libs/http/rate-limit.ts'
import { type ClientFrame, parseClientFrame } from '#libs/protocols/native/client-frames.ts'
import { errorFrame } from './answers.ts'
import type { Connection } from './connection.ts'
import { limits } from './limits.ts'
import type { Session } from './session.ts'

export type IntakeOptions = {
  readonly connection: Connection
  /** The `Cookie` header of the handshake, where its origin may use it. */
  readonly cookie: string | undefined
  readonly session: Session
  readonly limiter: RateLimiter
  /** Stops and goes on with reading from the network. */
  readonly pause: () => void
  readonly resume: () => void
}

/** What may carry a document. */
const mayBeLarge = ({ type }: ClientFrame): boolean => type === 'query' || type === 'command'

/**
 * Takes the frames of one connection in their order. While one has to wait (a token to be verified, a channel to be read)
 * nothing more is read from the network; what the system had handed over already waits here, bounded by one read of the
 * socket and by the rate.
 */
export const createIntake = ({ connection, cookie, session, limiter, pause, resume }: IntakeOptions) => {
  const queue: Buffer[] = []
  let busy = false
  let invalid = 0

  const take = (data: Buffer): Promise<void> | undefined => {
    const isLarge = data.length > limits.frameBytes
    // Nobody has it parsed who has not said who they are.
    const parsed = isLarge && !connection.identity ? undefined : parseClientFrame(data.toString('utf8'))
    if (isLarge && !(parsed?.ok && mayBeLarge(parsed.frame))) {
      connection.close('tooBig', `more than ${limits.frameBytes} bytes`)
      return undefined
    }
    if (!parsed) return undefined
    if (parsed.ok) return session.handle(connection, cookie, parsed.frame)
    const { id, message } = parsed
    connection.send(errorFrame('live.invalid_frame', { message, ...(id !== undefined && { id }) }))
    if (++invalid >= limits.invalidFrames) connection.close('policy', 'not the protocol')
    return undefined
  }

  const takeAfter = async (first: Promise<void>): Promise<void> => {
    busy = true
    pause()
    await first
    for (let data = queue.shift(); data !== undefined; data = queue.shift()) if (connection.open) await take(data)
    busy = false
    resume()
  }

  return (data: Buffer, isBinary: boolean): void => {
    if (!connection.open) return
    if (isBinary) {
      connection.close('unsupportedData', 'text frames only')
      return
    }
    if (limiter.take(connection.id, limits.frames) > 0) {
      connection.close('policy', 'too many frames')
      return
    }
    if (busy) {
      queue.push(data)
      return
    }
    const work = take(data)
    if (work) void takeAfter(work)
  }
}
