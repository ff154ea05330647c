import { setTimeout as wait } from 'node:timers/promises'
import { uuidv7 } from '#libs/journal/ids.ts'
import { logIn, openOwnChannel, registerPeople } from '../people.ts'
import { type Role, type RunningWhiply, startWhiply } from '../whiply.ts'
import { check, type Seen } from './check.ts'
import { type DrillClient, startDrillClient } from './client.ts'
import { messagesInHistory, messagesInJournal } from './evidence.ts'
import { createPauses, type Pauses } from './pauses.ts'
import { type Kill, killPlan } from './plan.ts'

const channelCount = 10
const audience = 50
const talkersPerChannel = 10
/** 100 posts a second for 50 clients each. */
const deliveriesPerSecond = 5_000
const textBytes = 200
/** A pause of ten seconds is too long already; this is how long the drill waits to measure how long it was. */
const recoverWithinMs = 60_000
const settleWithinMs = 60_000

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
  readonly gapFrames: number
  readonly rejected: number
  readonly longestPauseMs: number
}

type Load = { readonly clients: readonly DrillClient[]; readonly talkers: readonly DrillClient[] }

/**
 * Kills every process and engine of a running whiply with SIGKILL, in turn and at random moments, under a load that never
 * pauses, and then holds what was told against what is there.
 */
export const drillKills = async ({ say, kills, seed, victims }: KillsOptions): Promise<KillsFigures> => {
  const whiply = await startWhiply(say)
  let passed = false
  try {
    const people = await registerPeople(whiply.httpPort, channelCount * talkersPerChannel)
    const channels: string[] = []
    for (let index = 0; index < channelCount; index++) {
      const owner = people[index * talkersPerChannel]
      if (owner) channels.push(await openOwnChannel(whiply.httpPort, owner))
    }
    const pauses = createPauses(channels, performance.now())
    let deliveries = 0
    const load = startLoad(whiply, channels, people, (channel, atMs) => {
      deliveries++
      pauses.delivered(channel, atMs)
    })
    // Who joins later has no claim on what came before.
    await until(() => load.clients.every((client) => client.joined()), recoverWithinMs, 'every client has joined')
    const posting = startPosting(load)
    say(`seed ${seed}: ${kills} kills under ${deliveriesPerSecond} deliveries/s`)
    await until(() => load.clients.every((client) => client.lastSeq() > 0), recoverWithinMs, 'every client is served')

    for (const kill of killPlan(kills, seed, victims)) await carryOut(whiply, kill, pauses, say)
    posting.stop()
    await settle(load)
    const journal = await messagesInJournal(whiply)
    const evidence = {
      acknowledged: load.talkers.flatMap((talker, index) =>
        talker.acknowledged().map((id) => ({ sender: String(index), channel: talker.seen().channel, id })),
      ),
      journal,
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

const startLoad = (
  whiply: RunningWhiply,
  channels: readonly string[],
  people: Awaited<ReturnType<typeof registerPeople>>,
  onDelivery: (channel: string, atMs: number) => void,
): Load => {
  const talkers: DrillClient[] = []
  const clients = channels.flatMap((channel, channelIndex) =>
    Array.from({ length: audience }, (_, clientIndex) => {
      const person =
        clientIndex < talkersPerChannel ? people[channelIndex * talkersPerChannel + clientIndex] : undefined
      const client = startDrillClient({
        port: whiply.realtimePort,
        channel,
        localAddress: `127.3.${1 + channelIndex}.${1 + clientIndex}`,
        ...(person && { token: tokenOf(whiply, person) }),
        onDelivery: (atMs) => onDelivery(channel, atMs),
      })
      if (person) talkers.push(client)
      return client
    }),
  )
  return { clients, talkers }
}

const tokenLifeMs = 10 * 60_000

/** The token that the person has, or a new one when it has grown old. */
const tokenOf = (whiply: RunningWhiply, person: Awaited<ReturnType<typeof registerPeople>>[number]) => {
  let { token } = person
  let since = Date.now()
  return async () => {
    if (Date.now() - since > tokenLifeMs) {
      token = await logIn(whiply.httpPort, person)
      since = Date.now()
    }
    return token
  }
}

const startPosting = ({ talkers }: Load): { readonly stop: () => void } => {
  const postsPerSecond = deliveriesPerSecond / audience
  const start = performance.now()
  let posts = 0
  const timer = setInterval(() => {
    while (posts < ((performance.now() - start) / 1000) * postsPerSecond) {
      // Channels in turn, and in each channel its talkers in turn.
      const channel = posts % channelCount
      const talker = Math.floor(posts / channelCount) % talkersPerChannel
      talkers[channel * talkersPerChannel + talker]?.post(uuidv7(), `${posts}:`.padEnd(textBytes, 'x'))
      posts++
    }
  }, 5)
  return { stop: () => clearInterval(timer) }
}

const until = async (holds: () => boolean, withinMs: number, what: string): Promise<void> => {
  const deadline = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`in ${withinMs} ms it did not come to pass that ${what}`)
    await wait(20)
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

/** Nothing is posted any more: every post gets its answer, and every client the last number of its channel. */
const settle = async ({ clients, talkers }: Load): Promise<void> => {
  await until(() => talkers.every((talker) => talker.unanswered() === 0), settleWithinMs, 'every post is answered')
  const last = (channel: string) =>
    Math.max(...clients.filter((client) => client.seen().channel === channel).map((client) => client.lastSeq()))
  const lastOf = new Map([...new Set(clients.map((client) => client.seen().channel))].map((name) => [name, last(name)]))
  await until(
    () => clients.every((client) => client.lastSeq() >= (lastOf.get(client.seen().channel) ?? 0)),
    settleWithinMs,
    'every client has the last message',
  )
  for (const client of clients) client.close()
}
