import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { ManagedCommand, Manager } from '#libs/journal/manager.ts'
import type { ChannelCommand } from '../commands.ts'

const to = (key: string, command: ChannelCommand): ManagedCommand => {
  const { type, version, bytes } = codecs.channel.encodeCommand(command)
  return { family: 'channel', key, type, version, payload: bytes }
}

/** Has a channel belong together with the others of a group. */
const adopting = (channel: string, ownerId: string, group: readonly string[]): ManagedCommand =>
  to(channel, { type: 'AdoptChannelGroup', ownerId, channels: group.filter((other) => other !== channel) })

/** What goes on in other channels; every other type of event is of no interest, and is not even decoded. */
export const channelsManagerTypes = [
  'BanListChanged',
  'BanListPublished',
  'BanListSubscribed',
  'BanListSubscriberAdded',
  'BanListUnsubscribed',
  'ChannelGroupLeft',
  'ChannelGroupSet',
  'GroupActed',
] as const satisfies readonly ChannelEvent['type'][]

const after = (channel: string, event: Opened<ChannelEvent>): readonly ManagedCommand[] => {
  switch (event.type) {
    case 'BanListSubscribed': {
      const { source } = event
      const ifRejected = to(channel, { type: 'EndBanListSubscription', source })
      return [{ ...to(source, { type: 'AddBanListSubscriber', subscriber: channel }), ifRejected }]
    }
    case 'BanListUnsubscribed':
      return event.cause === 'left' ? [to(event.source, { type: 'RemoveBanListSubscriber', subscriber: channel })] : []
    case 'BanListPublished':
      return event.subscribers.map((each) => to(each, { type: 'EndBanListSubscription', source: channel }))
    case 'BanListSubscriberAdded': {
      const { subscriber, members } = event
      const list = { type: 'ReceiveBanList', source: channel, added: members, removed: [] } as const
      return members.length === 0 ? [] : [to(subscriber, list)]
    }
    case 'BanListChanged': {
      const { added, removed } = event
      return event.subscribers.map((each) => to(each, { type: 'ReceiveBanList', source: channel, added, removed }))
    }
    case 'ChannelGroupSet': {
      const { ownerId, channels, left } = event
      const group = [channel, ...channels]
      return [
        ...channels.map((each) => adopting(each, ownerId, group)),
        ...left.map((each) => adopting(each, ownerId, [])),
      ]
    }
    case 'ChannelGroupLeft': {
      const { ownerId, channels } = event
      return channels.map((each) => adopting(each, ownerId, channels))
    }
    case 'GroupActed': {
      const { channels, type: _, reason, keys, ...act } = event
      const command = { type: 'ApplyGroupAct', source: channel, ...act, reason: reason ?? null, keys } as const
      return channels.map((each) => to(each, command))
    }
    default:
      return []
  }
}

/** Carries what one channel decides to the others that it concerns; each decides by its own state (I17). */
export const channelsManager: Manager<Opened<ChannelEvent>> = {
  name: 'channels',
  family: 'channel',
  types: channelsManagerTypes,
  // The channel speaks without pause, and of this it speaks seldom.
  gatherMs: 100,
  react: ({ key }, events) => events.flatMap((event) => after(key, event)),
}
