import { type ChildProcess, spawn } from 'node:child_process'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openFolderObjects } from '#libs/journal/objects/folder.ts'
import { fragmentsOf } from '#libs/media/mp4/read.ts'
import { initFile, type Piece, pieceFile, piecesAmong, vodFolder } from '#libs/media/recording/piece.ts'
import { lengthMs } from '#libs/media/recording/timeline.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { call, openOwnChannel, registerPeople } from '../people.ts'
import { commandLine, processTree } from '../processes.ts'
import { type RunningWhiply, startWhiply } from '../whiply.ts'
import { until } from './load.ts'

/** What can be taken from under a live broadcast. */
export const videoVictims = ['ingest', 'encoder', 'objects', 'kafka'] as const
export type VideoVictim = (typeof videoVictims)[number]

export type VideoOptions = { readonly say: (line: string) => void; readonly victims: readonly VideoVictim[] }

export type VideoFigures = {
  readonly drill: 'video'
  readonly kills: number
  readonly pieces: number
  readonly seconds: number
  /** Pieces that were there before a kill, and are not there at the end. */
  readonly vanished: number
  /** Pieces that are not what their names say, or cannot be read. */
  readonly broken: number
  /** What a decoder complains of in the whole recording. */
  readonly complaints: number
  /** Differences between what the journal says of the recording and what is there. */
  readonly untrue: number
  readonly longestPauseMs: number
}

const recoverWithinMs = 90_000
const awayMs = 4_000

/** An encoder that comes back whenever it is cut, as those of broadcasters do. */
const persistentEncoder = (ffmpeg: string, url: string) => {
  let child: ChildProcess | undefined
  let hasEnded = false
  const launch = (): void => {
    child = spawn(
      ffmpeg,
      [
        ...[
          '-v',
          'error',
          '-re',
          '-f',
          'lavfi',
          '-i',
          'testsrc2=size=640x360:rate=30',
          '-re',
          '-f',
          'lavfi',
          '-i',
          'sine',
        ],
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30', '-pix_fmt', 'yuv420p'],
        ...['-c:a', 'aac', '-f', 'flv', url],
      ],
      { stdio: ['pipe', 'ignore', 'ignore'] },
    )
    child.once('exit', () => {
      if (!hasEnded) setTimeout(launch, 500)
    })
  }
  launch()
  return {
    /** Says goodbye, and is gone. */
    stop: async (): Promise<void> => {
      hasEnded = true
      const last = child
      if (!last || last.exitCode !== null) return
      const exited = new Promise((resolve) => last.once('exit', resolve))
      last.stdin?.end('q')
      await exited
    },
    kill: () => {
      hasEnded = true
      child?.kill('SIGKILL')
    },
  }
}

const encoderPid = (whiply: RunningWhiply): number | undefined => {
  const ingest = whiply.pidOf('ingest')
  return ingest === undefined
    ? undefined
    : processTree(ingest).find((pid) => pid !== ingest && commandLine(pid).includes('force_key_frames'))
}

/** Takes the victim away, and gives it back where nobody else does. */
const strike = async (whiply: RunningWhiply, victim: VideoVictim): Promise<void> => {
  if (victim === 'objects') {
    const folder = join(whiply.data, 'objects')
    await rename(folder, `${folder}.away`)
    await wait(awayMs)
    await rename(`${folder}.away`, folder)
    return
  }
  const find = () => (victim === 'encoder' ? encoderPid(whiply) : whiply.pidOf(victim))
  await until(() => find() !== undefined, recoverWithinMs, `there is ${victim}`)
  const pid = find()
  if (pid === undefined) throw new Error(`there is no ${victim} to kill`)
  process.kill(pid, 'SIGKILL')
  await until(() => find() !== undefined && find() !== pid, recoverWithinMs, `${victim} is back`)
}

