import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { HttpProblem } from '#libs/http/problem.ts'
import { ObjectStoreError } from '#libs/journal/objects.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { until } from '#libs/testing/until.ts'
import { createAskedPast } from './asked.ts'
import { createJobs, type JobBounds } from './jobs.ts'
import type { FoundChannel } from './replay.ts'
import { type DoJob, startWorker } from './worker.ts'

const found: FoundChannel = {
  at: 5,
  position: 'channel.0.9',
  ownerId: '7',
  topic: null,
  slowModeSeconds: 0,
  roles: [],
  timeouts: [],
  closed: false,
  modes: [],
  marks: [],
  casework: {
    reports: 0,
    appeals: 0,
    proposals: 0,
    quorum: null,
    blockedTerms: [],
    group: [],
    followedBanLists: [],
    alts: [],
  },
  member: null,
  seq: 4,
  moderationSeq: 0,
}
const moment = { position: 'channel.0.9' }
const usual: JobBounds = { pending: 10, pendingOfChannel: 5, kept: 5, keptMs: 60_000 }

const setUp = async (t: TestContext, bounds: Partial<JobBounds> = {}) => {
  const closers: (() => Promise<unknown>)[] = []
  t.after(async () => {
    for (const close of closers.toReversed()) await close()
  })
  const sql = openPostgres(await testDatabase(t), { max: 4 })
  closers.push(() => sql.end({ timeout: 1 }))
  const jobs = createJobs(sql, { ...usual, ...bounds })
  const edge = (work: DoJob) => {
    const worker = startWorker({ jobs, work, logger: pino({ enabled: false }), everyMs: 5, pauseMs: 1 })
    closers.push(worker.close)
    return worker
  }
  const status = async (id: string) => (await jobs.find(id))?.status
  return { jobs, sql, edge, status }
}

const busy = (error: unknown): boolean => error instanceof HttpProblem && error.code === 'platform.busy'

test('edge-killed-mid-job: another takes it up, and what the first would say later counts no more', async (t) => {
  const { jobs } = await setUp(t)
  await jobs.open('a', '7', moment)
  assert.equal((await jobs.take('first', 20))?.jobId, 'a')
  assert.equal(await jobs.take('second', 60_000), undefined, 'it is leased')
  await sleep(25)
  const taken = await jobs.take('second', 60_000)
  assert.deepEqual([taken?.jobId, taken?.moment, taken?.attempts], ['a', moment, 2])
  assert.equal(await jobs.renew('a', 'first', 60_000, 1, 2), false)
  await jobs.finish('a', 'first', { code: 'platform.internal' })
  assert.equal(await jobs.renew('a', 'second', 60_000, 30, 40), true)
  const under = await jobs.find('a')
  assert.deepEqual([under?.status, under?.recordsRead, under?.recordsAtMost], ['pending', 30, 40])
  await jobs.finish('a', 'second', { found })
  const done = await jobs.find('a')
  assert.deepEqual([done?.status, done?.found, done?.code], ['done', found, undefined])
})

test('edge-restarted: a job under way is left to the next edge at once, as if it had not been begun', async (t) => {
  const { jobs, edge, status } = await setUp(t)
  await jobs.open('a', '7', moment)
  const begun = Promise.withResolvers<void>()
  const first = edge(async (_job, _onProgress, signal) => {
    begun.resolve()
    await sleep(60_000, undefined, { signal })
    return { found }
  })
  await begun.promise
  await first.close()
  assert.equal((await jobs.find('a'))?.attempts, 0)
  edge(async () => ({ found }))
  await until(async () => (await status('a')) === 'done')
})

test('an edge that asked, and one that only looks now and then, do jobs one after another', async (t) => {
  const { jobs, edge, status } = await setUp(t)
  const order: string[] = []
  await jobs.open('a', '7', moment)
  await jobs.open('b', '8', moment)
  edge(async ({ jobId }) => {
    order.push(jobId)
    await sleep(5)
    order.push(jobId)
    return { found }
  }).nudge()
  await until(async () => (await status('b')) === 'done')
  assert.deepEqual(order, ['a', 'a', 'b', 'b'])
})

test('a job that cannot be done ends with the code of why, at once where trying again would be in vain', async (t) => {
  const { jobs, edge, status } = await setUp(t)
  const attempts = new Map<string, number>()
  const errors = new Map<string, Error>([
    ['bug', new TypeError('no')],
    ['away', new ObjectStoreError('object.store_away', 'no answer')],
    ['ahead', new HttpProblem('http.as_of_out_of_reach')],
  ])
  for (const jobId of errors.keys()) await jobs.open(jobId, jobId, moment)
  edge(async ({ jobId }) => {
    attempts.set(jobId, (attempts.get(jobId) ?? 0) + 1)
    throw errors.get(jobId)
  })
  for (const jobId of errors.keys()) await until(async () => (await status(jobId)) === 'failed')
  const codes = await Promise.all([...errors.keys()].map(async (jobId) => (await jobs.find(jobId))?.code))
  assert.deepEqual(codes, ['platform.internal', 'platform.unavailable', 'http.as_of_out_of_reach'])
  assert.deepEqual([...attempts.values()].toSorted(), [1, 3, 3])
})

