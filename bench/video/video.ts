import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import type { Bench, BenchOptions } from '../bench.ts'
import { call, openOwnChannel, type Person, registerPeople } from '../people.ts'
import { cpuSeconds, residentKib } from '../processes.ts'
import { type RunningWhiply, startWhiply } from '../whiply.ts'
import { publishClock } from './burned-clock.ts'
import { encodeLoop, type Loop } from './media.ts'
import { glassP95, pageToPlaying, plain, startBrowser } from './player.ts'
import { publishLoop, type RtmpPublisher } from './rtmp-publisher.ts'
import type { Watched } from './viewer.ts'

const INGESTS = 50
const INGEST_KBPS = 3_000
const VIEWERS = 500

type Channel = { readonly person: Person; readonly channelId: string; readonly key: string }

const openChannel = async (whiply: RunningWhiply, person: Person): Promise<Channel> => {
  const { httpPort: port } = whiply
  const channelId = await openOwnChannel(port, person)
  const asked = { address: person.address, token: person.token }
  for (;;) {
    if ((await call(port, { method: 'GET', path: `/v1/channels/${channelId}`, ...asked })).status === 200) break
    await wait(50)
  }
  const path = `/v1/channels/${channelId}/stream-keys`
  const issued = await call(port, { method: 'POST', path, ...asked, body: {} })
  if (issued.status !== 201) throw new Error(`a key: ${issued.status} ${JSON.stringify(issued.body)}`)
  return { person, channelId, key: String(issued.body.streamKey) }
}

/** CPU cores that the processes take over so long. */
const coresOver = async (pids: () => readonly number[], work: () => Promise<unknown>): Promise<number> => {
  const [of, begun] = [pids(), performance.now()]
  const before = cpuSeconds(of)
  await work()
  return (cpuSeconds(of) - before) / ((performance.now() - begun) / 1000)
}

/** From Publish.Start to the first part, and to the first whole segment, as the ingest app serves them. */
const firstMedia = async ({ rtmpPort, mediaPort }: RunningWhiply, { channelId, key }: Channel, loop: Loop) => {
  const publisher = await publishLoop(rtmpPort, key, loop)
  const base = `http://127.0.0.1:${mediaPort}/live/${channelId}/source.m3u8`
  const asked = async (query = ''): Promise<string> => {
    const response = await fetch(base + query)
    if (!response.ok) throw new Error(`the playlist: ${response.status}`)
    return response.text()
  }
  const first = await asked()
  const firstPartMs = performance.now() - publisher.acceptedAt
  await asked(`?_HLS_msn=${/MEDIA-SEQUENCE:(\d+)/.exec(first)?.[1]}`)
  return { publisher, firstPartMs, firstSegmentMs: performance.now() - publisher.acceptedAt }
}

/** What a person sees: how soon the page plays, and how old its pictures are. */
const glass = async (whiply: RunningWhiply, channel: Channel, ffmpeg: string, seconds: number) => {
  const { httpPort, rtmpPort } = whiply
  const site = `http://localhost:${httpPort}`
  const clock = publishClock(ffmpeg, `rtmp://127.0.0.1:${rtmpPort}/live/${channel.key}`)
  const browser = await startBrowser()
  try {
    for (;;) {
      if ((await fetch(`${site}/v1/channels/${channel.channelId}/playback`)).ok) break
      await wait(100)
    }
    // The first segments are there: whoever comes finds a broadcast that is under way.
    await wait(5_000)
    const page = await browser.newPage()
    const pageToPlayingMs = await pageToPlaying(page, `${site}/#${channel.person.handle}`)
    await wait(3_000)
    const glassLowLatencyP95Ms = await glassP95(page, seconds)
    await plain(page, `${site}/live/${channel.channelId}/index.m3u8`)
    const glassPlainP95Ms = await glassP95(page, seconds)
    return { pageToPlayingMs, glassLowLatencyP95Ms, glassPlainP95Ms }
  } finally {
    await browser.close()
    clock.stop()
  }
}

