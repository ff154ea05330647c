import type { ClipView, VodReads, VodView } from '#libs/broadcast/recordings/reads.ts'
import { readPieces } from '#libs/broadcast/recordings/shelf.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { clipFolder, vodFolder } from '#libs/media/recording/piece.ts'
import { type Placed, placed } from '#libs/media/recording/timeline.ts'

/** A recording or a clip as it is served. */
export type Shelved = {
  readonly id: string
  readonly folder: string
  readonly audience: VodView['audience']
  readonly isFinished: boolean
}

export type Library = {
  /** Undefined where there is none, or none yet. */
  readonly find: (kind: 'vods' | 'clips', id: string) => Promise<Shelved | undefined>
  readonly pieces: (shelved: Shelved) => Promise<readonly Placed[]>
}

/** What is deleted is served no longer than this; a list of what grows is as old at most. */
const KEPT_MS = 500
/** Lists of the pieces of finished recordings, which never change. */
const MOST_LISTS = 200
const MOST_FOUND = 5_000

export const shelvedVod = ({ vodId, channelId, audience, isFinished }: VodView): Shelved => ({
  id: vodId,
  folder: vodFolder(channelId, vodId),
  audience,
  isFinished,
})

export const shelvedClip = ({ clipId, channelId, audience }: ClipView): Shelved => ({
  id: clipId,
  folder: clipFolder(channelId, clipId),
  audience,
  isFinished: true,
})

type Kept<Value> = { readonly value: Promise<Value>; readonly until: number }

/** One value for all who ask at once, kept until its time or until too many are; a failure is not kept. */
const createKeeper = <Value>(most: number, now: () => number) => {
  const kept = new Map<string, Kept<Value>>()
  return (key: string, keptMs: number, make: () => Promise<Value>): Promise<Value> => {
    const known = kept.get(key)
    if (known && known.until > now()) return known.value
    const value = make()
    kept.delete(key)
    kept.set(key, { value, until: now() + keptMs })
    const [oldest] = kept.keys()
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    value.catch(() => {
      if (kept.get(key)?.value === value) kept.delete(key)
    })
    return value
  }
}

/** Finds recordings in the read model, and what there is of them in the object store. */
export const createLibrary = (
  vods: Pick<VodReads, 'vod' | 'clip'>,
  objects: Pick<ObjectStore, 'get' | 'list'>,
  now: () => number = Date.now,
): Library => {
  const found = createKeeper<Shelved | undefined>(MOST_FOUND, now)
  const lists = createKeeper<readonly Placed[]>(MOST_LISTS, now)
  return {
    find: (kind, id) =>
      found(`${kind}/${id}`, KEPT_MS, async () => {
        if (kind === 'vods') {
          const vod = await vods.vod(id)
          return vod && shelvedVod(vod)
        }
        const clip = await vods.clip(id)
        return clip?.state === 'made' ? shelvedClip(clip) : undefined
      }),
    pieces: ({ folder, isFinished }) =>
      lists(`${folder}${isFinished}`, isFinished ? Number.POSITIVE_INFINITY : KEPT_MS, async () =>
        placed(await readPieces(objects, folder)),
      ),
  }
}