test('a job that ends every edge that takes it is given up', async (t) => {
  const { jobs, edge, status } = await setUp(t)
  await jobs.open('a', '7', moment)
  for (const worker of ['first', 'second', 'third']) {
    assert.ok(await jobs.take(worker, 1))
    await sleep(5)
  }
  edge(() => assert.fail('it is not begun again'))
  await until(async () => (await status('a')) === 'failed')
  assert.equal((await jobs.find('a'))?.code, 'platform.timeout')
})

test('a worker whose job is another’s by now stops', async (t) => {
  const { jobs, sql } = await setUp(t)
  await jobs.open('a', '7', moment)
  const stopped = Promise.withResolvers<unknown>()
  const worker = startWorker({
    jobs,
    logger: pino({ enabled: false }),
    everyMs: 60_000,
    leaseMs: 100,
    work: async (_job, onProgress) => {
      for (;;) {
        await sleep(5)
        await onProgress(1, 2).catch((error) => {
          stopped.resolve(error)
          throw error
        })
      }
    },
  })
  t.after(worker.close)
  await until(async () => (await jobs.find('a'))?.recordsRead === 1)
  await sql`update http_edge.past_jobs set worker = 'other', free_at = now() + interval '1 hour'`
  assert.ok((await stopped.promise) instanceof Error)
  const left = await jobs.find('a')
  assert.deepEqual([left?.status, left?.attempts], ['pending', 1])
})

test('jobs are bounded: pending ones of a channel and in all, finished ones by number and by age', async (t) => {
  const { jobs, status } = await setUp(t, { pending: 3, pendingOfChannel: 2, kept: 2 })
  await jobs.open('a', '7', moment)
  await jobs.open('b', '7', moment)
  assert.equal((await jobs.open('b', '7', moment)).jobId, 'b', 'the same one again')
  await assert.rejects(jobs.open('c', '7', moment), busy)
  await jobs.open('c', '8', moment)
  await assert.rejects(jobs.open('d', '9', moment), busy)
  for (const jobId of ['a', 'b', 'c']) {
    assert.equal((await jobs.take('w', 60_000))?.jobId, jobId)
    await jobs.finish(jobId, 'w', { found })
  }
  await jobs.open('d', '9', moment)
  assert.deepEqual(await Promise.all(['a', 'b', 'c', 'd'].map(status)), [undefined, undefined, 'done', 'pending'])
})

test('what was found is forgotten after a while, and what failed is begun again for who asks again', async (t) => {
  const { jobs } = await setUp(t, { keptMs: 300 })
  await jobs.open('a', '7', moment)
  await jobs.take('w', 60_000)
  await jobs.finish('a', 'w', { code: 'platform.internal' })
  assert.equal((await jobs.open('a', '7', moment)).status, 'pending')
  await until(async () => (await jobs.find('a')) === undefined)
  assert.equal(await jobs.take('w', 60_000), undefined)
})

test('a process that replays nothing is told what another finds, and leaves no job behind that nobody comes back for', async (t) => {
  const { jobs, edge, sql } = await setUp(t)
  const keys = { prefetch: async () => {}, open: () => undefined }
  const waits = { jobs, keys, logId: 'log', everyMs: 5 }
  const codes: Record<string, string> = { '8': 'channel.unknown', '9': 'http.as_of_out_of_reach' }
  const asked = createAskedPast({ ...waits, waitMs: 60_000, now: () => 50 })
  const worker = edge(async ({ channelId, moment }) => {
    assert.deepEqual(moment, { at: 50 }, 'what is to come is as now')
    const code = codes[channelId]
    return code === undefined ? { found } : { code }
  })
  const answer = await asked.ask('7', { at: 99 })
  assert.equal(answer.kind === 'found' && answer.channel.position, found.position)
  assert.equal((await sql`select 1 from http_edge.past_jobs`).length, 0)
  assert.deepEqual(await asked.ask('8', { at: 50 }), { kind: 'none' })
  await assert.rejects(asked.ask('9', { at: 50 }), { code: 'http.as_of_out_of_reach' })

  await worker.close()
  const hurried = createAskedPast({ ...waits, waitMs: 0 })
  const later = await hurried.ask('7', moment)
  assert.equal(later.kind, 'later')
  const jobId = later.kind === 'later' ? later.job.jobId : ''
  assert.deepEqual([(await hurried.job('7', jobId))?.status, await hurried.job('8', jobId)], ['pending', undefined])
  const crowded = createAskedPast({ ...waits, waitMs: 60_000, mostWaiting: 0 })
  assert.equal((await crowded.ask('7', moment)).kind, 'later')
  // Others come back for it: it is kept once it is told.
  edge(async () => ({ found }))
  assert.equal((await asked.ask('7', moment)).kind, 'found')
  assert.equal((await jobs.find(jobId))?.status, 'done')
})
