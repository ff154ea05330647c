import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { seededRandom } from '#libs/journal/model/explore.ts'
import { call, openOwnChannel, type Person, registerPeople } from '../people.ts'
import { type RunningWhiply, startWhiply } from '../whiply.ts'
import { type LoadShape, settle, startLoad, startPosting, until } from './load.ts'
import { checkRelay } from './relay-check.ts'
import { publicInJournal, publishedEvents } from './relay-evidence.ts'

const shape: LoadShape = { channels: 12, audience: 10, talkers: 10, postsPerSecond: 240 }
/** Settings are changed this often, so that transactions span both topics. */
const changeEveryMs = 250
const mostPauseMs = 3_000
const recoverWithinMs = 60_000

export type RelayOptions = { readonly say: (line: string) => void; readonly kills: number; readonly seed: number }

export type RelayFigures = {
  readonly drill: 'relay'
  readonly kills: number
  readonly seed: number
  readonly events: number
  readonly missing: number
  readonly duplicated: number
  readonly outOfOrder: number
}

/** A relay beside the launcher's own, as in production, that is started again at once. */
const secondRelay = (whiply: RunningWhiply) => {
  const first = whiply.pidOf('relay')
  if (first === undefined) throw new Error('there is no relay')
  const read = (name: string) => readFileSync(`/proc/${first}/${name}`, 'utf8').split('\0').filter(Boolean)
  const environment = Object.fromEntries(read('environ').map((line) => line.split(/=(.*)/s).slice(0, 2)))
  const [command = process.execPath, ...args] = read('cmdline')
  const metricsPort = Number(whiply.metricsPorts.get('relay')) + 1
  let child: ChildProcess | undefined
  let ended = false

  const launch = () => {
    child = spawn(command, args, {
      env: { ...environment, WHIPLY_INSTANCE: 'drill', METRICS_PORT: String(metricsPort), LOG_LEVEL: 'silent' },
      stdio: 'ignore',
    })
    child.once('exit', () => !ended && launch())
  }
  launch()
  return {
    pid: () => child?.pid,
    stop: async () => {
      ended = true
      const last = child
      if (last === undefined || last.exitCode !== null || last.signalCode !== null) return
      const exited = new Promise((resolve) => last.once('exit', resolve))
      last.kill('SIGKILL')
      await exited
    },
  }
}

/** Changes the topic of one channel after the other by its owner, until it is stopped. */
const startChanges = (whiply: RunningWhiply, channels: readonly string[], owners: readonly Person[]) => {
  const stopping = new AbortController()
  const run = async () => {
    for (let turn = 0; !stopping.signal.aborted; turn++) {
      const channel = channels[turn % channels.length]
      const token = owners[turn % owners.length]?.token ?? ''
      const path = `/v1/channels/${channel}/settings`
      const body = { topic: `turn ${turn}` }
      await call(whiply.httpPort, { method: 'PATCH', path, token, body, ifMatch: '*', address: '127.4.0.1' })
      await wait(changeEveryMs)
    }
  }
  const running = run()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

/**
 * Kills relays with SIGKILL at random moments, most of them while they take over or publish, under a load that never
 * pauses; then holds the public topics, read by a plain read_committed consumer, against the journal read afresh.
 */
export const drillRelay = async ({ say, kills, seed }: RelayOptions): Promise<RelayFigures> => {
  const whiply = await startWhiply(say)
  const brokers = [`127.0.0.1:${whiply.kafkaPort}`]
  const random = seededRandom(seed)
  let passed = false
  let second: ReturnType<typeof secondRelay> | undefined
  try {
    const people = await registerPeople(whiply.httpPort, shape.channels * shape.talkers)
    const owners = people.filter((_, index) => index % shape.talkers === 0)
    const channels = await Promise.all(owners.map((owner) => openOwnChannel(whiply.httpPort, owner)))
    const load = startLoad(whiply, shape, channels, people, () => {})
    await until(() => load.clients.every((client) => client.joined()), recoverWithinMs, 'every client has joined')
    second = secondRelay(whiply)
    const posting = startPosting(load, shape)
    const changes = startChanges(whiply, channels, owners)
    say(`seed ${seed}: ${kills} kills under ${shape.postsPerSecond} posts/s`)
    for (let kill = 1; kill <= kills; kill++) {
      await wait(random() * mostPauseMs)
      const alive = () => [whiply.pidOf('relay'), second?.pid()].filter((pid) => pid !== undefined)
      await until(() => alive().length > 0, recoverWithinMs, 'there is a relay')
      const victim = alive()[Math.floor(random() * alive().length)]
      if (victim !== undefined) process.kill(victim, 'SIGKILL')
      if (kill % 10 === 0) say(`${kill} kills`)
    }
    posting.stop()
    await changes.stop()
    await settle(load)
    const journal = await publicInJournal(brokers)
    const published = await publishedEvents(brokers, journal.length)
    const figures = { drill: 'relay', kills, seed, events: journal.length, ...checkRelay(journal, published) } as const
    passed = figures.missing + figures.duplicated + figures.outOfOrder === 0
    return figures
  } finally {
    await second?.stop()
    await whiply.stop({ keep: !passed })
  }
}