const countComplaints = async (ffmpeg: string, url: string): Promise<number> => {
  const child = spawn(
    ffmpeg,
    [
      '-v',
      'warning',
      '-nostdin',
      '-i',
      url,
      '-map',
      '0',
      '-fps_mode',
      'passthrough',
      '-enc_time_base:v',
      '1:90000',
      '-f',
      'null',
      '-',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (text) => {
    said += text
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  return said.split('\n').filter(Boolean).length + (code === 0 ? 0 : 1)
}

/**
 * Takes the ingest app, the encoder, the object store and Kafka from under a live broadcast, one after another, while its
 * broadcaster's encoder keeps coming back, and then holds the recording against what was stored before each.
 */
export const drillVideo = async ({ say, victims }: VideoOptions): Promise<VideoFigures> => {
  const ffmpeg = await ffmpegForTests()
  process.env.FFMPEG_PATH = ffmpeg
  const whiply = await startWhiply(say, { video: true })
  let encoder: ReturnType<typeof persistentEncoder> | undefined
  let passed = false
  try {
    const [person] = await registerPeople(whiply.httpPort, 1)
    if (!person) throw new Error('nobody is there')
    const channelId = await openOwnChannel(whiply.httpPort, person)
    const ask = (method: string, path: string, body?: unknown) =>
      call(whiply.httpPort, { method, path, token: person.token, ...(body !== undefined && { body }) })
    let streamKey = ''
    // The read model may not have the channel yet.
    await untilAsync(async () => {
      const { status, body } = await ask('POST', `/v1/channels/${channelId}/stream-keys`, {})
      streamKey = String(body.streamKey)
      return status === 201
    }, 'there is a stream key')
    encoder = persistentEncoder(ffmpeg, `rtmp://127.0.0.1:${whiply.rtmpPort}/live/${streamKey}`)

    type VodBody = { readonly id: string; readonly state: string; readonly bytes: number; readonly seconds: number }
    const vods = async (): Promise<readonly VodBody[]> =>
      ((await ask('GET', `/v1/channels/${channelId}/vods`).catch(() => undefined))?.body.vods as VodBody[]) ?? []
    await untilAsync(async () => (await vods()).length > 0, 'the recording is there')
    const [{ id: vodId = '' } = {}] = await vods()
    const folder = vodFolder(channelId, vodId)
    const objects = await openFolderObjects(join(whiply.data, 'objects'))
    const stored = async (): Promise<readonly Piece[]> => piecesAmong(folder, await objects.list(folder))
    await untilAsync(async () => (await stored()).length >= 2, 'segments are stored')

    const seen = new Set<string>()
    let longestPauseMs = 0
    for (const victim of victims) {
      const before = await stored()
      for (const piece of before) seen.add(pieceFile(piece))
      const struckAt = performance.now()
      await strike(whiply, victim)
      await untilAsync(async () => (await stored()).length >= before.length + 2, `segments are stored after ${victim}`)
      const pauseMs = performance.now() - struckAt
      longestPauseMs = Math.max(longestPauseMs, pauseMs)
      say(`${victim}: ${before.length} segments before it; recorded again after ${Math.round(pauseMs)} ms`)
    }
    await encoder.stop()
    await untilAsync(async () => (await vods()).every(({ state }) => state === 'finished'), 'the recording is finished')

    const pieces = await stored()
    const names = new Set(pieces.map(pieceFile))
    const broken: string[] = []
    for (const piece of pieces) {
      const [bytes, init] = await Promise.all(
        [pieceFile(piece), initFile(piece.take, piece.init)].map((file) => objects.get(folder + file)),
      )
      const isWhole = bytes?.length === piece.bytes && init !== undefined && fragmentsOf(bytes).length > 0
      if (!isWhole) broken.push(pieceFile(piece))
    }
    const isTrue = async (): Promise<boolean> => {
      const all = await vods()
      const [only] = all
      const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0)
      return all.length === 1 && only?.bytes === bytes && Math.round(only.seconds * 1000) === lengthMs(pieces)
    }
    // The read model may be behind for a moment.
    const told = await untilAsync(isTrue, 'the journal says what is there').then(
      () => 0,
      () => 1,
    )
    const url = `http://127.0.0.1:${whiply.httpPort}/media/vods/${vodId}/download.mp4`
    const complaints = await countComplaints(ffmpeg, url)
    const vanished = [...seen].filter((name) => !names.has(name)).length
    passed = broken.length + vanished + complaints + told === 0
    return {
      drill: 'video',
      kills: victims.length,
      pieces: pieces.length,
      seconds: lengthMs(pieces) / 1000,
      vanished,
      broken: broken.length,
      complaints,
      untrue: told,
      longestPauseMs: Math.round(longestPauseMs),
    }
  } finally {
    encoder?.kill()
    await whiply.stop({ keep: !passed })
  }
}

const untilAsync = async (condition: () => Promise<boolean>, what: string): Promise<void> => {
  const deadline = performance.now() + recoverWithinMs
  while (!(await condition().catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`not within ${recoverWithinMs} ms: ${what}`)
    await wait(200)
  }
}
