import { setTimeout as wait } from 'node:timers/promises'
import { call } from '../../people.ts'
import type { Channel } from '../../video/channel.ts'
import { encodeLoop } from '../../video/media.ts'
import { publishLoop } from '../../video/rtmp-publisher.ts'
import type { RunningWhiply } from '../../whiply.ts'
import { within } from './within.ts'

export type Endings = {
  /** From an encoder's goodbye to the end of the broadcast, and to the end in the recording's playlist. */
  readonly endedOnGoodbyeMs: number
  readonly endlistMs: number
  /** From the closing of its connection, or from the last that it has sent, until it counts as gone. */
  readonly goneOnFinMs: number
  readonly goneOnSilenceMs: number
}

const KBPS = 600

/** Of a recording before its end. */
const SECONDS = 5

/** The broadcast that is open, asked from another address each time, so that nobody is asked to wait. */
const openBroadcast = (port: number, channelId: string) => {
  let asked = 0
  return async (): Promise<{ readonly id: string; readonly state: string } | null> => {
    const address = `127.4.${Math.floor(asked / 250) % 250}.${1 + (asked % 250)}`
    asked++
    const path = `/v1/channels/${channelId}/broadcast`
    const { status, body } = await call(port, { method: 'GET', path, address })
    if (status !== 200) throw new Error(`the broadcast: ${status}`)
    return body.broadcast as { readonly id: string; readonly state: string } | null
  }
}

/** How soon the platform knows that an encoder is gone, for each way to go. */
export const measureEndings = async (whiply: RunningWhiply, ffmpeg: string, channel: Channel): Promise<Endings> => {
  const loop = await encodeLoop(ffmpeg, KBPS, '640x360')
  const open = openBroadcast(whiply.httpPort, channel.channelId)
  const stateNow = async () => (await open())?.state
  const broadcast = async () => {
    const publisher = await publishLoop(whiply.rtmpPort, channel.key, loop)
    await within('it is live', async () => (await stateNow()) === 'live')
    return publisher
  }
  const goodbye = await broadcast()
  const { id } = (await open()) ?? { id: '' }
  await wait(SECONDS * 1000)
  const playlist = `http://127.0.0.1:${whiply.httpPort}/media/vods/${id}/index.m3u8`
  const hasEnd = async () => (await (await fetch(playlist)).text()).endsWith('#EXT-X-ENDLIST\n')
  goodbye.stop()
  const [endedOnGoodbyeMs, endlistMs] = await Promise.all([
    within('it has ended', async () => (await stateNow()) === undefined, 10),
    within('the recording has its end', hasEnd, 10),
  ])
  const closed = await broadcast()
  closed.close()
  const goneOnFinMs = await within('it is gone', async () => (await stateNow()) !== 'live', 10)
  const silent = await broadcast()
  silent.fallSilent()
  const goneOnSilenceMs = await within('it is gone', async () => (await stateNow()) !== 'live', 10)
  silent.close()
  return { endedOnGoodbyeMs, endlistMs, goneOnFinMs, goneOnSilenceMs }
}
