import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createMemoryObjects } from '#libs/journal/objects/memory.ts'
import { encode } from '#libs/testing/encoded.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { storeRecorded } from '#libs/testing/recorded.ts'
import { makePictures } from './pictures.ts'

const take = '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'
const folder = 'media/1/vods/b/'

let ffmpeg: string
before(async () => {
  ffmpeg = await ffmpegForTests()
})

/** A recording of so many seconds, as it lies in the object store. */
const recorded = async (seconds: number) => {
  const shape = { framesPerSecond: 10, keyEvery: 20, isSilent: true }
  const events = await encode({ ffmpeg, seconds, ...shape })
  const objects = createMemoryObjects()
  await storeRecorded(objects, folder, events, take)
  return objects
}

/** Width and height, as the frame header of a JPEG has them (ITU-T T.81, section B.2.2). */
const sizeOf = (jpeg: Buffer): readonly [number, number] => {
  let at = 2
  while (jpeg[at] === 0xff && jpeg[at + 1] !== 0xc0) at += 2 + jpeg.readUInt16BE(at + 2)
  return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)]
}

test('a recording has a thumbnail, and a storyboard with a picture every ten seconds', async () => {
  const objects = await recorded(25)
  const make = makePictures(objects, ffmpeg)
  await make(folder, new AbortController().signal)
  await make(folder, new AbortController().signal)
  const [thumbnail, sheet, text] = await Promise.all(
    ['thumbnail.jpg', 'storyboard-0.jpg', 'storyboard.vtt'].map((file) => objects.get(folder + file)),
  )
  assert.ok(thumbnail && sheet && text)
  assert.deepEqual(sizeOf(thumbnail), [640, 360])
  assert.deepEqual(sizeOf(sheet), [480, 90])
  assert.deepEqual(text.toString().split('\n').filter(Boolean), [
    'WEBVTT',
    '00:00:00.000 --> 00:00:10.000',
    'storyboard-0.jpg#xywh=0,0,160,90',
    '00:00:10.000 --> 00:00:20.000',
    'storyboard-0.jpg#xywh=160,0,160,90',
    '00:00:20.000 --> 00:00:24.933',
    'storyboard-0.jpg#xywh=320,0,160,90',
  ])
})

test('of nothing there are no pictures, and an ffmpeg that fails says why', async () => {
  const empty = createMemoryObjects()
  await makePictures(empty, ffmpeg)(folder, new AbortController().signal)
  assert.deepEqual(await empty.list(''), [])
  const broken = await recorded(2)
  const [name = ''] = (await broken.list(folder)).filter((each) => each.endsWith('init-0.mp4'))
  await broken.remove(name)
  await assert.rejects(makePictures(broken, ffmpeg)(folder, new AbortController().signal), {
    code: 'media.ffmpeg_failed',
  })
})
