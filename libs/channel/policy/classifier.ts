import { z } from 'zod'
import { dependency } from '#libs/http/dependency.ts'
import type { Classification } from '#libs/policy/subject.ts'

/**
 * Asks an outside model of a message. It answers within its bound whatever the model does, and never rejects: what is
 * late, wrong or away is `unavailable`, and the channel's rule decides.
 */
export type Classify = (message: { readonly channel: string; readonly text: string }) => Promise<Classification>

export type ClassifierOptions = {
  /** Asked by POST, `{ channel, text }` as JSON; answers `{ label, score, version }`. */
  readonly url: string
  /** Of a whole question, 150 by default. */
  readonly timeoutMs?: number
  /** At most so many questions at once; more are not asked. */
  readonly concurrency?: number
  /** After so many failures in a row the model is left alone for `restMs`. */
  readonly failures?: number
  readonly restMs?: number
  readonly now?: () => number
}

const unavailable: Classification = { kind: 'unavailable' }

const answerBytes = 16 * 1024

const Answer = z.object({
  label: z.string().min(1).max(64),
  score: z.number().min(0).max(1),
  version: z.string().min(1).max(64),
})

/** The body as far as it may go; an answer has no reason to be longer. */
const readBounded = async (response: Response): Promise<string> => {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > answerBytes) throw new RangeError(`an answer of over ${answerBytes} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** A model behind HTTP. Its failures are its own: a slow or broken one costs a post at most the timeout. */
export const httpClassifier = ({
  url,
  timeoutMs = 150,
  concurrency = 64,
  failures = 5,
  restMs = 2_000,
  now = Date.now,
}: ClassifierOptions): Classify => {
  const model = dependency({
    name: 'classifier',
    isAway: () => true,
    concurrency,
    queue: 0,
    timeoutMs,
    failures,
    restMs,
    now,
  })

  const ask = async (message: Parameters<Classify>[0]): Promise<Classification> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(message),
      redirect: 'error',
      // What is given up is also let go of.
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw new Error(`answered ${response.status}`)
    }
    return { kind: 'classified', ...Answer.parse(JSON.parse(await readBounded(response))) }
  }

  return async (message) => {
    try {
      return await model.call(() => ask(message))
    } catch {
      return unavailable
    }
  }
}
