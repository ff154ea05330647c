import { HttpProblem } from '#libs/http/problem.ts'
import { createByteCache } from './byte-cache.ts'
import type { FetchOrigin, OriginAnswer } from './origin.ts'

export type ShieldOptions = {
  readonly fetch: FetchOrigin
  readonly cacheBytes: number
  /** What is under way at once; more is refused with `platform.busy`. */
  readonly mostUnderWay?: number
  readonly now?: () => number
}

/** How an answer came: of the cache, with somebody else's request, or by one of its own. */
export type Came = 'hit' | 'joined' | 'fetched'

/** Stands between viewers and ingest apps: what many ask for is asked for once. */
export type Shield = {
  readonly get: (url: string) => { readonly came: Came; readonly answer: OriginAnswer | Promise<OriginAnswer> }
  readonly bytes: () => number
}

export const createShield = ({ fetch, cacheBytes, mostUnderWay = 2_000, now = Date.now }: ShieldOptions): Shield => {
  const cache = createByteCache<OriginAnswer>(cacheBytes, now)
  const underWay = new Map<string, Promise<OriginAnswer>>()

  const ask = async (url: string): Promise<OriginAnswer> => {
    try {
      const answer = await fetch(url)
      cache.put(url, answer, answer.body.length, answer.maxAgeSeconds * 1000)
      return answer
    } finally {
      underWay.delete(url)
    }
  }

  return {
    get: (url) => {
      const known = cache.get(url)
      if (known) return { came: 'hit', answer: known }
      const joined = underWay.get(url)
      if (joined) return { came: 'joined', answer: joined }
      if (underWay.size >= mostUnderWay) throw new HttpProblem('platform.busy')
      const answer = ask(url)
      underWay.set(url, answer)
      return { came: 'fetched', answer }
    },
    bytes: cache.bytes,
  }
}
