import { createHash } from 'node:crypto'

/** Passwords that became known in breaches elsewhere, as a service has them. */
export type Breaches = {
  /** Whether a password is among them; false where the service does not say. Never rejects. */
  readonly has: (password: string) => Promise<boolean>
}

export type BreachesOptions = {
  /** Of the service's range search: to it come five digits of a hash. */
  readonly url: string
  /** Told why it was not known, at most once in a minute; nothing of the password. */
  readonly onError: (error: unknown) => void
  /** The whole answer may take so long, 2 s by default. */
  readonly timeoutMs?: number
  /** Questions at once, 16 by default; beyond, nothing is asked. */
  readonly most?: number
  readonly now?: () => number
}

/** Digits that leave the platform: about 1,000 of the passwords that are known share them. */
const PREFIX = 5

/** An answer has about 40 KiB. */
const MOST_BYTES = 512 * 1024

/** After a failure nothing is asked for so long, so that a service that is away holds up one person and not all. */
export const PAUSE_MS = 30_000

const TOLD_MS = 60_000

const textOf = async (response: Response): Promise<string> => {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > MOST_BYTES) throw new Error('the answer is too long')
  }
  return text
}

/** Lines of the rest of a hash and how often it was seen; those of padding were seen never. */
const line = /^([0-9A-F]{35}):(\d{1,12})$/

const isListed = (text: string, rest: string): boolean => {
  const lines = text.split(/\r?\n/).filter((each) => each !== '')
  if (lines.length === 0) throw new Error('the answer is empty')
  return lines
    .map((each) => line.exec(each.toUpperCase()) ?? fail())
    .some(([, suffix, seen]) => suffix === rest && Number(seen) > 0)
}

const fail = (): never => {
  throw new Error('the answer is none of a range search')
}

/**
 * Asks a service for the range of a password's SHA-1 (k-anonymity, as the range search of Pwned Passwords has it): it is
 * sent five hexadecimal digits of forty, and not told which of the answers was looked for. A service that is slow, away or
 * makes no sense keeps nobody from a password.
 */
export const createBreaches = (options: BreachesOptions): Breaches => {
  const { url, onError, timeoutMs = 2_000, most = 16, now = Date.now } = options
  const base = url.endsWith('/') ? url : `${url}/`
  let underWay = 0
  let pausedUntil = Number.NEGATIVE_INFINITY
  let toldAt = Number.NEGATIVE_INFINITY

  const ask = async (prefix: string): Promise<string> => {
    const response = await fetch(new URL(prefix, base), {
      // Answers of one length tell nobody on the way which range it was.
      headers: { 'add-padding': 'true', 'user-agent': 'whiply' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new Error(`the service answered ${response.status}`)
    }
    return textOf(response)
  }

  return {
    has: async (password) => {
      if (now() < pausedUntil || underWay >= most) return false
      const hash = createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase()
      underWay++
      try {
        return isListed(await ask(hash.slice(0, PREFIX)), hash.slice(PREFIX))
      } catch (error) {
        pausedUntil = now() + PAUSE_MS
        if (now() - toldAt >= TOLD_MS) {
          toldAt = now()
          onError(error)
        }
        return false
      } finally {
        underWay--
      }
    },
  }
}
