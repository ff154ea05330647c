import { type Action, may } from '#libs/access/permissions.ts'
import type { Role } from '#libs/access/roles.ts'
import type { AddressKeys } from '#libs/addresses/keys.ts'
import type { Sightings } from '#libs/addresses/sightings.ts'
import type { ChannelCommand } from '../commands.ts'
import { addressesEachFact, addressesFact, mostAddresses } from './facts.ts'

/** How much is banned with an address: itself (of IPv6 its /64), or its whole network (a /24 or /64). */
export type Width = 'address' | 'network'

/** From where a command comes, as a fact of it: the edge knows the address, the channel only its hashes. */
export const originFact = ({ address, network }: AddressKeys): string => `${address} ${network}`

/** Whose addresses a command bans, and how much of them; undefined for most. `each`: the command is about several. */
export type Asked = {
  readonly members: readonly string[]
  readonly width: Width
  readonly each: boolean
  /** What the sender must be allowed to do. */
  readonly action: Action
}

export const addressesAsked = (command: ChannelCommand): Asked | undefined => {
  switch (command.type) {
    case 'BanMember':
      return asked([command.member], command.addresses, false, 'ban')
    case 'ActInGroup':
      return command.act === 'ban' ? asked([command.member], command.addresses, false, 'ban') : undefined
    case 'ReviewBanList':
      return command.accept ? asked(command.members, command.addresses, true, 'ban') : undefined
    case 'ImportBans':
      return asked(command.members, command.addresses, true, 'import_bans')
    default:
      return undefined
  }
}

const asked = (members: readonly string[], width: Width | null, each: boolean, action: Action): Asked | undefined =>
  width === null ? undefined : { members, width, each, action }

/** What a member came from longer ago may be others' by now. */
const lately = 30 * 86_400_000

const keysOf = async (of: Sightings['of'], member: string, width: Width, now: number): Promise<readonly string[]> => {
  const recent = (await of(member)).filter(({ lastSeenAt }) => lastSeenAt > now - lately)
  return [...new Set(recent.map((sighting) => sighting[width]))].slice(0, mostAddresses)
}

type AddressFacts = {
  readonly addresses?: string
  readonly addressesEach?: string
  readonly addressesUnread?: 'true'
}

/**
 * What is to be banned of members, as facts of the command (none where nothing is known of them), for whom `role` lets do it. For others nothing is looked up: the channel refuses them, and
 * whoever got the right only just.
 */
export const addressFacts = async (
  { of }: Pick<Sightings, 'of'>,
  { members, width, each, action }: Asked,
  role: Role,
  now: number,
): Promise<AddressFacts> => {
  if (!may(role, action)) return { addressesUnread: 'true' }
  const found: { member: string; keys: readonly string[] }[] = []
  // One after another, for they may be a hundred.
  for (const member of members) {
    const keys = await keysOf(of, member, width, now)
    if (keys.length > 0) found.push({ member, keys })
  }
  const [first] = found
  if (!first) return {}
  return each ? addressesEachFact(found) : addressesFact(first.keys)
}
