import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keeping } from '#libs/broadcast/recordings/keeper.fixtures.ts'
import { readPieces } from '#libs/broadcast/recordings/shelf.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { openS3Objects } from '#libs/journal/objects/s3/open.ts'
import { initFile, pieceFile, vodFolder } from '#libs/media/recording/piece.ts'
import { lengthMs } from '#libs/media/recording/timeline.ts'
import { decode } from '#libs/testing/decoded.ts'
import { encode } from '#libs/testing/encoded.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { everyOther, unrulyProxy } from '#libs/testing/unruly-proxy.ts'
import { s3Server } from '#libs/testing/versitygw.ts'
import { createRecorder, type Recorded } from './recorder.ts'

const channelId = '500'
const SECONDS = 9

test('a recording is kept whole in S3, though every other request fails and the server is killed meanwhile', async (t) => {
  const ffmpeg = await ffmpegForTests()
  const server = await s3Server(t)
  const proxy = await unrulyProxy(t, server.port, everyOther())
  // Fewer tries than it takes while the server is away: the recorder and the keeper have to come again themselves.
  const objects = openS3Objects({ ...server, endpoint: proxy.endpoint, silenceMs: 2_000, tries: 2, backoffMs: 5 })
  const [vodId, take] = [uuidv7(), uuidv7()]
  const folder = vodFolder(channelId, vodId)
  const reports: Recorded[] = []
  const recorder = createRecorder({
    objects,
    folder,
    take,
    mostWaitingBytes: 16 << 20,
    report: async (recorded) => void reports.push(recorded),
    onAway: () => {},
  })

  const events = await encode({ ffmpeg, seconds: SECONDS, epochMs: 1_800_000_000_000 })
  const middle = Math.floor(events.length / 2)
  recorder.add(events.slice(0, middle))
  await server.kill()
  recorder.add(events.slice(middle))
  await server.start()
  await recorder.finish(20_000)
  const keeper = keeping({ objects }, channelId)
  await keeper.after({ type: 'RecordingFinished', broadcastId: vodId, cause: 'whole' })

  const pieces = await readPieces(objects, folder)
  assert.deepEqual(pieces, recorder.pieces())
  const sums = { segments: pieces.length, bytes: reports.at(-1)?.bytes, durationMs: lengthMs(pieces) }
  assert.deepEqual(reports.at(-1), { take, ...sums, lostMs: 0 })
  assert.deepEqual(keeper.sent, [{ type: 'SealRecording', broadcastId: vodId, ...sums }])
  const files = [initFile(take, 0), ...pieces.map(pieceFile)]
  const bytes: Buffer[] = []
  for (const file of files) bytes.push((await objects.get(folder + file)) ?? assert.fail(file))
  const { frames, complaints } = await decode(ffmpeg, Buffer.concat(bytes))
  assert.equal(complaints, '')
  assert.equal(frames, SECONDS * 30)
  const [first = ''] = pieces.map(pieceFile)
  assert.deepEqual(await objects.get(folder + first, { from: 100, to: 200 }), bytes[1]?.subarray(100, 200))

  await keeper.after({ type: 'VodDeleted', vodId, actor: null, reason: 'retention' })
  assert.deepEqual(await openS3Objects(server).list(''), [], 'nothing is left in the bucket')
})
