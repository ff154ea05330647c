import type { AddressKeys } from '#libs/addresses/keys.ts'
import type { Sightings } from '#libs/addresses/sightings.ts'
import type { ChannelCommand } from '../commands.ts'
import { mostAddresses } from './facts.ts'

/** How much is banned with an address: itself (of IPv6 its /64), or its whole network (a /24 or /64). */
export type Width = 'address' | 'network'

/** From where a command comes, as a fact of it: the edge knows the address, the channel only its hashes. */
export const originFact = ({ address, network }: AddressKeys): string => `${address} ${network}`

/** Whose addresses a command bans, and how much of them; undefined for most. */
export const addressesAsked = (
  command: ChannelCommand,
): { readonly member: string; readonly width: Width } | undefined =>
  command.type === 'BanMember' && command.addresses !== null
    ? { member: command.member, width: command.addresses }
    : undefined

/** What a member came from longer ago may be others' by now. */
const lately = 30 * 86_400_000

/** What is to be banned of a member, as a fact of the command; none where nothing is known of them. */
export const addressFacts = async (
  { of }: Pick<Sightings, 'of'>,
  { member, width }: { readonly member: string; readonly width: Width },
  now: number,
): Promise<{ readonly addresses?: string }> => {
  const recent = (await of(member)).filter(({ lastSeenAt }) => lastSeenAt > now - lately)
  const keys = [...new Set(recent.map((sighting) => sighting[width]))].slice(0, mostAddresses)
  return keys.length === 0 ? {} : { addresses: keys.join(' ') }
}
