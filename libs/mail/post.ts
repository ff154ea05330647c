import { setTimeout as sleep } from 'node:timers/promises'
import { type Mail, MailError, type Mailer } from './mailer.ts'

/** Mail sent behind an answer that does not wait for it. */
export type Post = {
  /** Takes a mail; where too many wait it is dropped, and `onLost` told. */
  readonly put: (mail: Mail) => void
  readonly waiting: () => number
  /** Destroys the mails about an account, those that wait and those that lie here. */
  readonly forget: (accountId: string) => void
  /** Sends what waits, within a bound, then lets go of the mailer. */
  readonly close: () => Promise<void>
}

export type PostOptions = {
  readonly mailer: Mailer
  /** Told of each mail that was given up; never of its text or receiver. */
  readonly onLost: (error: unknown) => void
  /** Mails that may wait, 1,000 by default. */
  readonly bound?: number
  /** Waits between tries of one mail while the server is away. */
  readonly pausesMs?: readonly number[]
  /** How long `close` may take. */
  readonly closeMs?: number
}

const isLater = (error: unknown): boolean => error instanceof MailError && error.code !== 'mail.refused'

/** Sends mails one after the other, in the order in which they came. What it holds is lost with the process. */
export const createPost = (options: PostOptions): Post => {
  const { mailer, onLost, bound = 1000, pausesMs = [1000, 5000, 30_000], closeMs = 3000 } = options
  const waiting: Mail[] = []
  const ending = new AbortController()
  let running: Promise<void> | undefined

  const deliver = async (mail: Mail): Promise<void> => {
    for (const pauseMs of pausesMs) {
      try {
        return await mailer.send(mail)
      } catch (error) {
        if (!isLater(error)) throw error
        await sleep(pauseMs, undefined, { signal: ending.signal, ref: false }).catch(() => {})
      }
    }
    await mailer.send(mail)
  }

  const run = async (): Promise<void> => {
    for (let mail = waiting.shift(); mail; mail = waiting.shift()) await deliver(mail).catch(onLost)
    running = undefined
  }

  return {
    put: (mail) => {
      if (ending.signal.aborted || waiting.length >= bound) {
        onLost(new MailError('mail.away', 'Too many mails wait.'))
        return
      }
      waiting.push(mail)
      running ??= run()
    },
    waiting: () => waiting.length,
    forget: (accountId) => {
      for (let index = waiting.length - 1; index >= 0; index--)
        if (waiting[index]?.accountId === accountId) waiting.splice(index, 1)
      // Behind the mail that is on its way, which may be one of them.
      void Promise.resolve(running)
        .then(() => mailer.forget(accountId))
        .catch(onLost)
    },
    close: async () => {
      ending.abort()
      await Promise.race([running, sleep(closeMs, undefined, { ref: false })])
      await mailer.close()
    },
  }
}
