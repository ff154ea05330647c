import { join } from 'node:path'
import type { BroadcastEvent } from '#libs/broadcast/events.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { openFolderObjects } from '#libs/journal/objects/folder.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { picturesIn } from '#libs/media/mp4/keyframe.ts'
import { initFile, type Piece, pieceFile, piecesAmong, vodFolder } from '#libs/media/recording/piece.ts'
import { lengthMs } from '#libs/media/recording/timeline.ts'
import { decodeAt } from '#libs/testing/decoded.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { call, registerPeople } from '../../people.ts'
import { openChannel } from '../../video/channel.ts'
import { startWhiply } from '../../whiply.ts'
import { readJournal } from '../journal.ts'
import { untrueIn } from './check.ts'
import { type Endings, measureEndings } from './endings.ts'
import { type Publisher, persistentPublisher } from './publisher.ts'
import { type EncoderKilled, killEncoder } from './rendition.ts'
import { strike, type VideoVictim } from './victims.ts'
import { within } from './within.ts'

export type VideoOptions = { readonly say: (line: string) => void; readonly victims: readonly VideoVictim[] }

/** Times in milliseconds. */
export type VideoFigures = Partial<EncoderKilled> &
  Endings & {
    readonly drill: 'video'
    readonly kills: number
    readonly pieces: number
    readonly seconds: number
    /** Pieces that were there before a kill, and are not there at the end. */
    readonly vanished: number
    /** Pieces that are not what their names say, or cannot be read. */
    readonly broken: number
    /** What a decoder complains of in the whole recording, and pictures that it does not find in it. */
    readonly complaints: number
    /** Contradictions within the journal, and to what is stored. */
    readonly untrue: number
    readonly longestPauseMs: number
    /** Which of the bounds were not kept. */
    readonly late: string
  }

/** Upper bounds, in milliseconds or as counts. */
const bounds: Readonly<Record<string, number>> = {
  encoderRespawnMs: 1_000,
  renditionResumesMs: 4_000,
  renditionDiscontinuities: 1,
  sourceDiscontinuities: 0,
  endlistMs: 2_000,
  endedOnGoodbyeMs: 1_000,
  goneOnFinMs: 1_000,
  goneOnSilenceMs: 15_000,
}

type Objects = Pick<ObjectStore, 'get' | 'list'>

/** Pieces that are not what their names say, and the pictures in all of them. */
const lookThrough = async (objects: Objects, folder: string, pieces: readonly Piece[]) => {
  const broken: string[] = []
  let pictures = 0
  for (const piece of pieces) {
    const [bytes, init] = [
      await objects.get(folder + pieceFile(piece)),
      await objects.get(folder + initFile(piece.take, piece.init)),
    ]
    const shown = bytes?.length === piece.bytes && init ? picturesIn(bytes) : 0
    if (shown === 0) broken.push(pieceFile(piece))
    pictures += shown
  }
  return { broken, pictures }
}

const eventsOf = async (kafkaPort: number, channelId: string): Promise<readonly BroadcastEvent[]> => {
  const events: BroadcastEvent[] = []
  await readJournal([`127.0.0.1:${kafkaPort}`], 'broadcast', ({ record, event }) => {
    if (record.key === channelId) events.push(codecs.broadcast.decodeEvent(event))
  })
  return events
}

/**
 * Takes the ingest app, the encoder, the object store and Kafka from under a live broadcast, one after another, while its
 * broadcaster's encoder keeps coming back. Then holds the recording against what was stored before each, has ffmpeg read
 * all of it, and the journal against itself and what is there; and measures how soon the end of an encoder is known.
 */
