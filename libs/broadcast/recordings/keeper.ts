import { setTimeout as sleep } from 'node:timers/promises'
import { codecs } from '#libs/contracts/codecs.ts'
import { withBackoff } from '#libs/journal/backoff.ts'
import { type ObjectStore, ObjectStoreError } from '#libs/journal/objects.ts'
import type { RepeatedSummary } from '#libs/journal/outcome.ts'
import { channelFolder, clipFolder, vodFolder } from '#libs/media/recording/piece.ts'
import { lengthMs } from '#libs/media/recording/timeline.ts'
import type { Manager } from '#libs/readmodel/manager.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { BroadcastCommand } from '../commands.ts'
import type { BroadcastEvent, BroadcastEventOf } from '../events.ts'
import { makeClip } from './clipper.ts'
import type { JoinPieces } from './joiner.ts'
import { listPieces, removeFolder, writeIndex } from './shelf.ts'

export type KeeperOptions = {
  readonly objects: Pick<ObjectStore, 'get' | 'put' | 'list' | 'remove'>
  /** Rejects, or resolves with nothing, where no outcome is known. */
  readonly send: (channelId: string, command: BroadcastCommand) => Promise<RepeatedSummary | undefined>
  /** Whether the channel was that of somebody who has been erased since: what was still on its way is kept by nobody. */
  readonly isErased: (channelId: string) => Promise<boolean>
  /** Makes pictures of a recording that is whole; where it cannot, there are none. */
  readonly picture: (folder: string, signal: AbortSignal) => Promise<void>
  /** Makes one of several sessions; undefined where it cannot. */
  readonly join: (signal: AbortSignal) => Promise<JoinPieces | undefined>
  readonly logger: Logger
  readonly now?: () => number
}

/** What was asked for as a clip while it was live lies in the object store a little later. */
const CLIP_WAITS_MS = 10_000
const LOOK_AGAIN_MS = 500

type Act = (signal: AbortSignal) => Promise<void>

/**
 * Does what the journal says of recordings: writes the index of a finished one and says what it came to, copies clips,
 * deletes what is deleted. Each is idempotent; while the object store is away it waits.
 */
export const keeperManager = ({
  objects,
  send,
  isErased,
  picture,
  join,
  logger,
  now = Date.now,
}: KeeperOptions): Manager => {
  /** A command whose outcome nobody has seen goes again: it is decided by what is there. */
  const tell = async (channelId: string, command: BroadcastCommand, signal: AbortSignal): Promise<void> => {
    while (!(await send(channelId, command).catch(() => undefined))) await sleep(LOOK_AGAIN_MS, undefined, { signal })
  }

  const pictured = (folder: string, signal: AbortSignal, what: Readonly<Record<string, string>>): Promise<void> =>
    picture(folder, signal).catch((error: Error) =>
      logger.warn({ ...what, error: error.message }, 'there are no pictures of a recording'),
    )

  const seal =
    (channelId: string, { broadcastId }: BroadcastEventOf<'RecordingFinished'>): Act =>
    async (signal) => {
      const folder = vodFolder(channelId, broadcastId)
      if (await isErased(channelId)) await removeFolder(objects, folder)
      const pieces = await listPieces(objects, folder)
      if (pieces.length > 0) await writeIndex(objects, folder, pieces)
      else await removeFolder(objects, folder)
      const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0)
      const sums = { segments: pieces.length, bytes, durationMs: lengthMs(pieces) }
      await tell(channelId, { type: 'SealRecording', broadcastId, ...sums }, signal)
      if (pieces.length > 0) await pictured(folder, signal, { channelId, broadcastId })
    }

  const clip =
    (channelId: string, { clipId, vodId, fromMs, toMs }: BroadcastEventOf<'ClipRequested'>): Act =>
    async (signal) => {
      const cut = { from: vodFolder(channelId, vodId), to: clipFolder(channelId, clipId), fromMs, toMs }
      if (await isErased(channelId)) return
      const reaches = async () =>
        (await listPieces(objects, cut.from)).some(({ capturedAtMs, durationMs }) => capturedAtMs + durationMs >= toMs)
      const until = Math.min(toMs, now()) + CLIP_WAITS_MS
      while (now() < until && !(await reaches())) await sleep(LOOK_AGAIN_MS, undefined, { signal })
      const made = await makeClip(objects, cut, await join(signal))
      await tell(channelId, { type: 'FinishClip', clipId, ...made }, signal)
      if (made.problem === null) await pictured(cut.to, signal, { channelId, clipId })
    }

  /** Journals have no common order: the erasure may have come while something was made. */
  const clearIfErased =
    (channelId: string): Act =>
    async () => {
      if (await isErased(channelId)) await removeFolder(objects, channelFolder(channelId))
    }

  const actOf = (channelId: string, event: BroadcastEvent): readonly Act[] => {
    switch (event.type) {
      case 'RecordingFinished':
        return [seal(channelId, event)]
      case 'ClipRequested':
        return [clip(channelId, event)]
      case 'VodDeleted':
        return [() => removeFolder(objects, vodFolder(channelId, event.vodId))]
      case 'ClipDeleted':
      case 'ClipExpired':
        return [() => removeFolder(objects, clipFolder(channelId, event.clipId))]
      default:
        return []
    }
  }

  return {
    name: 'recordings',
    family: 'broadcast',
    gatherMs: 0,
    prepare: async (outcomes) =>
      outcomes.flatMap((record) => {
        if (record.outcome.kind !== 'accepted') return []
        const acts = record.outcome.events.flatMap((encoded) =>
          actOf(record.key, codecs.broadcast.decodeEvent(encoded)),
        )
        const run = async (signal: AbortSignal) => {
          for (const act of [...acts, clearIfErased(record.key)])
            await withBackoff(() => act(signal), {
              retryable: (error) => error instanceof ObjectStoreError,
              onRetry: (error) =>
                logger.warn({ code: (error as ObjectStoreError).code }, 'waiting for the object store'),
              signal,
            })
        }
        return acts.length === 0 ? [] : [{ record, keys: [record.key], run }]
      }),
  }
}
