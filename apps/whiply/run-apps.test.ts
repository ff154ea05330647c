import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '#infra/embedded/engine.ts'
import type { StartApp } from '#libs/config/app.ts'
import { type Config, readConfig } from '#libs/config/config.ts'
import type { AppEntry } from './apps.ts'
import { runApps } from './run-apps.ts'

const DEADLINE_MS = 60_000

const app = (name: AppEntry['name'], start: StartApp): AppEntry => ({
  name,
  doc: '',
  load: async () => ({ start }),
  listens: () => [],
})

const ownConfig = async (): Promise<Config> => readConfig({ METRICS_PORT: String(await freePort()) })

/** Until it is told to give up. */
const startsForEver: StartApp = async (_config, signal) => {
  await sleep(DEADLINE_MS, undefined, { signal })
  assert.fail('it was not told to give up')
}

/** Apps that write down what happens to them. */
const noting = () => {
  const notes: string[] = []
  const runs =
    (name: string): StartApp =>
    async () => {
      notes.push(`${name} starts`)
      return { ready: () => true, close: async () => void notes.push(`${name} closes`) }
    }
  return { notes, runs }
}

test('an app need not wait for another to have started, and all close the other way round', async () => {
  const { notes, runs } = noting()
  const second = Promise.withResolvers<void>()
  const waits: StartApp = async (...given) => {
    await second.promise
    return runs('decider')(...given)
  }
  const frees: StartApp = (...given) => {
    second.resolve()
    return runs('projector')(...given)
  }
  const { signal } = new AbortController()
  const running = await runApps([app('decider', waits), app('projector', frees)], await ownConfig(), 'test', signal)
  assert.equal(await running.ready(), true)
  await running.close()
  assert.deepEqual(notes, ['projector starts', 'decider starts', 'projector closes', 'decider closes'])
})

test('when an app cannot start, one that still starts gives up, the others close, and the failure is told', async () => {
  const { notes, runs } = noting()
  const fails: StartApp = () => Promise.reject(new Error('no room'))
  const entries = [app('decider', runs('decider')), app('projector', startsForEver), app('relay', fails)]
  await assert.rejects(runApps(entries, await ownConfig(), 'test', new AbortController().signal), /no room/)
  assert.deepEqual(notes, ['decider starts', 'decider closes'])
})

test('who wishes for the end while apps start ends them', async () => {
  const shutdown = new AbortController()
  const starting = runApps([app('decider', startsForEver)], await ownConfig(), 'test', shutdown.signal)
  shutdown.abort()
  await assert.rejects(starting, { name: 'AbortError' })
})