export const drillVideo = async ({ say, victims }: VideoOptions): Promise<VideoFigures> => {
  const ffmpeg = await ffmpegForTests()
  const whiply = await startWhiply(say, { video: true, settings: { FFMPEG_PATH: ffmpeg } })
  let publisher: Publisher | undefined
  let passed = false
  try {
    const [person] = await registerPeople(whiply.httpPort, 1)
    if (!person) throw new Error('nobody is there')
    const channel = await openChannel(whiply, person)
    const { channelId, key } = channel
    const ask = (path: string) => call(whiply.httpPort, { method: 'GET', path, token: person.token })
    publisher = persistentPublisher(ffmpeg, `rtmp://127.0.0.1:${whiply.rtmpPort}/live/${key}`)

    type VodBody = { readonly id: string; readonly state: string; readonly bytes: number; readonly seconds: number }
    const bodyAt = async (path: string) => {
      const { status, body } = await ask(`/v1/channels/${channelId}/${path}`)
      if (status !== 200) throw new Error(`${path}: ${status}`)
      return body
    }
    const vods = async () => (await bodyAt('vods')).vods as readonly VodBody[]
    const stateNow = async () => String((await bodyAt('broadcast/health')).state)
    await within('the recording is there', async () => (await vods()).length > 0)
    const [{ id: vodId = '' } = {}] = await vods()
    const folder = vodFolder(channelId, vodId)
    const objects = await openFolderObjects(join(whiply.data, 'objects'))
    const stored = async (): Promise<readonly Piece[]> => piecesAmong(folder, await objects.list(folder))
    await within('segments are stored', async () => (await stored()).length >= 2)

    const seen = new Set<string>()
    let longestPauseMs = 0
    let encoderKilled: EncoderKilled | undefined
    for (const victim of victims) {
      const before = await stored()
      for (const piece of before) seen.add(pieceFile(piece))
      const struckAt = performance.now()
      if (victim === 'encoder') encoderKilled = await killEncoder(whiply, channelId)
      else await strike(whiply, victim)
      await within(`segments are stored after ${victim}`, async () => (await stored()).length >= before.length + 2)
      await within(`it is live after ${victim}`, async () => (await stateNow()) === 'live')
      const pauseMs = performance.now() - struckAt
      longestPauseMs = Math.max(longestPauseMs, pauseMs)
      say(`${victim}: ${before.length} segments before it; live and recorded again after ${Math.round(pauseMs)} ms`)
    }

    const media = `http://127.0.0.1:${whiply.httpPort}/media/vods/${vodId}`
    await publisher.stop()
    await within('it is finished', async () => (await vods()).every(({ state }) => state === 'finished'))

    const pieces = await stored()
    const names = new Set(pieces.map(pieceFile))
    const vanished = [...seen].filter((name) => !names.has(name)).length
    const { broken, pictures } = await lookThrough(objects, folder, pieces)
    const sums = {
      segments: pieces.length,
      bytes: pieces.reduce((sum, piece) => sum + piece.bytes, 0),
      durationMs: lengthMs(pieces),
    }
    const wrong = [...untrueIn(await eventsOf(whiply.kafkaPort, channelId), new Map([[vodId, sums]]))]
    // The read model may be behind for a moment.
    await within('the list of recordings says what is there', async () => {
      const [only, ...others] = await vods()
      const isSame = only?.bytes === sums.bytes && Math.round(only.seconds * 1000) === sums.durationMs
      return others.length === 0 && isSame
    }).catch((error: Error) => void wrong.push(error.message))
    const asFile = await decodeAt(ffmpeg, `${media}/download.mp4`)
    const asPlaylist = await decodeAt(ffmpeg, `${media}/index.m3u8`)
    const unseen = Math.abs(asFile.frames - pictures) + Math.abs(asPlaylist.frames - pictures)
    for (const line of [...wrong, ...broken, asFile.complaints, unseen > 0 ? `${unseen} pictures` : ''])
      if (line !== '') say(line)
    say(`${pieces.length} segments, ${pictures} pictures: as a file ${asFile.frames}, as played ${asPlaylist.frames}`)
    const complaints = asFile.complaints.split('\n').filter(Boolean).length + unseen

    const endings = await measureEndings(whiply, ffmpeg, channel)
    const timed: Readonly<Record<string, number>> = { ...encoderKilled, ...endings }
    const late = Object.entries(timed).filter(([name, value]) => value > (bounds[name] ?? Number.POSITIVE_INFINITY))
    passed = broken.length + vanished + complaints + wrong.length + late.length === 0
    return {
      drill: 'video',
      kills: victims.length,
      pieces: pieces.length,
      seconds: lengthMs(pieces) / 1000,
      vanished,
      broken: broken.length,
      complaints,
      untrue: wrong.length,
      longestPauseMs: Math.round(longestPauseMs),
      ...(Object.fromEntries(Object.entries(timed).map(([name, ms]) => [name, Math.round(ms)])) as typeof endings),
      late: late.map(([name]) => name).join(','),
    }
  } finally {
    publisher?.kill()
    await whiply.stop({ keep: !passed })
  }
}
