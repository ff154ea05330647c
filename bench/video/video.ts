import { setTimeout as wait } from 'node:timers/promises'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import type { Bench, BenchOptions } from '../bench.ts'
import { registerPeople } from '../people.ts'
import { type RunningWhiply, type Settings, startWhiply } from '../whiply.ts'
import { type Channel, openChannel } from './channel.ts'
import { coresOver } from './cores.ts'
import { firstMedia } from './first-media.ts'
import { glass, glassOfRendition } from './glass.ts'
import { ingestTogether } from './ingests.ts'
import { encoderPid, ladderLag } from './ladder-lag.ts'
import { encodeLoop } from './media.ts'
import { refusals } from './refusals.ts'
import { publishLoop } from './rtmp-publisher.ts'
import { watchTogether } from './viewers.ts'

const INGESTS = 50
const INGEST_KBPS = 3_000
const VIEWERS = 500
const LARGE_KBPS = 5_000
const UNDER_WAY_MS = 6_000

/** What a phase measures with. */
type Stage = {
  readonly whiply: RunningWhiply
  readonly channels: readonly Channel[]
  readonly ffmpeg: string
  readonly seconds: number
  readonly say: (line: string) => void
}

type Figures = Readonly<Record<string, number | boolean>>

/** A part of the bench that can be run alone, on a platform of its own. */
type Phase = {
  readonly name: string
  /** Channels that it broadcasts in. */
  readonly channels: number
  readonly settings: Settings
  readonly run: (stage: Stage) => Promise<{ readonly figures: Figures; readonly failed?: boolean }>
}

const PASSED_THROUGH: Settings = { ENCODING_SLOTS: '0' }

const firstOf = ({ channels: [first] }: Stage): Channel => {
  if (!first) throw new Error('no channel')
  return first
}

const rounded = (cores: number): number => Number(cores.toFixed(3))

const players: Phase = {
  name: 'players',
  channels: 1,
  settings: PASSED_THROUGH,
  run: async (stage) => {
    const { whiply, ffmpeg, seconds } = stage
    const loop = await encodeLoop(ffmpeg, INGEST_KBPS)
    const { publisher, firstPartMs, firstSegmentMs } = await firstMedia(whiply, firstOf(stage), loop)
    const { cores, watched } = await watchTogether(whiply, firstOf(stage), VIEWERS, seconds)
    const refusedP95Ms = await refusals(whiply, firstOf(stage), loop)
    publisher.stop()
    return {
      failed: watched.missing > 0 || watched.late > 0,
      figures: {
        firstPartMs: Math.round(firstPartMs),
        firstSegmentMs: Math.round(firstSegmentMs),
        refusedP95Ms: Math.round(refusedP95Ms),
        viewers500Cores: rounded(cores),
        viewerParts: watched.parts,
        viewerMegabitsPerSecond: Math.round((watched.bytes * 8) / 1e6 / seconds),
        lateParts: watched.late,
        missingParts: watched.missing,
      },
    }
  },
}

const page: Phase = {
  name: 'glass',
  channels: 1,
  settings: PASSED_THROUGH,
  run: async (stage) => {
    const seen = await glass(stage.whiply, firstOf(stage), stage.ffmpeg, stage.seconds)
    return {
      figures: {
        glassLowLatencyP95Ms: Math.round(seen.glassLowLatencyP95Ms),
        glassPlainP95Ms: Math.round(seen.glassPlainP95Ms),
        pageToPlayingMs: Math.round(seen.pageToPlayingMs),
      },
    }
  },
}

const pageOfRendition: Phase = {
  name: 'glass-ladder',
  channels: 1,
  settings: { ENCODING_SLOTS: '1', LADDER: '240p' },
  run: async (stage) => {
    const { whiply, ffmpeg, seconds } = stage
    const age = await glassOfRendition(whiply, firstOf(stage), ffmpeg, 240, seconds)
    return { figures: { glassLadderP95Ms: Math.round(age) } }
  },
}

/**
 * What the one process takes that makes a rendition of 720 lines: the decoding of a source of 1080 lines, which further
 * renditions would share, scaling, and encoding 2500 kbit/s of it, with 30 pictures a second that come at their times.
 */
const ladder: Phase = {
  name: 'ladder',
  channels: 1,
  settings: { ENCODING_SLOTS: '1', LADDER: '720p' },
  run: async (stage) => {
    const { whiply, ffmpeg, seconds } = stage
    const channel = firstOf(stage)
    const loop = await encodeLoop(ffmpeg, LARGE_KBPS, '1920x1080')
    const publisher = await publishLoop(whiply.rtmpPort, channel.key, loop, channel.person.address)
    await wait(UNDER_WAY_MS)
    const encoder = encoderPid(whiply)
    if (encoder === undefined) throw new Error('there is no encoder')
    let lag = 0
    const cores = await coresOver(
      () => [encoder],
      async () => {
        lag = await ladderLag(whiply, channel, '720p', seconds)
      },
    )
    publisher.stop()
    return { figures: { ladderLagP95Ms: Math.round(lag), cores720p: rounded(cores) } }
  },
}

const ingests: Phase = {
  name: 'ingests',
  channels: INGESTS,
  settings: PASSED_THROUGH,
  run: async ({ whiply, channels, ffmpeg, seconds, say }) => {
    const loop = await encodeLoop(ffmpeg, INGEST_KBPS)
    const { cores, kib, ingests: count, whole } = await ingestTogether(whiply, channels, loop, seconds, say)
    return {
      failed: whole < count,
      figures: {
        passthrough50Cores: rounded(cores),
        passthrough50MiB: Math.round(kib / 1024),
        passthroughIngests: count,
        passthroughRecordedWhole: whole,
      },
    }
  },
}

const phases: readonly Phase[] = [players, page, pageOfRendition, ladder, ingests]

const runPhase = async (phase: Phase, ffmpeg: string, { say, seconds = 10 }: BenchOptions) => {
  say(phase.name)
  const settings = { FFMPEG_PATH: ffmpeg, ...phase.settings }
  const whiply = await startWhiply(say, { video: true, settings })
  try {
    const people = await registerPeople(whiply.httpPort, phase.channels)
    const channels: Channel[] = []
    for (const person of people) channels.push(await openChannel(whiply, person))
    const result = await phase.run({ whiply, channels, ffmpeg, seconds, say })
    say(JSON.stringify(result.figures))
    return result
  } finally {
    await whiply.stop()
  }
}

const run = async (options: BenchOptions) => {
  const chosen = phases.filter(({ name }) => options.only?.includes(name) ?? true)
  if (chosen.length === 0) throw new Error(`--only takes some of ${phases.map(({ name }) => name).join(', ')}`)
  const ffmpeg = await ffmpegForTests()
  let figures: Figures = {}
  let failed = false
  for (const phase of chosen) {
    const result = await runPhase(phase, ffmpeg, options)
    figures = { ...figures, ...result.figures }
    failed ||= result.failed === true
  }
  return { failed, figures }
}

/**
 * Live video on one machine: from the encoder's acceptance to the first part and segment, and to a refusal; glass to glass in a real
 * browser, by the time that is burnt into the pictures, of the source and of a smaller rendition; how far a rendition
 * is behind, and what its encoder takes; fifty encoders, whose recordings have every picture; five hundred low-latency
 * players through the edge. The publishers, the browser and the players run on the same machine, and are not counted.
 */
export const videoBench: Bench = {
  name: 'video',
  summary: 'Live video: to the first part, glass to glass, renditions, 50 encoders, 500 low-latency players',
  run,
}
