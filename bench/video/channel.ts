import { setTimeout as wait } from 'node:timers/promises'
import { call, openOwnChannel, type Person } from '../people.ts'
import type { RunningWhiply } from '../whiply.ts'

/** Somebody who may broadcast, and by which key. */
export type Channel = { readonly person: Person; readonly channelId: string; readonly key: string }

const AGAIN_MS = 50

/** Opens the person's channel, and has a stream key issued. */
export const openChannel = async ({ httpPort }: RunningWhiply, person: Person): Promise<Channel> => {
  const channelId = await openOwnChannel(httpPort, person)
  const asked = { address: person.address, token: person.token }
  const path = `/v1/channels/${channelId}`
  // The read model may not have it yet.
  while ((await call(httpPort, { method: 'GET', path, ...asked })).status !== 200) await wait(AGAIN_MS)
  const issued = await call(httpPort, { method: 'POST', path: `${path}/stream-keys`, ...asked, body: {} })
  if (issued.status !== 201) throw new Error(`a key: ${issued.status} ${JSON.stringify(issued.body)}`)
  return { person, channelId, key: String(issued.body.streamKey) }
}
