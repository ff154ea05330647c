import type { AddressKeys } from '#libs/addresses/keys.ts'
import type { Sightings } from '#libs/addresses/sightings.ts'
import type { ChannelCommand } from '../commands.ts'

/** How much is banned with an address: itself (of IPv6 its /64), or its whole network (a /24 or /64). */
export type Width = 'address' | 'network'

type Facts = Readonly<Record<string, string>>

/** From where a command comes, as a fact of it: the edge knows the address, the channel only its hashes. */
export const originFact = ({ address, network }: AddressKeys): string => `${address} ${network}`

/** The other way round: what bans of addresses are held against; nothing where the edge does not know. */
export const originOf = ({ address }: Facts): readonly string[] => address?.split(' ') ?? []

/** Whose addresses a command bans, and how much of them; undefined for most. */
export const addressesAsked = (
  command: ChannelCommand,
): { readonly member: string; readonly width: Width } | undefined =>
  command.type === 'BanMember' && command.addresses !== null
    ? { member: command.member, width: command.addresses }
    : undefined

/** Of one member, at most: those that they came from last, and not longer ago. What is older may be others' by now. */
const most = 5
const lately = 30 * 86_400_000

/** What is to be banned of a member, as a fact of the command; none where nothing is known of them. */
export const addressFacts = async (
  { of }: Pick<Sightings, 'of'>,
  { member, width }: { readonly member: string; readonly width: Width },
  now: number,
): Promise<{ readonly addresses?: string }> => {
  const recent = (await of(member)).filter(({ lastSeenAt }) => lastSeenAt > now - lately)
  const keys = [...new Set(recent.map((sighting) => sighting[width]))].slice(0, most)
  return keys.length === 0 ? {} : { addresses: keys.join(' ') }
}

/** The other way round. */
export const addressesOf = ({ addresses }: Facts): readonly string[] => addresses?.split(' ').slice(0, most) ?? []
