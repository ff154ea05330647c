import { setTimeout as wait } from 'node:timers/promises'
import { residentKib } from '../processes.ts'
import type { RunningWhiply } from '../whiply.ts'
import type { Channel } from './channel.ts'
import { coresOver } from './cores.ts'
import type { Loop } from './media.ts'
import { whatIsMissing } from './recorded.ts'
import { publishLoop } from './rtmp-publisher.ts'

const UNDER_WAY_MS = 4_000

/** What many encoders at once take of the ingest app, and whether each broadcast is in its recording to the last picture. */
export const ingestTogether = async (
  whiply: RunningWhiply,
  channels: readonly Channel[],
  loop: Loop,
  seconds: number,
  say: (line: string) => void,
) => {
  const publishing = []
  for (const channel of channels)
    publishing.push({
      channel,
      publisher: await publishLoop(whiply.rtmpPort, channel.key, loop, channel.person.address),
    })
  await wait(UNDER_WAY_MS)
  const ingest = () => whiply.pidsOf('ingest')
  const cores = await coresOver(ingest, () => wait(seconds * 1000))
  const kib = ingest().reduce((sum, pid) => sum + residentKib(pid), 0)
  for (const { publisher } of publishing) publisher.stop()
  let whole = 0
  for (const { channel, publisher } of publishing) {
    const missing = await whatIsMissing(whiply, channel, publisher.pictures())
    if (missing === undefined) whole++
    else say(`the recording of channel ${channel.channelId} is not whole: ${missing}`)
  }
  return { cores, kib, ingests: publishing.length, whole }
}
