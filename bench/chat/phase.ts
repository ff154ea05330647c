import { setTimeout as wait } from 'node:timers/promises'
import { uuidv7 } from '#libs/journal/ids.ts'
import { atRate } from '../load/rate.ts'
import { createSamples, type Samples } from '../load/samples.ts'
import { type Crowd, postText } from './crowd.ts'
import { postBooks } from './ledger.ts'

export type PhaseOptions = {
  readonly channels: number
  readonly audience: number
  readonly deliveriesPerSecond: number
  readonly warmUpSeconds: number
  readonly seconds: number
  readonly textBytes: number
  /** Called when warm-up is over, to read CPU clocks. */
  readonly onMeasure?: () => void
}

export type PhaseResult = {
  readonly samples: Samples
  readonly undelivered: number
  readonly measuredDeliveries: number
}

/** How long a phase waits for what is still under way when its last post has been sent. */
const drainMs = 15_000

/** Posts at a fixed rate whatever comes back; a post's latency counts from the moment at which it was due. */
export const runPhase = async (crowd: Crowd, options: PhaseOptions): Promise<PhaseResult> => {
  const postsPerSecond = options.deliveriesPerSecond / options.audience
  const posts = Math.round(postsPerSecond * (options.warmUpSeconds + options.seconds))
  const firstMeasured = Math.round(postsPerSecond * options.warmUpSeconds)
  const samples = createSamples()
  const books = postBooks({ posts, audience: options.audience, firstMeasured, samples })
  crowd.book(books)

  await atRate(postsPerSecond, posts, (post, dueAtMs) => {
    if (post === firstMeasured) options.onMeasure?.()
    books.due(post, dueAtMs)
    crowd.post(post % options.channels, uuidv7(), postText(post, options.textBytes))
  })
  const deadline = performance.now() + drainMs
  while (books.undelivered() > 0 && performance.now() < deadline) await wait(20)
  return { samples, undelivered: books.undelivered(), measuredDeliveries: samples.count() }
}
