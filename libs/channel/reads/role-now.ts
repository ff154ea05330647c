import { mayOnPlatform } from '#libs/access/platform.ts'
import type { Role } from '#libs/access/roles.ts'
import type { Person } from '../edge-view.ts'
import type { ChannelReads, ChannelView } from './views.ts'

/** What somebody is in a channel, as its read model has it now. */
export const roleNow = async (
  reads: Pick<ChannelReads, 'roleOf'>,
  { channelId, ownerId }: Pick<ChannelView, 'channelId' | 'ownerId'>,
  { accountId, platformRole }: Person,
): Promise<Role> => {
  if (mayOnPlatform(platformRole, 'administer_channels')) return 'platform_admin'
  return accountId === ownerId ? 'broadcaster' : ((await reads.roleOf(channelId, accountId)) ?? 'member')
}

/** The same of a channel by its id; nothing where there is none. */
export const readRole =
  (reads: Pick<ChannelReads, 'channel' | 'roleOf'>) =>
  async (channelId: string, person: Person): Promise<Role> => {
    const channel = await reads.channel(channelId)
    return channel ? roleNow(reads, channel, person) : 'none'
  }
