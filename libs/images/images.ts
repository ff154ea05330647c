import { createTurns } from '#libs/http/turns.ts'
import { ObjectExists, type ObjectStore } from '#libs/journal/objects.ts'
import { ImageRefused } from './errors.ts'
import type { ImagePlan } from './plan.ts'
import { removeImages } from './remove.ts'
import { type Rendered, render } from './render.ts'

/** A picture that is in the object store. */
export type StoredImage = Omit<Rendered, 'renditions'>

/** Pictures that people send in, by where they belong (`emotes`, `avatars/42`) and the hash of what was made of them. */
export type Images = {
  /**
   * Makes a picture's renditions and stores them. The same picture sent again to the same place is the one that is there.
   * @throws ImageRefused
   */
  readonly store: (place: string, bytes: Buffer, plan: ImagePlan) => Promise<StoredImage>
  /**
   * Makes a picture's renditions, which are the caller's to store.
   * @throws ImageRefused
   */
  readonly render: (bytes: Buffer, plan: ImagePlan) => Promise<Rendered>
  /** One rendition, as WebP; undefined where there is none. */
  readonly read: (place: string, key: string, rendition: string) => Promise<Buffer | undefined>
  /** Removes a picture, or all of a place; without one it does nothing. */
  readonly remove: (place: string, key?: string) => Promise<void>
}

export type ImagesOptions = {
  /** Pictures that wait to be read; beyond them one is refused. */
  readonly queue?: number
}

/** Keys are hashes and renditions have names of the plan: a name made of others leads to no object. */
const keyPattern = /^[0-9a-f]{64}$/
const renditionPattern = /^[0-9]{1,3}x?(-still)?$/

const nameOf = (place: string, key: string, rendition: string): string => `${place}/${key}/${rendition}.webp`

const putOnce = (objects: ObjectStore, name: string, bytes: Buffer): Promise<void> =>
  objects.put(name, bytes).catch((error: unknown) => {
    // Named by its content: what is there is the same.
    if (!(error instanceof ObjectExists)) throw error
  })

/** Pictures in an object store. One is read at a time, in a thread of its own: pictures of strangers keep nobody waiting. */
export const createImages = (
  objects: Pick<ObjectStore, 'put' | 'get' | 'list' | 'remove'>,
  { queue = 16 }: ImagesOptions = {},
): Images => {
  const inTurn = createTurns(1, queue, () => new ImageRefused('image.busy'))
  return {
    store: async (place, bytes, plan) => {
      const { renditions, ...stored } = await inTurn(() => render(bytes, plan))
      for (const { name, bytes: made } of renditions) await putOnce(objects, nameOf(place, stored.key, name), made)
      return stored
    },
    render: (bytes, plan) => inTurn(() => render(bytes, plan)),
    read: async (place, key, rendition) =>
      keyPattern.test(key) && renditionPattern.test(rendition) ? objects.get(nameOf(place, key, rendition)) : undefined,
    remove: (place, key) => removeImages(objects, place, key),
  }
}