const heard = async <Message>(child: ChildProcess): Promise<Message> => {
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the players have ended'))),
  ])
  return message as Message
}

/** So many players of one broadcast, each of which waits for every part and fetches it. */
const viewers = async (whiply: RunningWhiply, { channelId }: Channel, seconds: number) => {
  const playback = await call(whiply.httpPort, { method: 'GET', path: `/v1/channels/${channelId}/playback` })
  const base = String(playback.body.url).replace('/index.m3u8', '')
  const args = [String(whiply.httpPort), base, String(VIEWERS), String(seconds)]
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

const run = async ({ say, seconds = 10 }: BenchOptions) => {
  const ffmpeg = await ffmpegForTests()
  say('encoding 3 Mb/s of 720p')
  const loop = await encodeLoop(ffmpeg, INGEST_KBPS)
  say(`${Math.round((loop.bytes * 8) / loop.durationMs)} kbit/s`)
  const whiply = await startWhiply(say, { video: true })
  try {
    const people = await registerPeople(whiply.httpPort, INGESTS)
    const channels: Channel[] = []
    for (const person of people) channels.push(await openChannel(whiply, person))
    const [first, ...others] = channels
    if (!first) throw new Error('no channel')
    say('first part, first segment')
    const { publisher, firstPartMs, firstSegmentMs } = await firstMedia(whiply, first, loop)
    say(`${Math.round(firstPartMs)} ms, ${Math.round(firstSegmentMs)} ms; ${VIEWERS} players`)
    const { cores: viewersCores, watched } = await viewers(whiply, first, seconds)
    say(`${viewersCores.toFixed(2)} cores, ${JSON.stringify(watched)}; glass to glass`)
    publisher.stop()
    const [forGlass] = others
    const seen = forGlass && (await glass(whiply, forGlass, ffmpeg, seconds))
    say(`${JSON.stringify(seen)}; ${INGESTS} ingests`)
    const publishers: RtmpPublisher[] = []
    const spare = channels.filter((channel) => channel !== first && channel !== forGlass)
    for (const { key, person } of [...spare, first])
      publishers.push(await publishLoop(whiply.rtmpPort, key, loop, person.address))
    await wait(4_000)
    const ingest = () => whiply.pidsOf('ingest')
    const ingestCores = await coresOver(ingest, () => wait(seconds * 1000))
    const ingestKib = ingest().reduce((sum, pid) => sum + residentKib(pid), 0)
    for (const { stop } of publishers) stop()
    const failed = watched.missing > 0 || watched.late > 0
    return {
      failed,
      figures: {
        firstPartMs: Math.round(firstPartMs),
        firstSegmentMs: Math.round(firstSegmentMs),
        glassLowLatencyP95Ms: Math.round(seen?.glassLowLatencyP95Ms ?? 0),
        glassPlainP95Ms: Math.round(seen?.glassPlainP95Ms ?? 0),
        pageToPlayingMs: Math.round(seen?.pageToPlayingMs ?? 0),
        passthrough50Cores: Number(ingestCores.toFixed(3)),
        passthrough50MiB: Math.round(ingestKib / 1024),
        passthroughIngests: publishers.length,
        viewers500Cores: Number(viewersCores.toFixed(3)),
        viewerParts: watched.parts,
        viewerMegabitsPerSecond: Math.round((watched.bytes * 8) / 1e6 / seconds),
        lateParts: watched.late,
        missingParts: watched.missing,
      },
    }
  } finally {
    await whiply.stop()
  }
}

/**
 * Live video on one machine: from the encoder's acceptance to the first part and segment; glass to glass in a real
 * browser, by the time that is burnt into the pictures; fifty encoders; five hundred low-latency players through the
 * edge. The encoders, the browser and the players run on the same machine, and are not counted.
 */
export const videoBench: Bench = {
  name: 'video',
  summary: 'live video: to the first part, glass to glass, 50 encoders, 500 low-latency players',
  run,
}
