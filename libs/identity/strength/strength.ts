import { Worker } from 'node:worker_threads'
import { AuthBusy } from '#libs/vault/passwords.ts'
import { type Asked, ready, type Scored } from './messages.ts'

/** How hard a password is to guess, as zxcvbn estimates it: no rules of composition, but what guessers try first. */
export type PasswordStrength = {
  /**
   * Why a password is too weak, in words that help; undefined where it is strong enough. `words` are what a guesser knows
   * of its owner. Rejects with `AuthBusy` where too many wait.
   */
  readonly weakness: (password: string, words: readonly string[]) => Promise<string | undefined>
  readonly close: () => Promise<void>
}

export type StrengthOptions = {
  /** Passwords that may wait, 32 by default: less than two seconds of the worst of them. */
  readonly queue?: number
  /** Without work for so long the thread ends and gives its memory back, 30 s by default. */
  readonly idleMs?: number
  /** No password takes so long: a thread that does is ended, and those who wait are told to try again. */
  readonly stuckMs?: number
  /** The thread itself may take so long to begin, 60 s by default: on a busy machine it loads its words for seconds. */
  readonly startMs?: number
}

/** Out of reach of who guesses online, and of little use against hashes as slow as ours; eight random characters have it. */
const leastGuesses = 1e8

const fallback =
  'It would be guessed soon. Choose some words that have nothing to do with one another, or let a manager make one.'

type Waiting = {
  readonly asked: Asked
  readonly resolve: (scored: Scored) => void
  readonly reject: (error: unknown) => void
}

/**
 * Scores in a thread of its own, one at a time, so that the event loop is never held up. The thread loads about 30 MiB of
 * words when the first password comes.
 */
export const createStrength = (options: StrengthOptions = {}): PasswordStrength => {
  const { queue = 32, idleMs = 30_000, stuckMs = 5_000, startMs = 60_000 } = options
  const waiting: Waiting[] = []
  let worker: Worker | undefined
  let isReady = false
  let timer: NodeJS.Timeout | undefined
  let nextId = 0

  const end = async (): Promise<void> => {
    clearTimeout(timer)
    const ending = worker
    worker = undefined
    await ending?.terminate()
  }

  const fail = (error: unknown): void => {
    void end()
    for (const { reject } of waiting.splice(0)) reject(error)
  }

  const giveUpAfter = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => fail(new AuthBusy('a password could not be looked at in time')), ms)
  }

  /** The first in the queue is the one under way. */
  const next = (): void => {
    clearTimeout(timer)
    const [first] = waiting
    if (!first) {
      timer = setTimeout(() => void end(), idleMs).unref()
      return
    }
    worker ??= start()
    giveUpAfter(isReady ? stuckMs : startMs)
    worker.postMessage(first.asked)
  }

  const start = (): Worker => {
    isReady = false
    const started = new Worker(new URL('worker.ts', import.meta.url))
    started.on('message', (scored: Scored | typeof ready) => {
      if (scored === ready) {
        if (started !== worker) return
        isReady = true
        giveUpAfter(stuckMs)
        return
      }
      // One that was given up answers nobody.
      if (started !== worker || waiting[0]?.asked.id !== scored.id) return
      waiting.shift()?.resolve(scored)
      next()
    })
    started.once('error', (error) => {
      if (started === worker) fail(error)
    })
    started.unref()
    return started
  }

  const score = (password: string, words: readonly string[]): Promise<Scored> =>
    new Promise((resolve, reject) => {
      if (waiting.length > queue) throw new AuthBusy('too many passwords at once')
      waiting.push({ asked: { id: nextId++, password, words }, resolve, reject })
      if (waiting.length === 1) next()
    })

  return {
    weakness: async (password, words) => {
      const { guesses, hint } = await score(password, words)
      return guesses >= leastGuesses ? undefined : hint || fallback
    },
    close: async () => {
      fail(new AuthBusy('the process ends'))
      await end()
    },
  }
}
