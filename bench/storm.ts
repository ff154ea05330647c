import { setTimeout as wait } from 'node:timers/promises'
import type { Bench, BenchOptions, BenchResult } from './bench.ts'
import { check } from './drill/check.ts'
import { messagesInJournal } from './drill/evidence.ts'
import { type Load, type LoadShape, settle, startLoad, startPosting, until } from './drill/load.ts'
import { openOwnChannel, registerPeople } from './people.ts'
import { startWhiply } from './whiply.ts'

const CLIENTS = 10_000
const AUDIENCE = 100
const POSTS_PER_SECOND = 50
const SECONDS = 10
const JOIN_WITHIN_MS = 120_000

const everyonePresent = ({ clients }: Load) => clients.every((client) => client.present())

/** Whether each client is in its channel, and has been shown what had been acknowledged there by then. */
const everyoneBack = (load: Load) => {
  const acknowledged = new Map(load.talkers.map((talker) => [talker.seen().channel, talker.acknowledgedSeq()]))
  return () =>
    load.clients.every(
      (client) => client.present() && client.lastSeq() >= (acknowledged.get(client.seen().channel) ?? 0),
    )
}

const run = async ({ say, clients = CLIENTS, seconds = SECONDS }: BenchOptions): Promise<BenchResult> => {
  const whiply = await startWhiply(say)
  let passed = false
  try {
    const shape: LoadShape = {
      channels: Math.ceil(clients / AUDIENCE),
      audience: AUDIENCE,
      talkers: 1,
      postsPerSecond: POSTS_PER_SECOND,
    }
    const people = await registerPeople(whiply.httpPort, shape.channels)
    const channels: string[] = []
    for (const person of people) channels.push(await openOwnChannel(whiply.httpPort, person))
    const load = startLoad(whiply, shape, channels, people, () => {})
    await until(() => everyonePresent(load), JOIN_WITHIN_MS, 'every client has joined')
    const posting = startPosting(load, shape)
    say(`${load.clients.length} clients are in ${channels.length} channels`)
    await wait(seconds * 1_000)

    const edge = whiply.pidOf('realtime-edge')
    if (edge === undefined) throw new Error('there is no edge to kill')
    const back = everyoneBack(load)
    const killedAt = performance.now()
    process.kill(edge, 'SIGKILL')
    await until(
      () => !load.clients.some((client) => client.present()),
      JOIN_WITHIN_MS,
      'every client has lost the edge',
    )
    await until(back, JOIN_WITHIN_MS, 'every client is back')
    const allBackMs = Math.round(performance.now() - killedAt)
    say(`all are back after ${allBackMs} ms`)

    await wait(seconds * 1_000)
    posting.stop()
    await settle(load)
    const journal = await messagesInJournal(whiply)
    const verdict = check({
      acknowledged: load.talkers.flatMap((talker, index) =>
        talker.acknowledged().map((id) => ({ sender: String(index), channel: talker.seen().channel, id })),
      ),
      journal,
      history: journal,
      bans: [],
      clients: load.clients.map((client) => client.seen()),
    })
    const missed = verdict.lost + verdict.unexplainedGaps
    const gapFrames = load.clients.reduce((sum, client) => sum + client.seen().gaps.length, 0)
    passed = missed + verdict.duplicated + verdict.outOfOrder === 0
    return {
      figures: {
        clients: load.clients.length,
        missed,
        gapFrames,
        allBackMs,
        duplicated: verdict.duplicated,
        outOfOrder: verdict.outOfOrder,
        posts: journal.length,
      },
      failed: !passed,
    }
  } finally {
    await whiply.stop({ keep: !passed })
  }
}

export const stormBench: Bench = {
  name: 'storm',
  summary: 'How soon ten thousand clients are back after their edge was killed, and what they missed',
  run,
}
