import { setTimeout as wait } from 'node:timers/promises'
import { createSamples } from '../load/samples.ts'
import { call } from '../people.ts'
import type { RunningWhiply } from '../whiply.ts'
import type { Channel } from './channel.ts'
import type { Loop } from './media.ts'
import { publishLoop } from './rtmp-publisher.ts'

const TRIES = 20
const EXPIRES_IN_MS = 500

/** A key that is good for a moment only. */
const expiredKey = async ({ httpPort }: RunningWhiply, { channelId, person }: Channel): Promise<string> => {
  const { address, token } = person
  const expiresAt = new Date(Date.now() + EXPIRES_IN_MS).toISOString()
  const path = `/v1/channels/${channelId}/stream-keys`
  const issued = await call(httpPort, { method: 'POST', path, address, token, body: { expiresAt } })
  if (issued.status !== 201) throw new Error(`a key: ${issued.status} ${JSON.stringify(issued.body)}`)
  await wait(EXPIRES_IN_MS)
  return String(issued.body.streamKey)
}

/**
 * From the beginning of a connection to NetStream.Publish.BadName, while the channel is live: by a wrong key, one that has
 * expired, and a good one. Handshake, connect and the look-up are in it. The 95th percentile in milliseconds.
 */
export const refusals = async (whiply: RunningWhiply, channel: Channel, loop: Loop): Promise<number> => {
  const samples = createSamples()
  for (const key of [`${channel.key}x`, await expiredKey(whiply, channel), channel.key])
    for (let round = 0; round < TRIES; round++) {
      const since = performance.now()
      const error = await publishLoop(whiply.rtmpPort, key, loop, channel.person.address).then(
        () => new Error('an encoder was let in'),
        (refused: Error) => refused,
      )
      if (!error.message.includes('NetStream.Publish.BadName')) throw error
      samples.add(performance.now() - since)
    }
  return samples.percentile(95)
}
