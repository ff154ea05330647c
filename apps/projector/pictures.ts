import { codecs } from '#libs/contracts/codecs.ts'
import { removeImages } from '#libs/images/remove.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { effectManager, type Manager } from '#libs/readmodel/manager.ts'

/** Removes the pictures of a person from the object store once their erasure stands in the journal. */
export const picturesManager = (objects: Pick<ObjectStore, 'list' | 'remove'>): Manager =>
  effectManager({
    name: 'pictures',
    family: 'account',
    codecs: codecs.account,
    types: ['AccountErased'],
    effect: (event) =>
      event.type !== 'AccountErased'
        ? undefined
        : async () => {
            for (const place of ['avatars', 'attachments', 'uploads'])
              await removeImages(objects, `${place}/${event.accountId}`)
          },
  })
