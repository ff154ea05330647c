import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Log } from '#libs/journal/log.ts'
import { memoryLog } from '#libs/journal/memory/log.ts'
import { createMemoryObjects } from '#libs/journal/objects/memory.ts'
import { type ObjectStore, ObjectStoreError } from '#libs/journal/objects.ts'
import { ensureTopics } from '#libs/journal/topics.ts'
import type { Job, Jobs } from './jobs.ts'
import { createPast } from './replayed.ts'

const noKeys = { prefetch: async () => {}, open: () => undefined }

/** Jobs in memory that nobody takes up. */
const memoryJobs = (): Jobs & { readonly opened: Map<string, Job> } => {
  const opened = new Map<string, Job>()
  return {
    opened,
    find: async (jobId) => opened.get(jobId),
    open: async (jobId, channelId, moment) => {
      const progress = { attempts: 0, recordsRead: 0, recordsAtMost: 0, found: undefined, code: undefined }
      const job: Job = { jobId, channelId, moment, status: 'pending', ...progress, expiresAt: 0 }
      opened.set(jobId, job)
      return job
    },
    forget: async (jobId) => void opened.delete(jobId),
    take: async () => undefined,
    renew: async () => true,
    finish: async () => {},
    release: async () => {},
  }
}

const past = async (over: { readonly objects?: ObjectStore; readonly log?: (log: Log) => Log }, options = {}) => {
  const log = memoryLog()
  const meta = await ensureTopics(log, {
    replication: 1,
    partitions: { account: 1, channel: 1, broadcast: 1, conversation: 1 },
  })
  const jobs = memoryJobs()
  const { objects = createMemoryObjects() } = over
  const logger = pino({ enabled: false })
  const created = createPast({ log: over.log?.(log) ?? log, meta, objects, keys: noKeys, jobs, logger, ...options })
  return { ...created, jobs }
}

const coded = (code: string) => (error: unknown) => error instanceof HttpProblem && error.code === code

test('object-store-away: the past cannot be told, and that is said', async (t) => {
  const away = () => Promise.reject(new ObjectStoreError('object.store_away', 'no answer'))
  const { ask, close } = await past({ objects: { ...createMemoryObjects(), list: away } })
  t.after(close)
  await assert.rejects(ask('7', { at: 5 }), coded('platform.unavailable'))
})

test('a replay that takes too long is left to a job, the same one for the same moment', async (t) => {
  const stuck: Log['bounds'] = async () => [{ start: 0, end: 9 }]
  const { ask, job, jobs, close } = await past({ log: (log) => ({ ...log, bounds: stuck }) }, { timeoutMs: 5 })
  t.after(close)
  const first = await ask('7', { at: 5 })
  const again = await ask('7', { at: 5 })
  assert.ok(first.kind === 'later' && again.kind === 'later')
  assert.equal(first.job.jobId, again.job.jobId)
  assert.match(first.job.jobId, /^[\w-]{22}$/)
  assert.equal((await job('7', first.job.jobId))?.status, 'pending')
  assert.equal(await job('8', first.job.jobId), undefined, 'it is of another channel')
  await ask('7', { at: 6 })
  await ask('8', { at: 5 })
  assert.equal(jobs.opened.size, 3)
})

test('more replays at once than there may be are told to come again', async (t) => {
  const { ask, close } = await past({}, { concurrency: 0 })
  t.after(close)
  await assert.rejects(ask('7', { at: 5 }), coded('platform.busy'))
})
