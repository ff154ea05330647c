import { HttpProblem } from '#libs/http/problem.ts'
import { ObjectStoreError } from '#libs/journal/objects.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'
import type { Moment, Past } from '../past.ts'
import type { Jobs } from './jobs.ts'
import { openFound, type Replayed, type ReplaySource, replayChannel } from './replay.ts'
import { comeBy, jobIdOf, toldJob } from './told.ts'
import { startWorker, type WorkerOptions } from './worker.ts'

export type PastOptions = ReplaySource & {
  readonly keys: Pick<PersonalKeys, 'prefetch' | 'open'>
  readonly jobs: Jobs
  readonly logger: Logger
  /** Replays at once while their askers wait; more are told to come again. */
  readonly concurrency?: number
  /** What takes longer than this, or needs more records, is left to a job. */
  readonly timeoutMs?: number
  readonly nearRecords?: number
  readonly worker?: Pick<WorkerOptions, 'everyMs' | 'leaseMs' | 'pauseMs'>
  readonly now?: () => number
}

/**
 * The past of channels, replayed from the nearest snapshot: at once where that is near, else by a job, which any edge
 * does and any edge answers for. Throws `platform.busy`, `platform.unavailable` where the object store is away, and
 * `http.as_of_out_of_reach` for a moment that has not come, or that the journal has lost.
 */
export const createPast = (options: PastOptions): Past & { readonly close: () => Promise<void> } => {
  const { jobs, keys, logger, meta, now = Date.now } = options
  const { concurrency = 2, timeoutMs = 5000, nearRecords = 100_000 } = options
  let running = 0

  const worker = startWorker({
    ...options.worker,
    jobs,
    logger,
    work: async ({ channelId, moment }, onProgress, signal) => {
      const mostRecords = Number.POSITIVE_INFINITY
      const replayed = await replayChannel(options, channelId, moment, { mostRecords, onProgress, signal })
      return replayed.kind === 'found' ? { found: replayed.found } : { code: 'channel.unknown' }
    },
  })

  const replayNear = async (channelId: string, moment: Moment): Promise<Replayed> => {
    if (running >= concurrency) throw new HttpProblem('platform.busy')
    running++
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      return await replayChannel(options, channelId, moment, { mostRecords: nearRecords, signal })
    } catch (error) {
      if (signal.aborted) return { kind: 'far' }
      if (!(error instanceof ObjectStoreError)) throw error
      throw new HttpProblem('platform.unavailable', { message: 'The object store is away.', cause: error })
    } finally {
      running--
    }
  }

  return {
    ask: async (channelId, asked) => {
      const moment = comeBy(asked, now())
      const jobId = jobIdOf(meta.logId, channelId, moment)
      const known = await jobs.find(jobId)
      if (known?.found) return { kind: 'found', channel: await openFound(known.found, keys) }
      if (known?.status === 'pending') return { kind: 'later', job: await toldJob(known, keys) }
      const replayed = await replayNear(channelId, moment)
      if (replayed.kind === 'none') return { kind: 'none' }
      if (replayed.kind === 'found') return { kind: 'found', channel: await openFound(replayed.found, keys) }
      const job = await jobs.open(jobId, channelId, moment)
      worker.nudge()
      return { kind: 'later', job: await toldJob(job, keys) }
    },
    job: async (channelId, jobId) => {
      const job = await jobs.find(jobId)
      return job?.channelId === channelId ? toldJob(job, keys) : undefined
    },
    close: worker.close,
  }
}
