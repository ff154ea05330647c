import { HttpProblem } from './problem.ts'

/** Work that goes on behind an answer, so that its time tells the caller nothing of it. */
export type Behind = {
  /** Throws `platform.busy` where too much waits. */
  readonly run: (work: () => Promise<void>) => void
  /** Resolves once everything that was taken is done. */
  readonly close: () => Promise<void>
}

/** Does works one after the other; `bound` may wait. What fails is told to `onFailure`, and the next goes on. */
export const createBehind = (onFailure: (error: unknown) => void, bound = 1000): Behind => {
  let waiting = 0
  let last: Promise<void> = Promise.resolve()
  return {
    run: (work) => {
      if (waiting >= bound) throw new HttpProblem('platform.busy')
      waiting += 1
      last = last
        .then(work)
        .catch(onFailure)
        .finally(() => {
          waiting -= 1
        })
    },
    close: () => last,
  }
}
