import { setTimeout as sleep } from 'node:timers/promises'
import { HttpProblem } from '#libs/http/problem.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'
import type { Past } from '../past.ts'
import type { Job, Jobs } from './jobs.ts'
import { openFound } from './replay.ts'
import { comeBy, jobIdOf, toldJob } from './told.ts'

export type AskedPastOptions = {
  readonly jobs: Pick<Jobs, 'find' | 'open' | 'forget'>
  readonly keys: Pick<PersonalKeys, 'prefetch' | 'open'>
  readonly logId: string
  /** So long who asks waits for a job, and so many at once; others are told `later`. */
  readonly waitMs?: number
  readonly mostWaiting?: number
  readonly everyMs?: number
  readonly now?: () => number
}

/**
 * The past of channels for a process that replays nothing itself, since others wait for its CPU: every moment is a job,
 * which an edge that does replay takes up within seconds. Throws `platform.busy` where too many wait, and the code of a
 * job that has failed.
 */
export const createAskedPast = (options: AskedPastOptions): Past => {
  const { jobs, keys, logId, waitMs = 8000, mostWaiting = 8, everyMs = 200, now = Date.now } = options
  let waiting = 0

  const waitedFor = async (job: Job): Promise<Job> => {
    const deadline = performance.now() + waitMs
    let last = job
    while (last.status === 'pending' && performance.now() < deadline) {
      await sleep(everyMs)
      last = (await jobs.find(job.jobId)) ?? last
    }
    return last
  }

  const finished = async (job: Job): Promise<Job> => {
    if (waiting >= mostWaiting) return job
    waiting += 1
    try {
      return await waitedFor(job)
    } finally {
      waiting -= 1
    }
  }

  return {
    ask: async (channelId, asked) => {
      const moment = comeBy(asked, now())
      const jobId = jobIdOf(logId, channelId, moment)
      const known = await jobs.find(jobId)
      const begun = known && known.status !== 'failed' ? known : await jobs.open(jobId, channelId, moment)
      const job = await finished(begun)
      if (job.status === 'pending') return { kind: 'later', job: await toldJob(job, keys) }
      if (job.found) {
        // Told to who began it: it takes no room from those that others come back for.
        if (!known) await jobs.forget(jobId).catch(() => {})
        return { kind: 'found', channel: await openFound(job.found, keys) }
      }
      if (job.code === 'channel.unknown') return { kind: 'none' }
      throw new HttpProblem(job.code ?? 'platform.internal')
    },
    job: async (channelId, jobId) => {
      const job = await jobs.find(jobId)
      return job?.channelId === channelId ? toldJob(job, keys) : undefined
    },
  }
}
