/**
 * Lets logins that come while others wait for their password go on together, so that they are one statement in Postgres,
 * one send to Kafka and one turn of its decider, which for a single one cost nearly as much. While nobody waits nobody is
 * held up.
 */
export type Together = () => Promise<void>

export type TogetherOptions = {
  /** Whether there will be others soon. */
  readonly isBusy: () => boolean
  /** The longest that one waits for others, 80 ms by default. */
  readonly waitMs?: number
  /** They go on when there are so many, 32 by default. */
  readonly most?: number
}

export const createTogether = ({ isBusy, waitMs = 80, most = 32 }: TogetherOptions): Together => {
  const waiting: (() => void)[] = []
  let timer: NodeJS.Timeout | undefined

  const goOn = (): void => {
    clearTimeout(timer)
    timer = undefined
    for (const resume of waiting.splice(0)) resume()
  }

  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (!isBusy() || waiting.length >= most) goOn()
      else timer ??= setTimeout(goOn, waitMs)
    })
}
