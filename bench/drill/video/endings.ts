import { encodeLoop } from '../../video/media.ts'
import { publishLoop } from '../../video/rtmp-publisher.ts'
import type { RunningWhiply } from '../../whiply.ts'
import { within } from './within.ts'

export type Endings = {
  /** From an encoder's goodbye to the end of the broadcast. */
  readonly endedOnGoodbyeMs: number
  /** From the closing of its connection, or from the last that it has sent, until it counts as gone. */
  readonly goneOnFinMs: number
  readonly goneOnSilenceMs: number
}

const KBPS = 600

/** How soon the platform knows that an encoder is gone, for each way to go. */
export const measureEndings = async (
  whiply: RunningWhiply,
  ffmpeg: string,
  streamKey: string,
  stateNow: () => Promise<string>,
): Promise<Endings> => {
  const loop = await encodeLoop(ffmpeg, KBPS, '640x360')
  const broadcast = async () => {
    const publisher = await publishLoop(whiply.rtmpPort, streamKey, loop)
    await within('it is live', async () => (await stateNow()) === 'live')
    return publisher
  }
  const goodbye = await broadcast()
  goodbye.stop()
  const endedOnGoodbyeMs = await within('it has ended', async () => (await stateNow()) === 'off')
  const closed = await broadcast()
  closed.close()
  const goneOnFinMs = await within('it is gone', async () => (await stateNow()) !== 'live')
  const silent = await broadcast()
  silent.fallSilent()
  const goneOnSilenceMs = await within('it is gone', async () => (await stateNow()) !== 'live')
  silent.close()
  return { endedOnGoodbyeMs, goneOnFinMs, goneOnSilenceMs }
}
