import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { HttpProblem } from '#libs/http/problem.ts'
import { safeError } from '#libs/http/safe-error.ts'
import { ObjectStoreError } from '#libs/journal/objects.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Job, JobOutcome, Jobs } from './jobs.ts'

/** Does the work of a job. `onProgress` rejects once the job is somebody else's. */
export type DoJob = (
  job: Job,
  onProgress: (read: number, ofAtMost: number) => Promise<void>,
  signal: AbortSignal,
) => Promise<JobOutcome>

export type WorkerOptions = {
  readonly jobs: Jobs
  readonly work: DoJob
  readonly logger: Logger
  /** How often an idle worker looks for jobs that others have left. */
  readonly everyMs?: number
  /** Who does not renew for so long is taken for dead. */
  readonly leaseMs?: number
  /** Before a job that failed is begun again. */
  readonly pauseMs?: number
}

/** One job at a time, so that an edge's requests go on beside it. */
export type Worker = {
  /** There may be something to do. */
  readonly nudge: () => void
  /** A job under way is left to another edge, which begins it again. */
  readonly close: () => Promise<void>
}

const ATTEMPTS = 3

class LeaseLost extends Error {}

/** The moment itself is at fault, not an engine: trying again would come to the same. */
const isFinal = (error: unknown): error is HttpProblem =>
  error instanceof HttpProblem && !error.code.startsWith('platform.')

const codeOf = (error: unknown): string => {
  if (error instanceof HttpProblem) return error.code
  return error instanceof ObjectStoreError ? 'platform.unavailable' : 'platform.internal'
}

export const startWorker = (options: WorkerOptions): Worker => {
  const { jobs, work, logger, everyMs = 2000, leaseMs = 15_000, pauseMs = 5000 } = options
  const name = randomUUID()
  const abort = new AbortController()
  const { signal } = abort
  let nudged = new AbortController()

  const progress = (job: Job, alive: () => void) => {
    let renewed = performance.now()
    let paced = renewed
    return async (read: number, ofAtMost: number): Promise<void> => {
      alive()
      // As long as the last run took: half of the process is left to its requests.
      await sleep(performance.now() - paced, undefined, { signal })
      paced = performance.now()
      if (paced - renewed < leaseMs / 10) return
      renewed = paced
      if (!(await jobs.renew(job.jobId, name, leaseMs, read, ofAtMost))) throw new LeaseLost()
    }
  }

  const failed = async (job: Job, error: unknown): Promise<void> => {
    if (signal.aborted) return jobs.release(job.jobId, name, 0, true)
    if (error instanceof LeaseLost) return
    if (isFinal(error) || job.attempts >= ATTEMPTS) return jobs.finish(job.jobId, name, { code: codeOf(error) })
    logger.warn({ job: job.jobId, error: safeError(error) }, 'a moment of the past was not found; it is tried again')
    await jobs.release(job.jobId, name, pauseMs, false)
  }

  const carryOut = async (job: Job): Promise<void> => {
    const stalled = new AbortController()
    const timer = setTimeout(() => stalled.abort(new HttpProblem('platform.timeout')), leaseMs)
    try {
      // Its worker went away each time: it may be the job that ends them.
      if (job.attempts > ATTEMPTS) throw new HttpProblem('platform.timeout')
      const onProgress = progress(job, () => timer.refresh())
      await jobs.finish(job.jobId, name, await work(job, onProgress, AbortSignal.any([signal, stalled.signal])))
    } catch (error) {
      await failed(job, error)
    } finally {
      clearTimeout(timer)
    }
  }

  const running = (async () => {
    while (!signal.aborted) {
      const job = await jobs.take(name, leaseMs).catch(() => undefined)
      if (job) {
        // Where Postgres is away the lease runs out, and the job is begun again.
        await carryOut(job).catch((error) => logger.warn({ job: job.jobId, error: safeError(error) }, 'a job is left'))
        continue
      }
      await sleep(everyMs, undefined, { signal: AbortSignal.any([signal, nudged.signal]), ref: false }).catch(() => {})
      if (nudged.signal.aborted) nudged = new AbortController()
    }
  })()

  return {
    nudge: () => nudged.abort(),
    close: async () => {
      abort.abort()
      await running
    },
  }
}
