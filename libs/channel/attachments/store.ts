import { HttpProblem } from '#libs/http/problem.ts'
import type { Images } from '#libs/images/images.ts'
import { attachmentPlan } from '#libs/images/plan.ts'
import { removeImages } from '#libs/images/remove.ts'
import { uuidv7, uuidv7Time } from '#libs/journal/ids.ts'
import { ObjectExists, type ObjectStore } from '#libs/journal/objects.ts'
import type { Attachment, attachmentSizes } from './attachments.ts'

type Objects = Pick<ObjectStore, 'put' | 'get' | 'list' | 'remove'>

/** Where the pictures of an author in a channel lie: by the author first, so that all of a person goes at once. */
export const picturesOf = (accountId: string, channelId: string): string => `attachments/${accountId}/${channelId}/`

export const pictureFolder = (accountId: string, channelId: string, id: string): string =>
  `${picturesOf(accountId, channelId)}${id}`

/** A name that stands while no message shows the picture. */
export const uploadName = (accountId: string, channelId: string, id: string): string =>
  `uploads/${accountId}/${channelId}/${id}`

/** So many pictures of one account wait for a message. */
export const maxUploads = 16

/** What no message shows by then is nobody's: far longer than it may be posted, so that no manager is overtaken. */
const KEPT_MS = 86_400_000

/** Names only: an object of no bytes is not taken by every store. */
export const putName = (objects: Pick<ObjectStore, 'put'>, name: string): Promise<void> =>
  objects.put(name, Buffer.from('1')).catch((error: unknown) => {
    if (!(error instanceof ObjectExists)) throw error
  })

/** Removes those of these uploads that have waited too long. @returns how many wait still */
const sweep = async (objects: Pick<ObjectStore, 'list' | 'remove'>, place: string, now: number): Promise<number> => {
  let waiting = 0
  for (const name of await objects.list(place)) {
    const [accountId = '', channelId = '', id = ''] = name.split('/').slice(1)
    if (now - uuidv7Time(id) <= KEPT_MS) waiting += 1
    else {
      await removeImages(objects, pictureFolder(accountId, channelId, id))
      await objects.remove(name)
    }
  }
  return waiting
}

/** Removes what no message has shown within a day, of everybody: those too who never came back, or were erased meanwhile. */
export const sweepUploads = async (objects: Pick<ObjectStore, 'list' | 'remove'>, now: number): Promise<void> => {
  await sweep(objects, 'uploads/', now)
}

export type AttachmentStore = {
  /**
   * Encodes a picture anew and stores it.
   * @throws ImageRefused
   * @throws HttpProblem where too many of the account wait already
   */
  readonly take: (accountId: string, channelId: string, bytes: Buffer) => Promise<Attachment>
  /** As WebP; undefined where it is gone. */
  readonly read: (
    accountId: string,
    channelId: string,
    id: string,
    size: (typeof attachmentSizes)[number],
  ) => Promise<Buffer | undefined>
}

/** Pictures of messages in an object store. */
export const createAttachmentStore = (
  objects: Objects,
  images: Pick<Images, 'render'>,
  now: () => number = Date.now,
): AttachmentStore => ({
  take: async (accountId, channelId, bytes) => {
    if ((await sweep(objects, `uploads/${accountId}/`, now())) >= maxUploads)
      throw new HttpProblem('channel.too_many_uploads', { detail: { max: maxUploads } })
    const { renditions } = await images.render(bytes, attachmentPlan)
    const id = uuidv7(now())
    // The name first: what breaks off between is found by it.
    await putName(objects, uploadName(accountId, channelId, id))
    const folder = pictureFolder(accountId, channelId, id)
    for (const { name, bytes: made } of renditions) await objects.put(`${folder}/${name}.webp`, made)
    // And once more: an erasure may have gone through all names before there were bytes.
    await putName(objects, uploadName(accountId, channelId, id))
    const { width = 0, height = 0 } = renditions.find(({ name }) => name === 'full') ?? {}
    return { id, width, height }
  },
  read: (accountId, channelId, id, size) => objects.get(`${pictureFolder(accountId, channelId, id)}/${size}.webp`),
})
