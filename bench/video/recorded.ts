import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openFolderObjects } from '#libs/journal/objects/folder.ts'
import { picturesIn } from '#libs/media/mp4/keyframe.ts'
import { initFile, pieceFile, piecesAmong, vodFolder } from '#libs/media/recording/piece.ts'
import { placed } from '#libs/media/recording/timeline.ts'
import { call } from '../people.ts'
import type { RunningWhiply } from '../whiply.ts'
import type { Channel } from './channel.ts'

type VodBody = { readonly id: string; readonly state: string; readonly bytes: number; readonly lostSeconds: number }

const FINISHED_WITHIN_MS = 40_000

const finishedVods = async (
  { httpPort }: RunningWhiply,
  { channelId, person }: Channel,
): Promise<readonly VodBody[]> => {
  const asked = { method: 'GET', path: `/v1/channels/${channelId}/vods`, token: person.token, address: person.address }
  for (const deadline = performance.now() + FINISHED_WITHIN_MS; ; await wait(100)) {
    const vods = ((await call(httpPort, asked)).body.vods ?? []) as readonly VodBody[]
    if (vods.length > 0 && vods.every(({ state }) => state === 'finished')) return vods
    if (performance.now() > deadline) return vods
  }
}

/** Why what lies in the object store is not all of a broadcast of so many pictures; undefined where it is. */
export const whatIsMissing = async (
  whiply: RunningWhiply,
  channel: Channel,
  picturesSent: number,
): Promise<string | undefined> => {
  const vods = await finishedVods(whiply, channel)
  const [vod] = vods
  if (!vod || vods.length > 1 || vod.state !== 'finished') return `${vods.length} recordings, the first ${vod?.state}`
  const objects = await openFolderObjects(join(whiply.data, 'objects'))
  const folder = vodFolder(channel.channelId, vod.id)
  const pieces = placed(piecesAmong(folder, await objects.list(folder)))
  let [pictures, bytes] = [0, 0]
  for (const piece of pieces) {
    if (piece.isBreak) return `a break before segment ${piece.sequence}`
    const segment = await objects.get(folder + pieceFile(piece))
    if (segment?.length !== piece.bytes) return `segment ${piece.sequence} has not the bytes that its name says`
    pictures += picturesIn(segment)
    bytes += segment.length
  }
  const [first] = pieces
  if (!first || !(await objects.get(folder + initFile(first.take, first.init)))) return 'no init segment'
  if (vod.lostSeconds > 0 || vod.bytes !== bytes)
    return `told as ${vod.bytes} bytes of ${bytes}, lost ${vod.lostSeconds} s`
  return pictures === picturesSent ? undefined : `${pictures} of ${picturesSent} pictures`
}
