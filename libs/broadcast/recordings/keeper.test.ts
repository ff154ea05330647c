import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sealed } from '#libs/contracts/sealed.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { createMemoryObjects } from '#libs/journal/objects/memory.ts'
import { channelFolder, initFile, type Piece, pieceFile, vodFolder } from '#libs/media/recording/piece.ts'
import { keeping } from './keeper.fixtures.ts'

const [channelId, broadcastId] = ['500', uuidv7()]
const folder = vodFolder(channelId, broadcastId)
const t0 = 1_800_000_000_000
const finished = { type: 'RecordingFinished', broadcastId, cause: 'whole' } as const
const clip = { type: 'ClipRequested', clipId: 'c', vodId: broadcastId, actor: '7', title: Buffer.alloc(0) } as const
const requested = { ...clip, title: clip.title as Sealed, fromMs: t0, toMs: t0 + 4_000 }

/** A store that has two segments of a broadcast. */
const recorded = async () => {
  const objects = createMemoryObjects()
  const take = uuidv7()
  await objects.put(folder + initFile(take, 0), Buffer.from('init'))
  const common = { take, init: 0, durationMs: 2_000, bytes: 5, startsAfterDiscontinuity: false }
  const pieces: readonly Piece[] = [0, 1].map((index) => ({
    ...common,
    sequence: index,
    capturedAtMs: t0 + index * 2_000,
  }))
  for (const piece of pieces) await objects.put(folder + pieceFile(piece), Buffer.from('bytes'))
  return objects
}

test('a recording that is finished is sealed with what is there, once more the same', async () => {
  const objects = await recorded()
  const keeper = keeping({ objects }, channelId)
  await keeper.after(finished)
  await keeper.after(finished)
  const sealed = { type: 'SealRecording', broadcastId, segments: 2, bytes: 10, durationMs: 4_000 }
  assert.deepEqual(keeper.sent, [sealed, sealed])
})

test('pictures that cannot be made keep nothing back', async () => {
  const failing = async () => {
    throw new Error('no picture')
  }
  const keeper = keeping({ objects: await recorded(), picture: failing }, channelId)
  await keeper.after(finished)
  assert.equal(keeper.sent.length, 1)
})

test('what is deleted is gone from the store, pictures and index and all; clips of it stay, until they are deleted', async () => {
  const objects = await recorded()
  const picture = (below: string) => objects.put(`${below}thumbnail.jpg`, Buffer.from('jpeg'))
  const keeper = keeping({ objects, picture }, channelId)
  await keeper.after(finished)
  await keeper.after(requested)
  await keeper.after({ type: 'VodDeleted', vodId: broadcastId, actor: null, reason: 'retention' })
  assert.deepEqual(await objects.list(folder), [])
  assert.equal((await objects.list(channelFolder(channelId))).length, 5, 'init, two segments, index and picture')
  await keeper.after({ type: 'ClipDeleted', clipId: 'c', actor: '7' })
  assert.deepEqual(await objects.list(''), [])
})

test('what is still on its way when the broadcaster is erased is kept by nobody', async () => {
  const objects = await recorded()
  const keeper = keeping({ objects, isErased: async () => true }, channelId)
  await keeper.after(requested)
  assert.deepEqual(await objects.list(''), [])
  assert.deepEqual(keeper.sent, [])
  const late = await recorded()
  const other = keeping({ objects: late, isErased: async () => true }, channelId)
  await other.after(finished)
  assert.deepEqual(await late.list(''), [])
  assert.deepEqual(other.sent, [{ type: 'SealRecording', broadcastId, segments: 0, bytes: 0, durationMs: 0 }])
})

test('an erasure while pictures are made leaves none', async () => {
  const objects = await recorded()
  let erased = false
  const picture = async (below: string): Promise<void> => {
    erased = true
    await objects.put(`${below}thumbnail.jpg`, Buffer.from('jpeg'))
  }
  await keeping({ objects, picture, isErased: async () => erased }, channelId).after(finished)
  assert.deepEqual(await objects.list(''), [])
})
