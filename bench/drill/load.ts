import { setTimeout as wait } from 'node:timers/promises'
import { uuidv7 } from '#libs/journal/ids.ts'
import { logIn, type Person } from '../people.ts'
import type { RunningWhiply } from '../whiply.ts'
import { type DrillClient, startDrillClient } from './client.ts'

/** A load on live chat. */
export type LoadShape = {
  readonly channels: number
  /** Clients in each channel, talkers among them. */
  readonly audience: number
  /** Of each channel. */
  readonly talkers: number
  /** In all channels together. */
  readonly postsPerSecond: number
}

export type Load = { readonly clients: readonly DrillClient[]; readonly talkers: readonly DrillClient[] }

const textBytes = 200
export const settleWithinMs = 60_000

/** Opens every client of the shape: each channel's first ones talk, all listen. */
export const startLoad = (
  whiply: RunningWhiply,
  { audience, talkers: talkersPerChannel }: LoadShape,
  channels: readonly string[],
  people: readonly Person[],
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
const tokenOf = (whiply: RunningWhiply, person: Person) => {
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

/** Posts at the shape's rate until it is stopped, whatever becomes of the posts. */
export const startPosting = (
  { talkers }: Load,
  { channels: channelCount, talkers: talkersPerChannel, postsPerSecond }: LoadShape,
): { readonly stop: () => void } => {
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

/** Looks often until something holds. @throws when it does not in time */
export const until = async (holds: () => boolean, withinMs: number, what: string): Promise<void> => {
  const deadline = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`in ${withinMs} ms it did not come to pass that ${what}`)
    await wait(20)
  }
}

/**
 * Nothing is posted any more: every post gets its answer, and every client the last number of its channel. A sender is
 * told what came of a post before the room is shown it, so clients that agree with one another may all lack the same.
 */
export const settle = async ({ clients, talkers }: Load): Promise<void> => {
  await until(() => talkers.every((talker) => talker.unanswered() === 0), settleWithinMs, 'every post is answered')
  const last = (channel: string) =>
    Math.max(
      ...clients
        .filter((client) => client.seen().channel === channel)
        .map((client) => Math.max(client.lastSeq(), client.acknowledgedSeq())),
    )
  const lastOf = new Map([...new Set(clients.map((client) => client.seen().channel))].map((name) => [name, last(name)]))
  await until(
    () => clients.every((client) => client.lastSeq() >= (lastOf.get(client.seen().channel) ?? 0)),
    settleWithinMs,
    'every client has the last message',
  )
  for (const client of clients) client.close()
}
