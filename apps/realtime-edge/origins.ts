import type { Sightings } from '#libs/addresses/sightings.ts'
import { originFact } from '#libs/channel/address-bans/stamps.ts'
import { createLru } from '#libs/vault/lru.ts'

/** Hashes of addresses are remembered, since whoever talks once talks again. */
const REMEMBERED = 20_000

/** From where a command comes, as a fact of it; undefined where that is no address. */
export const createOrigins = ({ keysOf }: Pick<Sightings, 'keysOf'>): ((address: string) => string | undefined) => {
  const known = createLru<string>(REMEMBERED)
  return (address) => {
    const found = known.get(address)
    if (found !== undefined) return found
    const keys = keysOf(address)
    if (!keys) return undefined
    const fact = originFact(keys)
    known.set(address, fact)
    return fact
  }
}
