import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { call } from '../people.ts'
import type { RunningWhiply } from '../whiply.ts'
import type { Channel } from './channel.ts'
import { coresOver } from './cores.ts'
import type { Watched } from './viewer.ts'

const heard = async <Message>(child: ChildProcess): Promise<Message> => {
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the players have ended'))),
  ])
  return message as Message
}

/** So many players of one broadcast, each of which waits for every part and fetches it; what the edge and the ingest app take. */
export const watchTogether = async (
  whiply: RunningWhiply,
  { channelId }: Channel,
  count: number,
  seconds: number,
): Promise<{ readonly cores: number; readonly watched: Watched }> => {
  const playback = await call(whiply.httpPort, { method: 'GET', path: `/v1/channels/${channelId}/playback` })
  const base = String(playback.body.url).replace('/index.m3u8', '')
  const args = [String(whiply.httpPort), base, String(count), String(seconds)]
  const child = fork(join(import.meta.dirname, 'viewers-process.ts'), args)
  await heard(child)
  const served = () => [...whiply.pidsOf('http-edge'), ...whiply.pidsOf('ingest')]
  let watched: Watched | undefined
  const cores = await coresOver(served, async () => {
    watched = await heard<Watched>(child)
  })
  if (!watched) throw new Error('the players have said nothing')
  return { cores, watched }
}
