import { setTimeout as wait } from 'node:timers/promises'
import { openOwnChannel, registerPeople } from '../people.ts'
import { type Role, type RunningWhiply, startWhiply } from '../whiply.ts'
import { createBans } from './bans.ts'
import { check, type Seen } from './check.ts'
import { messagesInHistory, messagesInJournal } from './evidence.ts'
import { type LoadShape, settle, settleWithinMs, startLoad, startPosting, until } from './load.ts'
import { createPauses, type Pauses } from './pauses.ts'
import { type Kill, killPlan } from './plan.ts'

/** 100 posts a second for 50 clients each. */
const shape: LoadShape = { channels: 10, audience: 50, talkers: 10, postsPerSecond: 100 }
const deliveriesPerSecond = shape.postsPerSecond * shape.audience
/** A pause of ten seconds is too long already; this is how long the drill waits to measure how long it was. */
const recoverWithinMs = 60_000

export type KillsOptions = {
  readonly say: (line: string) => void
  readonly kills: number
  readonly seed: number
  readonly victims: readonly Role[]
}

export type KillsFigures = {
  readonly drill: 'kills'
  readonly kills: number
  readonly seed: number
  readonly acknowledged: number
  readonly deliveries: number
  readonly lost: number
  readonly duplicated: number
  readonly outOfOrder: number
  readonly unexplainedGaps: number
  readonly afterBan: number
  readonly bans: number
  readonly gapFrames: number
  readonly rejected: number
  readonly longestPauseMs: number
}

/**
 * Kills every process and engine of a running whiply with SIGKILL, in turn and at random moments, under a load that never
 * pauses, and then holds what was told against what is there.
 */
export const drillKills = async ({ say, kills, seed, victims }: KillsOptions): Promise<KillsFigures> => {
  const whiply = await startWhiply(say, { video: true })
  let passed = false
  try {
    const people = await registerPeople(whiply.httpPort, shape.channels * shape.talkers)
    const channels: string[] = []
    for (let index = 0; index < shape.channels; index++) {
      const owner = people[index * shape.talkers]
      if (owner) channels.push(await openOwnChannel(whiply.httpPort, owner))
    }
    const pauses = createPauses(channels, performance.now())
    let deliveries = 0
    const load = startLoad(whiply, shape, channels, people, (channel, atMs) => {
      deliveries++
      pauses.delivered(channel, atMs)
    })
    // Who joins later has no claim on what came before.
    await until(() => load.clients.every((client) => client.joined()), recoverWithinMs, 'every client has joined')
    const posting = startPosting(load, shape)
    say(`seed ${seed}: ${kills} kills under ${deliveriesPerSecond} deliveries/s`)
    await until(() => load.clients.every((client) => client.lastSeq() > 0), recoverWithinMs, 'every client is served')

    const bans = createBans({ whiply, channels, people, talkersPerChannel: shape.talkers })
    for (const kill of killPlan(kills, seed, victims)) {
      await bans.next()
      await carryOut(whiply, kill, pauses, say)
    }
    posting.stop()
    await settle(load)
    const journal = await messagesInJournal(whiply)
    const evidence = {
      acknowledged: load.talkers.flatMap((talker, index) =>
        talker.acknowledged().map((id) => ({ sender: String(index), channel: talker.seen().channel, id })),
      ),
      journal,
      bans: bans.all(),
      history: await historyOf(whiply, channels, journal.length),
      clients: load.clients.map((client) => client.seen()),
    }
    const rejections = load.talkers.flatMap((talker) => [...talker.rejected()])
    for (const [code, count] of rejections) say(`${count} posts were rejected: ${code}`)
    passed = true
    return {
      drill: 'kills',
      kills,
      seed,
      acknowledged: evidence.acknowledged.length,
      deliveries,
      ...check(evidence),
      bans: evidence.bans.length,
      gapFrames: evidence.clients.reduce((sum, { gaps }) => sum + gaps.length, 0),
      rejected: rejections.reduce((sum, [, count]) => sum + count, 0),
      longestPauseMs: Math.round(pauses.longestMs()),
    }
  } finally {
    await whiply.stop({ keep: !passed })
  }
}

/**
 * The edge may have been killed last, and the read model may be behind for a moment; what it does not have in the end is
 * lost.
 */
const historyOf = async (
  whiply: RunningWhiply,
  channels: readonly string[],
  expected: number,
): Promise<readonly Seen[]> => {
  const deadline = performance.now() + settleWithinMs
  for (;;) {
    const last = performance.now() > deadline
    const pages = Promise.all(channels.map((channel) => messagesInHistory(whiply.httpPort, channel)))
    const messages = (last ? await pages : await pages.catch(() => [])).flat()
    if (messages.length >= expected || last) return messages
    await wait(500)
  }
}

const carryOut = async (
  whiply: RunningWhiply,
  { role, afterMs }: Kill,
  pauses: Pauses,
  say: (line: string) => void,
): Promise<void> => {
  await until(() => whiply.pidOf(role) !== undefined, recoverWithinMs, `there is a ${role}`)
  await wait(afterMs)
  const pid = whiply.pidOf(role)
  if (pid === undefined) throw new Error(`there is no ${role} to kill`)
  const killedAt = performance.now()
  process.kill(pid, 'SIGKILL')
  if (role === 'launcher') await whiply.relaunch()
  await until(() => whiply.pidOf(role) !== undefined && whiply.pidOf(role) !== pid, recoverWithinMs, `${role} is back`)
  await until(
    () => performance.now() - pauses.oldestMs(performance.now()) > killedAt,
    recoverWithinMs,
    'all are served',
  )
  say(`killed ${role}: served again after ${Math.round(performance.now() - killedAt)} ms`)
}
