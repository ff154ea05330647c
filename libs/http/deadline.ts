import type { HttpProblem } from './problem.ts'

/** Refuses with `late` when the time is over; what is still under way is told by its signal, and its end is of no more interest. */
export const withDeadline = async <Result>(
  work: Promise<Result>,
  timeoutMs: number,
  abort: AbortController,
  late: () => HttpProblem,
): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late())
      abort.abort()
    }, timeoutMs)
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
  }
}
