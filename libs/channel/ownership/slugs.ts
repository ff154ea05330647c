import { codecs } from '#libs/contracts/codecs.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { Manager } from '#libs/journal/manager.ts'
import type { ChannelEvent } from '../events.ts'

/** Takes the slug out of use that a channel went by before; it is kept for the channel for a while, and leads to it. */
export const slugsManager: Manager<Opened<ChannelEvent>> = {
  name: 'slugs',
  family: 'channel',
  types: ['ChannelRenamed'],
  gatherMs: 100,
  react: ({ key: holderId }, events) =>
    events.flatMap((event) => {
      if (event.type !== 'ChannelRenamed' || event.previousKey === null || event.previousKey === event.slugKey)
        return []
      const { type, version, bytes } = codecs.account.encodeCommand({ type: 'RetireHandle', holderId })
      return [{ family: 'account' as const, key: event.previousKey, type, version, payload: bytes }]
    }),
}
